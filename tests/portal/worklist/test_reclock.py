"""When a calendar is loaded, due dates that leaned on the estimate or run over a changed day move, on record."""

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


def test_a_day_off_added_to_an_official_year_moves_what_runs_over_it_by_a_working_day_and_not_what_is_over(
    guizhou: Cast,
) -> None:
    running = work(guizhou, "running", date(2026, 3, 9))
    over = work(guizhou, "over", date(2026, 3, 2))
    later = work(guizhou, "later", date(2026, 3, 12))
    added = [HolidayRow(date(2026, 3, 12), "off", "纪念日", "official", "国办补充通知")]
    assert load_and_reclock(added, on=date(2026, 3, 10)) == ((2026,), 1)
    for item in (running, over, later):
        item.refresh_from_db()
    assert running.due_on == date(2026, 3, 17)
    assert "3月12日纪念日放假" in running.due["sum"]
    assert (over.due_on, later.due_on) == (date(2026, 3, 9), date(2026, 3, 19))
    event = AuditEvent.objects.get(verb="worklist.reclocked")
    assert (event.facts["before"], event.facts["after"]) == ("2026-03-16", "2026-03-17")


def test_a_deadline_that_was_over_stays_though_the_day_added_lies_within_its_term(guizhou: Cast) -> None:
    over = work(guizhou, "over", date(2026, 3, 2))
    added = [HolidayRow(date(2026, 3, 5), "off", "纪念日", "official", "国办补充通知")]
    assert load_and_reclock(added, on=date(2026, 3, 10)) == ((2026,), 0)
    over.refresh_from_db()
    assert over.due_on == date(2026, 3, 9)


def test_an_official_year_given_whole_again_moves_the_terms_over_the_days_it_changes(guizhou: Cast) -> None:
    running = work(guizhou, "running", date(2026, 9, 28))
    before = running.due_on
    rows = [row for row in read_holidays(HOLIDAYS) if row.date.year == 2026]
    moved = [HolidayRow(date(2026, 10, 8), "off", "国庆节", "official", "国办更正通知")]
    assert load_and_reclock([*rows, *moved], on=date(2026, 9, 29)) == ((2026,), 1)
    running.refresh_from_db()
    assert running.due_on == calendar_for(guizhou.county).add_workdays(before, 1)
