"""Deadlines that leaned on an estimated calendar are computed anew when the official one is loaded.

Who keeps such deadlines stands above this package; the setting RECLOCKS names their functions. Each is called as
`reclock(years, on=day)`, computes the provisional deadlines that touch those years, records every change, and returns
how many it changed. With `touched=Touched(place, day)` it computes every deadline of that place whose term holds that
day: a local day off or on was entered there. Each is safe to run twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from portal.deadlines.calendar import calendar_for, load_calendar
from portal.deadlines.holidays import HolidayRow
from portal.deadlines.terms import Due, again, due
from portal.jurisdictions.models import Jurisdiction

Reclock = Callable[..., int]


@dataclass(frozen=True)
class Touched:
    """A day whose kind changed in a place and in all below it."""

    place: Jurisdiction
    day: date

    def holds(self, stored: Due) -> bool:
        """Whether the term runs over that day or ends on it."""
        return stored.start < self.day <= max(stored.on, stored.moved_from or stored.on)


@transaction.atomic
def load_and_reclock(rows: Sequence[HolidayRow], *, on: date) -> tuple[tuple[int, ...], int]:
    """Load a calendar and recompute what it moves, both or neither; return the changed years and deadlines."""
    years = load_calendar(rows)
    if not years:
        return years, 0
    return years, sum(cast(Reclock, import_string(path))(years, on=on) for path in settings.RECLOCKS)


@transaction.atomic
def reclock_place(place: Jurisdiction, day: date, *, on: date) -> int:
    """Compute every running deadline of a place whose term holds a day that changed there; return how many moved."""
    touched = Touched(place, day)
    return sum(cast(Reclock, import_string(path))((day.year,), on=on, touched=touched) for path in settings.RECLOCKS)


def recompute(rows: "models.QuerySet[Any]", *, touched: Touched | None = None) -> Iterator[tuple[Any, Due, Due]]:
    """Compute anew the columns `due` and `due_on` of `rows`: what is provisional, or what a local day touched.

    Writes both columns, row by row and locked, and yields the rows whose last day moved with the result before and
    after, for the caller to record. The caller is in a transaction. Every row has a jurisdiction.
    """
    for row in _concerned(rows, touched).select_for_update(of=("self",)).iterator(chunk_size=500):
        before = Due.from_json(row.due)
        after = _anew(before, row.jurisdiction, touched)
        if after == before:
            continue
        type(row)._base_manager.filter(pk=row.pk).update(due=after.as_json(), due_on=after.on)
        if after.on != before.on:
            yield row, before, after


def _concerned(rows: "models.QuerySet[Any]", touched: Touched | None) -> "models.QuerySet[Any]":
    related = rows.select_related("jurisdiction")
    if touched is None:
        return related.filter(due__provisional=True)
    return related.filter(region_code__startswith=touched.place.prefix, due__isnull=False)


def _anew(before: Due, place: Jurisdiction, touched: Touched | None) -> Due:
    """Return the deadline under the calendar of today; the dates that are kept here all move by art. 203."""
    calendar = calendar_for(place)
    if touched is None:
        return again(before, calendar)
    if not touched.holds(before):
        return before
    return due(before.start, before.length, before.unit, calendar, pauses=before.pauses)
