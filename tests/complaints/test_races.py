"""Two at once upon one base: what counts is decided one after the other (GZ-27); without the lock it goes wrong."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bases.models import Revocation
from bases.states import RUNNING, RevocationStatus
from complaints import actions
from complaints.actions import confirming, opening
from complaints.models import Complaint, count_of
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import SYSTEM
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.races import TRIALS, at_once, both_know, both_past, names, without_any_guard

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _quick_papers(settings: Any) -> None:
    settings.LETTER_WRITER = "tests.factories.races.blank_paper"


def waiting(upheld: int, confirmable: int) -> tuple[Story, list[Complaint]]:
    """Return a base with so many upheld complaints, and so many whose finding may be confirmed today."""
    story = Story(cast_at("520103"))
    for _number in range(upheld):
        story.upheld()
    found = [story.found() for _number in range(confirmable)]
    story.later(6)
    return story, [story.fresh(each) for each in found]


def confirming_of(story: Story, complaint: Complaint) -> Callable[[], object]:
    """Return the act of an officer who has the complaint on screen as it stands now."""
    seen = complaint.revision
    return lambda: actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on, seen=seen)


def number(story: Story) -> int:
    count = count_of(story.base, story.on)
    assert count is not None
    return count.number


def proceedings(story: Story) -> list[str]:
    return list(Revocation.objects.filter(base=story.base).order_by("pk").values_list("status", flat=True))


def same_second(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.datetime(2026, 4, 1, 9, 0, 0, tzinfo=datetime.UTC)
    monkeypatch.setattr(confirming, "timezone", SimpleNamespace(localtime=lambda: moment))


def test_third_and_fourth_confirmed_in_the_same_second_count_as_two_and_open_one_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    same_second(monkeypatch)
    for _trial in range(TRIALS):
        story, found = waiting(upheld=2, confirmable=2)
        assert at_once(*(confirming_of(story, each) for each in found)) == [None, None]
        assert number(story) == 4
        assert proceedings(story) == [RevocationStatus.OPENED]


def test_second_and_third_confirmed_at_once_meet_the_ground_together() -> None:
    for _trial in range(TRIALS):
        story, found = waiting(upheld=1, confirmable=2)
        assert at_once(*(confirming_of(story, each) for each in found)) == [None, None]
        assert number(story) == 3
        assert proceedings(story) == [RevocationStatus.OPENED]


def test_the_same_complaint_confirmed_twice_at_once_is_confirmed_once() -> None:
    for _trial in range(TRIALS):
        story, (complaint,) = waiting(upheld=0, confirmable=1)
        act = confirming_of(story, complaint)
        raised = at_once(act, act)
        assert names(raised) == ["NoneType", "StatusMoved"]
        assert number(story) == 1
        assert results_of(complaint) == 1


def results_of(complaint: Complaint) -> int:
    """Return how many letters told the complainant the result."""
    return complaint.letters.filter(letter__kind="complaint.result", to_complainant=True).count()


def test_confirming_against_overturning_leaves_two_and_no_case() -> None:
    for _trial in range(TRIALS):
        story, (third,) = waiting(upheld=2, confirmable=1)
        raised = at_once(confirming_of(story, third), overturning(story))
        assert raised == [None, None]
        assert number(story) == 2
        assert proceedings(story) in ([], [RevocationStatus.LAPSED])


def overturning(story: Story) -> Callable[[], object]:
    first = Complaint.objects.filter(base=story.base, status=S.UPHELD).earliest("pk")
    because = "复核认为事实不清，凭证与本基地无关。"
    return lambda: actions.overturn_finding(first, because=because, by=story.cast.approver, on=story.on)


def test_the_daily_job_and_the_third_confirmation_at_once_open_one_case() -> None:
    for _trial in range(TRIALS):
        story, (third,) = waiting(upheld=2, confirmable=1)
        assert at_once(confirming_of(story, third), job_on(story)) == [None, None]
        assert proceedings(story) == [RevocationStatus.OPENED]


def job_on(story: Story) -> Callable[[], object]:
    return lambda: opening.open_what_is_met(story.base, by=SYSTEM, on=story.on)


# --- the same without the lock ---


def test_without_the_lock_the_third_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each counts two: three are upheld and nobody opens a case."""
    for _trial in range(TRIALS):
        story, found = waiting(upheld=1, confirmable=2)
        with monkeypatch.context() as patched, without_any_guard(patched):
            both = both_know(patched, opening, "count_of")
            assert at_once(*(confirming_of(story, each) for each in found)) == [None, None]
        assert both.passed == 2
        assert (number(story), proceedings(story)) == (3, [])


def test_without_the_lock_the_fourth_opens_a_second_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses the second case with an error that no officer can read, and the fourth is not confirmed."""
    for _trial in range(TRIALS):
        story, found = waiting(upheld=2, confirmable=2)
        with monkeypatch.context() as patched, without_any_guard(patched):
            both = both_past(patched, opening, "open_revocation")
            raised = at_once(*(confirming_of(story, each) for each in found))
        assert both.passed == 2
        assert names(raised) == ["IntegrityError", "NoneType"]
        assert number(story) == 3


def test_without_the_lock_the_same_complaint_is_confirmed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    for _trial in range(TRIALS):
        story, (complaint,) = waiting(upheld=0, confirmable=1)
        act = confirming_of(story, complaint)
        with monkeypatch.context() as patched, without_any_guard(patched):
            both = both_past(patched, confirming, "require_settled")
            raised = at_once(act, act)
        assert (both.passed, raised) == (2, [None, None])
        assert results_of(complaint) == 2


def test_without_the_lock_a_case_stands_on_an_overturned_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    for _trial in range(TRIALS):
        story, (third,) = waiting(upheld=2, confirmable=1)
        with monkeypatch.context() as patched, without_any_guard(patched):
            both = both_know(patched, opening, "count_of")
            raised = at_once(confirming_of(story, third), overturning(story))
        assert (both.passed, raised) == (2, [None, None])
        assert number(story) == 2
        assert [status in RUNNING for status in proceedings(story)] == [True]
