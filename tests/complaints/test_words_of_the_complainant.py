"""The complainant's own words on officers' pages: for the bureaus of the line of the base alone."""

import re
import time
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.models import Complaint, FindingObjection
from portal.accounts.capacity import VISITOR, Capacity
from portal.jurisdictions.models import NATION
from tests.factories.cast import Cast
from tests.factories.complaints import SUMMARY, TOLD, Story
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
WORDS = "结论漏了去年十月的收据，我手里有原件，请再看一次。"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def page(client: Client, name: str, *arguments: object) -> str:
    answer = client.get(reverse(f"complaints:{name}", args=arguments))
    assert answer.status_code == 200, name
    return answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["same_fact", "finding"])
def test_words_are_for_the_bureaus_of_the_line_of_the_base(
    story: Story, cast: Cast, sign_in: SignIn, name: str
) -> None:
    complaint = story.verifying()
    assert TOLD in page(sign_in(cast.city_caseworker), name, complaint.pk)
    above = page(sign_in(officer("国家办", NATION)), name, complaint.pk)
    assert TOLD not in above
    assert "原话只有办理人员能看" in above


def test_earlier_complaints_are_told_by_their_summary_alone_to_who_may_not_read_the_words(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    story.received(told="更早的一件只有原话，还没有写出情况摘要。")
    story.verifying()
    complaint = story.verifying()
    near, above = (
        page(sign_in(by), "same_fact", complaint.pk) for by in (cast.city_caseworker, officer("国家办", NATION))
    )
    for words in (SUMMARY, "更早的一件只有原话"):
        assert words in near
    assert SUMMARY in above
    assert "更早的一件只有原话" not in above


def test_objection_of_the_complainant_is_for_those_who_may_read_the_words_and_that_of_the_base_for_all(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    complaint = story.found()
    actions.object_to_finding(complaint, text=WORDS, by=VISITOR, on=story.on)
    actions.object_to_finding(complaint, text="合同写明以书面申请为条件。", by=cast.wang, on=story.on)
    own, of_the_base = FindingObjection.objects.order_by("pk")
    above = sign_in(officer("国家办", NATION))
    assert WORDS in page(sign_in(cast.city_caseworker), "answer_objection", own.pk)
    assert WORDS not in page(above, "answer_objection", own.pk)
    assert "合同写明以书面申请为条件。" in page(above, "answer_objection", of_the_base.pk)


def test_case_says_on_which_day_the_words_were_deleted(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.received().complaint
    Complaint.objects.filter(pk=complaint.pk).update(purged_on=date(2029, 7, 2), told=actions.PURGED)
    shown = page(sign_in(cast.county_caseworker), "case", complaint.pk)
    assert re.search("保存期满，2029.{1,6}7.{1,3}2.{0,2} 删除", shown)
    assert actions.PURGED not in shown


def test_time_of_an_event_is_that_of_the_place_whatever_zone_the_process_has(
    story: Story, cast: Cast, sign_in: SignIn, monkeypatch, time_machine
) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)
    complaint = story.received().complaint
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        shown = page(sign_in(cast.county_caseworker), "case", complaint.pk)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "01:30" in shown
