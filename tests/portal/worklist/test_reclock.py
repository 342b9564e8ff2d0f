"""When the official calendar is loaded, due dates that leaned on the estimate move, on record."""

from collections.abc import Iterator
from datetime import date

import pytest

from portal.audit.models import AuditEvent
from portal.deadlines.calendar import calendar_for, forget
from portal.deadlines.holidays import HOLIDAYS, HolidayRow, read_holidays
from portal.deadlines.reclock import load_and_reclock
from portal.deadlines.terms import due
from portal.worklist.items import open_work
from portal.worklist.models import WorkItem
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
FILED = date(2027, 2, 4)


@pytest.fixture(autouse=True)
def _only_the_worklist(settings) -> Iterator[None]:
    settings.RECLOCKS = ["portal.worklist.reclock.reclock"]
    forget()
    yield
    forget()


@pytest.fixture
def guizhou() -> Cast:
    return cast_at("520103")


def official_2027(extra: date) -> list[HolidayRow]:
    """The published year: as estimated, and one day off more."""
    rows = [row for row in read_holidays(HOLIDAYS) if row.date.year == 2027]
    published = [HolidayRow(r.date, r.kind, r.name, "official", "国办通知") for r in rows]
    return [*published, HolidayRow(extra, "off", "春节", "official", "国办通知")]


def work(cast: Cast, kind: str, start: date) -> WorkItem:
    limit = due(start, 5, "workday", calendar_for(cast.county))
    where = {"desk": cast.county, "permission": "p", "url": "/", "task": "核对", "title": cast.base.name}
    return open_work(cast.base, kind, by=cast.county_caseworker, on=start, due=limit, **where)


def test_a_due_date_of_an_estimated_year_moves_with_the_published_one(guizhou: Cast) -> None:
    item = work(guizhou, "provisional", FILED)
    settled = work(guizhou, "settled", date(2026, 3, 2))
    assert item.due_on == date(2027, 2, 17)
    assert load_and_reclock(official_2027(date(2027, 2, 12)), on=FILED) == ((2027,), 1)
    item.refresh_from_db()
    assert (item.due_on, item.due["provisional"]) == (date(2027, 2, 18), False)
    event = AuditEvent.objects.get(verb="worklist.reclocked")
    assert (event.subject_id, event.actor_label) == (str(item.pk), "系统")
    assert event.facts["before"] == "2027-02-17"
    assert event.facts["after"] == "2027-02-18"
    settled.refresh_from_db()
    assert settled.due_on == date(2026, 3, 9)


def test_a_date_that_stays_is_settled_without_a_line_in_the_trail(guizhou: Cast) -> None:
    item = work(guizhou, "provisional", date(2027, 3, 1))
    assert load_and_reclock(official_2027(date(2027, 10, 6)), on=FILED) == ((2027,), 0)
    item.refresh_from_db()
    assert (item.due_on, item.due["provisional"]) == (date(2027, 3, 8), False)
    assert not AuditEvent.objects.filter(verb="worklist.reclocked").exists()


def test_loading_twice_changes_nothing_more(guizhou: Cast) -> None:
    work(guizhou, "provisional", FILED)
    load_and_reclock(official_2027(date(2027, 2, 12)), on=FILED)
    assert load_and_reclock(official_2027(date(2027, 2, 12)), on=FILED) == ((), 0)
