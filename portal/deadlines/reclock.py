"""Deadlines that leaned on an estimated calendar are computed anew when the official one is loaded.

Who keeps such deadlines stands above this package; the setting RECLOCKS names their functions. Each is called as
`reclock(years, on=day)`, computes the provisional deadlines that touch those years, records every change, and returns
how many it changed. Each is safe to run twice.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from portal.deadlines.calendar import load_calendar
from portal.deadlines.holidays import HolidayRow

Reclock = Callable[..., int]


@transaction.atomic
def load_and_reclock(rows: Sequence[HolidayRow], *, on: date) -> tuple[tuple[int, ...], int]:
    """Load a calendar and recompute what it moves, both or neither; return the changed years and deadlines."""
    years = load_calendar(rows)
    if not years:
        return years, 0
    return years, sum(cast(Reclock, import_string(path))(years, on=on) for path in settings.RECLOCKS)
