"""Two at once, on real connections: the lock decides; without it the same harness shows what would go wrong."""

import datetime
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet

from applications import actions
from applications.models import Application, Submission
from bases.models import Base, Certification
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from portal.documents.letters import take_number
from portal.documents.models import LetterSeries
from portal.errors import DomainError
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at
from tests.factories.people import officer

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TRIALS = 3


@contextmanager
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make every row lock a plain read: the negative control."""
    with monkeypatch.context() as patched:
        patched.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
        yield


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Run the acts on connections of their own, started together; return what each raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as problem:
            raised[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


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
    notice = actions.publish_notice(
        call, applications=[application], contact="0851", by=cast.province_caseworker, on=on
    )
    actions.conclude_notice(notice, by=cast.approver, on=notice.ends_on + datetime.timedelta(days=1))
    return dossiers.fresh(application)


def test_without_the_lock_two_approvals_both_go_past_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's constraints then stop the second one with an error no officer can read: the lock is what helps."""
    cast = _people()
    application = _waiting_for_approval(cast)
    second = officer("第二审批", cast.province.code, Role.APPROVER)
    with without_locks(monkeypatch):
        raised = at_once(_approval(application, cast.approver), _approval(application, second))
    assert not all(each is None or isinstance(each, DomainError) for each in raised)


def _take(numbers: list[int], code: str) -> None:
    base = Base.objects.select_related("jurisdiction").get(slug=code)
    with transaction.atomic():
        numbers.append(take_number(base.jurisdiction, "竞", 2026)[1])


def test_numbers_taken_at_once_are_distinct_and_without_a_gap() -> None:
    cast = _people()
    numbers: list[int] = []
    acts = [lambda: _take(numbers, cast.base.slug)] * 8
    assert at_once(*acts) == [None] * 8
    assert sorted(numbers) == list(range(1, 9))


def test_without_the_lock_numbers_are_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = _people()
    LetterSeries.objects.create(jurisdiction=cast.county, word="竞", year=2026)
    doubled = 0
    with without_locks(monkeypatch):
        for _trial in range(10):
            numbers: list[int] = []
            at_once(*[lambda found=numbers: _take(found, cast.base.slug)] * 8)
            doubled += len(numbers) != len(set(numbers))
    assert doubled
    assert connection.vendor == "postgresql"
