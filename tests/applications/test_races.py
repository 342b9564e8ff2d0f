"""Two at once, on real connections: the lock decides; without it the same harness shows what would go wrong."""

import datetime
from collections.abc import Callable

import pytest

from applications import actions
from applications.actions import consenting, decision, filing, notice
from applications.models import Application, Call, CorrectionRequest, Publication, PublicNotice, Submission
from applications.states import ApplicationStatus, CallStatus
from bases.models import Certification
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from portal.errors import DomainError
from tests.factories import dossiers, register, titles
from tests.factories.cast import Cast, cast_at
from tests.factories.people import officer
from tests.factories.races import TRIALS, at_once, both_past, without_locks

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _people() -> Cast:
    return cast_at("520103")


def test_of_two_submissions_at_once_one_is_kept() -> None:
    for _trial in range(TRIALS):
        cast = _people()
        application = dossiers.draft(cast, dossiers.open_call(cast, reason="并发演练"))
        moment = dossiers.moment(dossiers.FILED)

        def submit(application: Application = application, cast: Cast = cast, at: datetime.datetime = moment) -> None:
            actions.submit_application(application, by=cast.wang, at=at, declared=True)

        raised = at_once(submit, submit)
        assert sorted(type(each).__name__ for each in raised) == ["NoneType", "StatusMoved"]
        assert Submission.objects.filter(application=application).count() == 1


def test_of_two_approvals_at_once_one_certifies() -> None:
    for _trial in range(TRIALS):
        cast = _people()
        application = _waiting_for_approval(cast)
        second = officer("第二审批", cast.province.code, Role.APPROVER)
        raised = at_once(_approval(application, cast.approver), _approval(application, second))
        assert sum(each is None for each in raised) == 1
        assert all(each is None or isinstance(each, DomainError) for each in raised)
        assert Certification.objects.filter(base=cast.base, title="provincial").count() == 1


def _approval(application: Application, by: Capacity) -> Callable[[], object]:
    day = datetime.date(2026, 3, 18)
    return lambda: actions.approve_application(application, reason="符合认定条件。", by=by, on=day)


def _waiting_for_approval(cast: Cast) -> Application:
    call = dossiers.open_call(cast, reason="并发演练")
    application = dossiers.draft(cast, call)
    on = dossiers.FILED
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(on), declared=True)
    actions.give_opinion(application, verdict="for", text="同意", by=cast.county_caseworker, on=on)
    actions.give_opinion(application, verdict="for", text="同意", by=cast.city_caseworker, on=on)
    dossiers.visit(application, cast, on)
    actions.give_opinion(application, verdict="for", text="同意", by=cast.province_caseworker, on=on)
    published = actions.publish_notice(
        call, applications=[application], contact="0851", by=cast.province_caseworker, on=on
    )
    actions.conclude_notice(published, by=cast.approver, on=published.ends_on + datetime.timedelta(days=1))
    return dossiers.fresh(application)


def test_of_two_lists_at_once_only_one_fits_the_quota() -> None:
    for _trial in range(TRIALS):
        cast = _people()
        call = dossiers.open_call(cast, reason="并发演练", quota=1)
        raised = at_once(*(_list_of_one(call, cast) for _n in range(2)))
        assert sorted(type(each).__name__ for each in raised) == ["DomainError", "NoneType"]
        assert PublicNotice.objects.filter(call=call).count() == 1


def _list_of_one(call: Call, cast: Cast) -> Callable[[], object]:
    """Return the publication of a list with a base of its own on it."""
    on = dossiers.FILED
    earlier = titles.published_notice(call, register.base(cast.county.code, run_by=cast.operator), on=on)
    (application,) = earlier.applications.all()
    Publication.objects.filter(notice=earlier).delete()
    Application.objects.filter(pk=application.pk).update(status=ApplicationStatus.PUBLIC_NOTICE, notice=None)
    earlier.delete()
    return lambda: actions.publish_notice(
        call, applications=[application], contact="0851", by=cast.province_caseworker, on=on
    )


def test_nothing_is_filed_under_a_call_that_was_withdrawn_meanwhile() -> None:
    for _trial in range(TRIALS):
        cast = _people()
        call = dossiers.open_call(cast, reason="并发演练")
        application = dossiers.draft(cast, call)
        moment = dossiers.moment(dossiers.FILED)

        def submit(application: Application = application, cast: Cast = cast, at: datetime.datetime = moment) -> None:
            actions.submit_application(application, by=cast.wang, at=at, declared=True)

        def withdraw(call: Call = call, cast: Cast = cast) -> None:
            actions.withdraw_call(call, reason="文件有误。", by=cast.approver, on=dossiers.FILED)

        raised = at_once(submit, withdraw)
        assert sorted(type(each).__name__ for each in raised) == ["DomainError", "NoneType"]
        call.refresh_from_db()
        filed = Submission.objects.filter(application=application).exists()
        assert (call.status, filed) in {(CallStatus.WITHDRAWN, False), (CallStatus.PUBLISHED, True)}


def test_of_two_consents_at_once_one_letter_goes_out() -> None:
    for _trial in range(TRIALS):
        cast = _people()
        consent = _consent(cast)
        raised = at_once(consent, consent)
        assert sorted(type(each).__name__ for each in raised) == ["NoneType", "StatusMoved"]
        assert CorrectionRequest.objects.filter(application__base=cast.base).count() == 2


def test_without_the_lock_two_consents_are_both_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison of the status then refuses the second one, without the word of who was first."""
    cast = _people()
    both = both_past(monkeypatch, consenting, "_require_approver")
    consent = _consent(cast)
    with without_locks(monkeypatch):
        raised = at_once(consent, consent)
    assert both.passed == 2
    assert sorted(type(each).__name__ for each in raised) == ["NoneType", "StatusMoved"]
    assert "办过了" not in str(next(each for each in raised if each is not None))


def _consent(cast: Cast) -> Callable[[], object]:
    """Return the consent to a further list of a case that came back to the county's desk."""
    application = dossiers.draft(cast, dossiers.open_call(cast, reason="并发演练"))
    on, at = dossiers.FILED, dossiers.moment(dossiers.FILED)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    replies = {"premises.incubation_area": "按合同附图核对，面积无误。"}
    actions.submit_application(application, by=cast.wang, at=at, declared=True)
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=on)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=replies)
    head = officer("县审批", cast.county.code, Role.APPROVER)
    proposal = actions.propose_correction(
        application, items=items, because="上次未见附图。", asked_of=head.person, by=cast.county_caseworker, on=on
    )
    return lambda: actions.agree_to_correction(proposal, by=head, on=on)


def test_without_the_lock_two_submissions_are_both_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's constraints then undo the second one with an error that no operator can read."""
    cast = _people()
    application = dossiers.draft(cast, dossiers.open_call(cast, reason="并发演练"))
    moment = dossiers.moment(dossiers.FILED)
    both = both_past(monkeypatch, filing, "snapshot")

    def submit() -> None:
        actions.submit_application(application, by=cast.wang, at=moment, declared=True)

    with without_locks(monkeypatch):
        raised = at_once(submit, submit)
    assert both.passed == 2
    assert sorted(type(each).__name__ for each in raised) == ["IntegrityError", "NoneType"]


def test_without_the_lock_two_approvals_are_both_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's constraints then undo the second one with an error that no officer can read."""
    cast = _people()
    application = _waiting_for_approval(cast)
    second = officer("第二审批", cast.province.code, Role.APPROVER)
    both = both_past(monkeypatch, decision, "_decide")
    with without_locks(monkeypatch):
        raised = at_once(_approval(application, cast.approver), _approval(application, second))
    assert both.passed == 2
    assert sorted(type(each).__name__ for each in raised) == ["IntegrityError", "NoneType"]


def test_without_the_lock_two_lists_overrun_the_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = _people()
    call = dossiers.open_call(cast, reason="并发演练", quota=1)
    lists = [_list_of_one(call, cast) for _n in range(2)]
    both = both_past(monkeypatch, notice, "notice_term")
    with without_locks(monkeypatch):
        raised = at_once(*lists)
    assert both.passed == 2
    assert raised == [None, None]
    assert PublicNotice.objects.filter(call=call).count() == 2
