"""Complaints on the operator's home: how many count, and what is to be signed for before what is years away."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bases.models import Base
from complaints import actions
from portal.accounts.capacity import Capacity
from portal.worklist.items import open_work
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import CONCLUSION, Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def home(story: Story, sign_in: SignIn, time_machine: Any) -> Any:
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1), datetime.UTC), tick=False)
    return sign_in(story.cast.wang).get("/my/")


def test_the_home_says_how_many_complaints_count_and_at_how_many_proceedings_begin(
    story: Story, sign_in: SignIn, time_machine: Any
) -> None:
    story.upheld()
    story.upheld()
    page = home(story, sign_in, time_machine).content.decode()
    band = page[: page.index('id="now"')]
    assert "有效投诉 2 次，满 3 次启动撤销程序。" in band
    assert "GZ-27" in band


def test_a_base_nobody_complained_of_is_told_nothing_of_complaints(
    story: Story, sign_in: SignIn, time_machine: Any
) -> None:
    assert "有效投诉" not in home(story, sign_in, time_machine).content.decode()


def test_what_waits_to_be_signed_stands_before_what_is_due_in_years(
    story: Story, sign_in: SignIn, time_machine: Any
) -> None:
    _finding_to_sign(story)
    _dated_work(story.base, story)
    lines = home(story, sign_in, time_machine).context["agenda"]
    names = [line.name for line in lines]
    assert names[0] == "签收投诉核实结果"
    assert lines[0].on is None
    assert names.index("复评") > 0


def _finding_to_sign(story: Story) -> None:
    complaint = story.verifying()
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion=CONCLUSION,
        by=story.cast.city_caseworker,
        on=story.on,
    )


def _dated_work(base: Base, story: Story) -> None:
    """Put something with a day before the operator, so that the finding is not the first thing of all."""
    item = open_work(
        base,
        "complaints.answer",
        task="答复",
        title=base.name,
        url="/my/",
        operator_id=base.operator_id,
        by=story.cast.county_caseworker,
        on=story.on,
    )
    WorkItem.objects.filter(pk=item.pk).update(due_on=story.on)
