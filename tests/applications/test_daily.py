"""The daily jobs: what fails for one row or one part is told, and stops nothing else."""

import datetime
from typing import Any

import pytest

from applications import tasks
from applications.actions import close_call
from applications.models import Call
from applications.states import CallStatus
from bases.models import Certification
from portal.jobs import PartlyDone
from subsidies.tasks import enter_entitlements
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
AFTER = datetime.date(2026, 5, 1)


def _two_calls(cast: Cast) -> tuple[Call, Call]:
    return dossiers.open_call(cast), dossiers.open_call(cast, reason="补充认定边远县。")


def _failing_for(bad: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def close(call: Call, **values: Any) -> bool:
        if call.pk == bad.pk:
            raise ZeroDivisionError("a bad row")
        return close_call(call, **values)

    monkeypatch.setattr(tasks, "close_call", close)


def test_one_bad_row_does_not_keep_the_others_from_being_closed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _two_calls(cast)
    _failing_for(first, monkeypatch)
    with pytest.raises(PartlyDone, match=f"1 rows failed: {first.pk}; 1 done"):
        tasks.close_calls(AFTER)
    second.refresh_from_db()
    assert second.status == CallStatus.CLOSED


def test_other_parts_of_the_day_are_done_when_one_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second = _two_calls(cast)
    _failing_for(first, monkeypatch)
    done: list[datetime.date] = []
    monkeypatch.setattr(tasks, "conclude_notices", done.append)
    monkeypatch.setattr(tasks, "remind_of_corrections", lambda on: 1 / 0)
    monkeypatch.setattr(tasks, "report_overdue_corrections", done.append)
    monkeypatch.setattr(tasks, "business_today", lambda: AFTER)
    with pytest.raises(PartlyDone, match="1 rows failed.*division by zero"):
        tasks.run_daily()
    assert done == [AFTER, AFTER]


def test_award_that_cannot_be_entered_does_not_hold_back_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    dossiers.approved(cast)
    bad, good = Certification.objects.order_by("pk")
    Certification.objects.update(entitlements_settled=False)

    def enter(certification: Certification, **_values: Any) -> list[object]:
        if certification.pk == bad.pk:
            raise ZeroDivisionError("a bad row")
        return []

    monkeypatch.setattr("subsidies.tasks.record_entitlements", enter)
    with pytest.raises(PartlyDone, match=f"failed: {bad.pk}"):
        enter_entitlements()
    settled = dict(Certification.objects.values_list("pk", "entitlements_settled"))
    assert settled == {bad.pk: False, good.pk: True}
