"""Calendars change while cases run: what moves, what stays as it was published, and whose calendar counts."""

import datetime
from collections.abc import Iterator

import pytest

from applications import actions
from portal.accounts.capacity import VISITOR
from portal.deadlines.calendar import add_local_day, forget
from portal.deadlines.reclock import reclock_place
from portal.jurisdictions.models import Jurisdiction
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
FILED = dossiers.FILED
HOLIDAY = datetime.date(2026, 3, 12)  # a Thursday
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]


@pytest.fixture(autouse=True)
def _calendar() -> Iterator[None]:
    forget()
    yield
    forget()


def day_off(place: Jurisdiction) -> int:
    """Enter a day off of a place and recompute; return how many matters moved."""
    add_local_day(place, HOLIDAY, kind="off", name="三月三", source="×办发〔2026〕1 号")
    forget()
    return reclock_place(place, HOLIDAY, on=FILED)


@pytest.mark.parametrize("level", ["county", "province"])
def test_notice_ends_on_the_day_that_was_published(cast: Cast, level: str) -> None:
    application, notice = dossiers.publicised(cast)
    assert day_off(getattr(cast, level)) == 0
    notice.refresh_from_db()
    assert dossiers.fresh(application).due_on == notice.ends_on == datetime.date(2026, 3, 16)


def test_correction_is_due_together_with_its_case(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    request = actions.return_for_correction(application, items=ITEMS, by=cast.county_caseworker, on=FILED)
    assert request.due_on == datetime.date(2026, 3, 23)
    assert day_off(cast.county) == 1  # the case and the operator's item are one matter
    request.refresh_from_db()
    assert dossiers.fresh(application).due_on == request.due_on == datetime.date(2026, 3, 24)
    assert request.term["on"] == "2026-03-24"


def test_objection_is_answered_by_the_calendar_of_the_bureau_that_published(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    actions.receive_objection(
        notice,
        application=application,
        name="张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符。",
        by=VISITOR,
        on=FILED,
    )
    assert day_off(cast.county) == 0
    item = WorkItem.objects.get(kind="applications.objection")
    assert item.due_on == datetime.date(2026, 3, 16)
    assert day_off(cast.province) == 1
    item.refresh_from_db()
    assert item.due_on == datetime.date(2026, 3, 17)
