"""How a deadline looks today: the level, its icon and its words.

Five levels, told apart by icon and word: normal, soon (at most three working days), today, overdue, paused.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.deadlines.terms import Calendar, Due

Level = Literal["normal", "soon", "today", "overdue", "paused"]
SOON = 3
ICONS: dict[Level, str] = {"normal": "clock", "soon": "soon", "today": "today", "overdue": "alert", "paused": "pause"}


@dataclass(frozen=True)
class Standing:
    """A deadline as seen on one day: the level, the words beside the icon, the sum behind the date."""

    level: Level
    words: str
    on: date
    sum: str = ""

    @property
    def icon(self) -> str:
        """Return the icon that belongs to the level."""
        return ICONS[self.level]


def standing(due: Due | date, *, today: date, calendar: Calendar, paused: bool = False) -> Standing:
    """Return how `due` stands on `today`, counted in working days of `calendar`, in days when none lies between."""
    return _standing(get_language(), due, today, calendar, paused)


@lru_cache(maxsize=10_000)  # a list asks for level and words apart, and its rows share their days
def _standing(_language: str | None, due: Due | date, today: date, calendar: Calendar, paused: bool) -> Standing:
    on = due.on if isinstance(due, Due) else due
    sum_ = _sum(due, on)
    if paused:
        return Standing("paused", _("计时暂停"), on, sum_)
    if on == today:
        return Standing("today", _("今日到期"), on, sum_)
    if on < today:
        return Standing("overdue", _overdue(on, today, calendar), on, sum_)
    left = calendar.workdays_between(today, on)
    return Standing("soon" if left <= SOON else "normal", _left(left, (on - today).days), on, sum_)


def _sum(due: Due | date, on: date) -> str:
    """Return the sum to show on demand, with the warning when an estimated year had a part in it."""
    if not isinstance(due, Due) or not due.sum:
        return _("%(day)s 到期") % {"day": on.isoformat()}
    return due.sum + (_("（暂按预估日历）") if due.provisional and "预估" not in due.sum else "")


def _left(workdays: int, days: int) -> str:
    if workdays:
        return ngettext("剩余 %(n)d 个工作日", "剩余 %(n)d 个工作日", workdays) % {"n": workdays}
    return ngettext("剩余 %(n)d 天", "剩余 %(n)d 天", days) % {"n": days}


def _overdue(on: date, today: date, calendar: Calendar) -> str:
    workdays = calendar.workdays_between(on, today)
    if workdays:
        return ngettext("逾期 %(n)d 个工作日", "逾期 %(n)d 个工作日", workdays) % {"n": workdays}
    days = (today - on).days
    return ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", days) % {"n": days}
