"""An overturned finding (推翻): both sides learn of it, and the page says on which day it fell, not when it stood."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions
from portal.accounts.capacity import Capacity
from portal.notifications.models import Notification
from tests.complaints.test_progress import CASE, found, holding, on, text
from tests.factories.cast import Cast
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
WRONG = "上级复查发现票据与投诉无关。"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def test_overturned_finding_stands_under_the_day_on_which_it_was_overturned(
    story: Story, sign_in: SignIn, time_machine: Any
) -> None:
    complaint = story.upheld()
    decided, overturned = story.on, story.later(5)
    actions.overturn_finding(complaint, because=WRONG, by=story.cast.approver, on=overturned)
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)
    answer = sign_in(story.cast.city_caseworker).get(reverse("complaints:case", args=[complaint.pk]))
    facts = {str(fact.term): str(fact.value) for fact in answer.context["facts"]}
    assert (facts["确认日期"], facts["推翻日期"]) == (f"{decided}", f"{overturned}")
    assert "办结日期" not in facts
    page = answer.content.decode()
    heading = page[page.index('id="h-now">') :].split("</h2>", 1)[0]
    assert f"{overturned}" in heading
    assert f"{decided}" not in heading


def test_base_is_told_that_a_finding_against_it_was_overturned(story: Story, sign_in: SignIn) -> None:
    complaint = story.upheld()
    actions.overturn_finding(complaint, because=WRONG, by=story.cast.approver, on=story.on)
    told = Notification.objects.get(kind="complaint.overturned")
    assert told.recipient == story.cast.wang.user
    assert "不再计入有效投诉" in told.body
    assert sign_in(story.cast.wang).get(told.url).status_code == 200


def test_complainant_reads_on_the_progress_page_why_the_finding_was_overturned(story: Story) -> None:
    receipt = found(story, "true")
    story.later(6)
    complaint = actions.confirm_finding(story.fresh(receipt.complaint), by=story.cast.city_approver, on=story.on)
    actions.overturn_finding(complaint, because=WRONG, by=story.cast.approver, on=story.on)
    with on(story.on):
        page = text(holding(receipt).get(CASE))
    assert WRONG in page


def test_who_may_not_overturn_is_told_whose_it_is_and_can_open_the_page(story: Story, sign_in: SignIn) -> None:
    story.in_defence()
    told = Notification.objects.filter(kind="complaint.recorded", recipient=story.cast.province_caseworker.user)
    note = told.order_by("pk").last()
    assert note is not None
    assert "由审批岗推翻" in note.body
    assert note.body.count("TS-") == 1
    first = story.base.complaints.order_by("pk")[0]
    actions.overturn_finding(first, because=WRONG, by=story.cast.approver, on=story.on)
    lost = Notification.objects.get(kind="complaint.basis_overturned", recipient=story.cast.province_caseworker.user)
    for message in (note, lost):
        assert sign_in(story.cast.province_caseworker).get(message.url).status_code == 200
