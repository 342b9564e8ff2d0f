"""Deadlines that leaned on an estimated calendar are computed anew when the official one is loaded.

Who keeps such deadlines stands above this package; the setting RECLOCKS names their functions. Each is called as
`reclock(years, on=day)`, computes the provisional deadlines that touch those years, records every change, and returns
how many it changed. Each is safe to run twice.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from portal.deadlines.calendar import calendar_for, load_calendar
from portal.deadlines.holidays import HolidayRow
from portal.deadlines.terms import Due, again

Reclock = Callable[..., int]


@transaction.atomic
def load_and_reclock(rows: Sequence[HolidayRow], *, on: date) -> tuple[tuple[int, ...], int]:
    """Load a calendar and recompute what it moves, both or neither; return the changed years and deadlines."""
    years = load_calendar(rows)
    if not years:
        return years, 0
    return years, sum(cast(Reclock, import_string(path))(years, on=on) for path in settings.RECLOCKS)


def recompute(
    rows: "models.QuerySet[Any]", *, due: str = "due", due_on: str = "due_on"
) -> Iterator[tuple[Any, Due, Due]]:
    """Compute anew what is provisional in the `due` column of `rows`, each of which has a jurisdiction.

    Writes both columns, row by row and locked, and yields the rows whose last day moved with the result before and
    after, for the caller to record. The caller is in a transaction.
    """
    provisional = rows.filter(**{f"{due}__provisional": True}).select_related("jurisdiction")
    for row in provisional.select_for_update(of=("self",)).iterator(chunk_size=500):
        before = Due.from_json(getattr(row, due))
        after = again(before, calendar_for(row.jurisdiction))
        if after == before:
            continue
        type(row)._base_manager.filter(pk=row.pk).update(**{due: after.as_json(), due_on: after.on})
        if after.on != before.on:
            yield row, before, after
