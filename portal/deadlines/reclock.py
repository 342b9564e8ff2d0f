"""Deadlines that leaned on an estimated calendar, or run over a day that changed, are computed anew.

Who keeps such deadlines stands above this package; the setting RECLOCKS names their functions. Each is called as
`reclock(years, on=day, touched=Touched(…))`, computes the deadlines concerned, records every change, and returns
the matters whose dates moved: a case and its line on the worklist are one. A calendar loaded for the whole country
concerns the provisional ones and those that run over a day it changed; a local day, those of its place that run over
it. Each is safe to run twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from portal.deadlines.calendar import calendar_for, load_calendar
from portal.deadlines.holidays import HolidayRow
from portal.deadlines.terms import Due, again, due
from portal.jurisdictions.models import Jurisdiction

Matter = tuple[str, str]  # type and id of the record that a deadline belongs to
Reclock = Callable[..., set[Matter]]


@dataclass(frozen=True)
class Touched:
    """Days on which work begins or stops in a place and all below it, in the whole country if it is None.

    `on` is the day of the change: a term that was over by then ended when it ended.
    """

    place: Jurisdiction | None
    days: tuple[date, ...]
    on: date

    def holds(self, stored: Due) -> bool:
        """Whether the term still runs, and runs over one of the days or ends on it."""
        return stored.on >= self.on and any(stored.start < day <= stored.on for day in self.days)


@transaction.atomic
def load_and_reclock(rows: Sequence[HolidayRow], *, on: date) -> tuple[tuple[int, ...], int]:
    """Load a calendar and recompute what it moves, both or neither; return the years and how many matters moved."""
    before = calendar_for(None)
    years = load_calendar(rows)
    if not years:
        return years, 0
    after = calendar_for(None)
    days = (date(year, 1, 1) + timedelta(days=n) for year in years for n in range(366))
    changed = tuple(dict.fromkeys(day for day in days if before.is_workday(day) != after.is_workday(day)))
    return years, _reclock_all(years, Touched(None, changed, on))


@transaction.atomic
def reclock_place(place: Jurisdiction, day: date, *, on: date) -> int:
    """Compute every running deadline of a place whose term holds a day that changed; return how many matters moved."""
    return _reclock_all((day.year,), Touched(place, (day,), on))


def _reclock_all(years: Sequence[int], touched: Touched) -> int:
    keepers = [cast(Reclock, import_string(path)) for path in settings.RECLOCKS]
    return len(set().union(*(reclock(years, on=touched.on, touched=touched) for reclock in keepers)))


def recompute(rows: "models.QuerySet[Any]", *, touched: Touched | None = None) -> Iterator[tuple[Any, Due, Due]]:
    """Compute anew the columns `due` and `due_on` of `rows`: what is provisional, or what a changed day touched.

    Writes both columns, row by row and locked, and yields the rows whose last day moved with the result before and
    after, for the caller to record. The caller is in a transaction. Every row has a jurisdiction.
    """
    rows = concerned(rows, touched).filter(_running(touched))
    for row in rows.select_for_update(of=("self",)).iterator(chunk_size=500):
        before = Due.from_json(row.due)
        after = anew(before, row.jurisdiction, touched)
        if after == before:
            continue
        type(row)._base_manager.filter(pk=row.pk).update(due=after.as_json(), due_on=after.on)
        if after.on != before.on:
            yield row, before, after


def concerned(rows: "models.QuerySet[Any]", touched: Touched | None) -> "models.QuerySet[Any]":
    """Return the rows of the place where days changed, all where they changed for the whole country."""
    related = rows.select_related("jurisdiction")
    return related.filter(region_code__startswith=touched.place.prefix) if touched and touched.place else related


def _running(touched: Touched | None) -> models.Q:
    running = models.Q(due__isnull=False, due_on__gte=touched.on) if touched and touched.days else models.Q()
    return running if touched and touched.place else models.Q(due__provisional=True) | running


def anew(before: Due, place: Jurisdiction, touched: Touched | None) -> Due:
    """Return the deadline under the calendar of today; the dates that are kept here all move by art. 203."""
    calendar = calendar_for(place)
    if touched and touched.holds(before):
        return due(before.start, before.length, before.unit, calendar, pauses=before.pauses)
    return again(before, calendar) if touched is None or touched.place is None else before
