"""Two at once upon one revocation, and a ban that falls while its operator is being certified with another base."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from bases import actions
from bases.actions import certifying, revoking
from bases.models import Ban, Base, Certification, Revocation
from bases.states import RevocationStatus as R
from bases.states import Standing
from complaints.actions import confirm_finding, open_what_is_met
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.errors import DomainError
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.people import officer
from tests.factories.races import TRIALS, at_once, both_past, names, without_any_guard, without_locks
from tests.factories.register import base as make_base

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
REASON = "三次有效投诉，事实清楚，证据充分。"


@pytest.fixture(autouse=True)
def _quick_papers(settings: Any) -> None:
    settings.LETTER_WRITER = "tests.factories.races.blank_paper"


def story() -> Story:
    return Story(cast_at("520103"))


def deciding(revocation: Revocation, by: Capacity, on: datetime.date) -> Callable[[], object]:
    seen = revocation.revision
    return lambda: actions.decide_to_revoke(revocation, reason=REASON, by=by, on=on, seen=seen)


def closing(revocation: Revocation, by: Capacity, on: datetime.date) -> Callable[[], object]:
    because, seen = "其中一件事实存疑，决定不予撤销。", revocation.revision
    return lambda: actions.close_revocation(revocation, because=because, by=by, on=on, seen=seen)


def two_deciders(told: Story) -> tuple[Revocation, Capacity, Capacity]:
    revocation = told.weighed()
    return revocation, told.decider, officer("韩省批", told.cast.province.code, Role.APPROVER)


def decisions(revocation: Revocation) -> int:
    return Letter.objects.filter(subject_id=str(revocation.pk), kind="revocation.decision").count()


def test_of_two_officials_who_decide_the_same_proceedings_one_decides() -> None:
    for _trial in range(TRIALS):
        told = story()
        revocation, first, second = two_deciders(told)
        raised = at_once(*(deciding(revocation, by, told.on) for by in (first, second)))
        assert names(raised) == ["NoneType", "StatusMoved"]
        assert decisions(revocation) == 1
        assert Revocation.objects.get(pk=revocation.pk).status == R.DECIDED


def test_deciding_against_closing_ends_in_one_of_the_two() -> None:
    for _trial in range(TRIALS):
        told = story()
        revocation, first, second = two_deciders(told)
        raised = at_once(deciding(revocation, first, told.on), closing(revocation, second, told.on))
        assert names(raised) == ["NoneType", "StatusMoved"]
        status = Revocation.objects.get(pk=revocation.pk).status
        assert (status, decisions(revocation)) in {(R.DECIDED, 1), (R.CLOSED, 0)}


def test_a_paper_signed_for_and_recorded_as_served_at_once_is_served_once() -> None:
    for _trial in range(TRIALS):
        told = story()
        revocation = told.decided()
        sign = signing(told, revocation)
        raised = at_once(sign, sign)
        assert names(raised) == ["DomainError", "NoneType"]
        assert Ban.objects.filter(base=told.base).count() == 1


def signing(told: Story, revocation: Revocation) -> Callable[[], object]:
    return lambda: actions.sign_for_paper(revocation, by=told.cast.wang, on=told.on)


# --- a decision against the operator's new application ---


def recognising(told: Story, another: Base) -> Callable[[], object]:
    """Return the approval of an application that the same operator made with another base."""
    return lambda: actions.recognise_base(
        another,
        title="provincial",
        policy="guizhou-2022",
        recogniser=told.cast.province,
        by=told.cast.approver,
        on=told.on,
    )


def in_order(verb: str) -> int:
    """Return when it happened: the place in the chain of the trail."""
    return AuditEvent.objects.filter(verb=verb).latest("seq").seq


def test_a_decision_served_against_the_operators_new_title_comes_wholly_before_or_after() -> None:
    for _trial in range(TRIALS):
        told = story()
        revocation = told.decided()
        another = make_base("520103", run_by=told.cast.operator, name="换个名字创业园")
        raised = at_once(signing(told, revocation), recognising(told, another))
        assert raised[0] is None
        granted = Certification.objects.filter(base=another).exists()
        assert granted is (raised[1] is None)
        assert granted or isinstance(raised[1], DomainError)
        if granted:
            assert in_order("base.recognised") < in_order("base.revoked")


class Interruption:
    """Does something when an approval has read the register and not yet written, and waits a while for its end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], wait: float) -> None:
        self.act, self.wait, self.enter = act, wait, certifying._enter
        self.done, self.ahead = threading.Event(), False
        self.thread = threading.Thread(target=self.run)
        monkeypatch.setattr(certifying, "_enter", self.entering)

    def run(self) -> None:
        try:
            self.act()
            self.done.set()
        finally:
            connections.close_all()

    def entering(self, *args: Any, **kwargs: Any) -> Certification:
        self.thread.start()
        self.ahead = self.done.wait(self.wait)
        return self.enter(*args, **kwargs)


def test_a_ban_waits_until_an_approval_that_has_begun_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    told = story()
    revocation = told.decided()
    another = make_base("520103", run_by=told.cast.operator, name="换个名字创业园")
    with monkeypatch.context() as patched:
        ban = Interruption(patched, signing(told, revocation), wait=0.5)
        recognising(told, another)()
        ban.thread.join(30)
    assert (ban.ahead, ban.done.is_set()) == (False, True)
    assert in_order("base.recognised") < in_order("base.revoked")


def test_without_the_lock_a_title_is_granted_to_an_operator_already_barred(monkeypatch: pytest.MonkeyPatch) -> None:
    for _trial in range(TRIALS):
        told = story()
        revocation = told.decided()
        another = make_base("520103", run_by=told.cast.operator, name="换个名字创业园")
        with monkeypatch.context() as patched, without_locks(patched):
            ban = Interruption(patched, signing(told, revocation), wait=30)
            recognising(told, another)()
            ban.thread.join(30)
        assert ban.ahead
        assert Certification.objects.get(base=another).status == Standing.CERTIFIED
        assert in_order("base.revoked") < in_order("base.recognised")


# --- the same without the lock ---


def test_without_the_lock_two_officials_both_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is stopped, if at all, by the database, with an error that no officer can read."""
    for _trial in range(TRIALS):
        told = story()
        revocation, first, second = two_deciders(told)
        with monkeypatch.context() as patched, without_any_guard(patched):
            both = both_past(patched, revoking, "decide_revocation")
            raised = at_once(*(deciding(revocation, by, told.on) for by in (first, second)))
        assert both.passed == 2
        assert not any(isinstance(each, DomainError) for each in raised)
        assert decisions(revocation) == 2 or "IntegrityError" in names(raised)


# --- acts that want each other's rows wait, and none is thrown out by the database ---


def test_the_job_that_opens_a_case_and_the_third_confirmation_elsewhere_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One takes a number and then writes to the trail, the other has written to it and then takes a number."""
    ready, third = ready_to_open(), story()
    third.upheld()
    third.upheld()
    last = third.confirmable()
    at_the_number, take = threading.Event(), revoking.take_number

    def taking(*args: Any) -> Any:
        if threading.current_thread().name == "confirming":
            at_the_number.set()
        taken = take(*args)
        at_the_number.wait(0.5)
        return taken

    def confirm() -> None:
        threading.current_thread().name = "confirming"
        confirm_finding(last, by=third.cast.city_approver, on=third.on)

    monkeypatch.setattr(revoking, "take_number", taking)
    raised = at_once(lambda: open_what_is_met(ready.base, by=SYSTEM, on=ready.on), confirm)
    assert raised == [None, None]
    assert Revocation.objects.running().count() == 2


def ready_to_open() -> Story:
    """Return a base with three upheld complaints and nothing opened."""
    told = story()
    opened = told.opened()
    WorkItem.objects.filter(subject_id=str(opened.pk)).delete()
    opened.verified_by.clear()
    opened.delete()
    return told


def test_a_complaint_comes_in_while_another_about_the_base_is_being_confirmed() -> None:
    for _trial in range(TRIALS):
        told = story()
        complaint = told.confirmable()
        by = told.cast.city_approver
        raised = at_once(
            lambda told=told, complaint=complaint, by=by: confirm_finding(complaint, by=by, on=told.on), told.received
        )
        assert raised == [None, None]
