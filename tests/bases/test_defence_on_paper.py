"""A defence on paper counts from the day on which the bureau received it, not from the day it was entered."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from bases import actions
from bases.models import Defence, Revocation
from portal.accounts.capacity import Capacity
from portal.errors import InvalidInput
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
SAID = "其中一件票据与本基地无关。"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture(autouse=True)
def _today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    for module in ("revocations", "revoking"):
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


def test_a_defence_on_paper_received_in_time_and_entered_later_has_its_hearing(story: Story, sign_in: SignIn) -> None:
    revocation = story.in_defence()
    served, last = story.on, story.later(5)
    story.later(2)
    page = sign_in(story.cast.province_caseworker)
    address = f"/desk/revocations/{revocation.pk}/defence/"
    assert "收到日期" in page.get(address).content.decode()
    sent = {"statement": SAID, "asks_hearing": "on", "filed_on": f"{last}"}
    assert page.post(address, sent).status_code == 302
    filed = Defence.objects.get(revocation=revocation)
    assert (filed.filed_on, filed.entered, served < last < story.on) == (last, True, True)
    case = page.get(f"/desk/revocations/{revocation.pk}/").content.decode()
    assert "（逾期提交）" not in case
    waiting = WorkItem.objects.waiting().filter(subject_id=str(revocation.pk), kind="bases.revocation_hearing")
    assert waiting.count() == 1


def test_no_defence_was_received_before_the_notice_was_served_or_after_today(story: Story) -> None:
    revocation, by = story.in_defence(), story.cast.province_caseworker
    for day in (story.on - datetime.timedelta(days=1), story.on + datetime.timedelta(days=1)):
        with pytest.raises(InvalidInput) as refused:
            actions.file_defence(revocation, statement=SAID, by=by, on=story.on, filed_on=day)
        assert f"收到日期 {day}" in refused.value.problems["filed_on"]


def test_what_the_holder_files_itself_is_filed_today(story: Story) -> None:
    revocation = Revocation.objects.get(pk=story.in_defence().pk)
    served, today = story.on, story.later(2)
    filed = actions.file_defence(revocation, statement=SAID, by=story.cast.wang, on=today, filed_on=served)
    assert filed.filed_on == today
