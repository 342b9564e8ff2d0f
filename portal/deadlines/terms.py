"""Terms of law after the Civil Code, arts. 200 to 204: when a period ends, and the sum that shows it. Plain Python.

Art. 201: the day of the event is not counted. Art. 202: a term of months or years ends on the same calendar day, or
on the last day of the month. Art. 203: a last day that is a day off moves to the next working day. Art. 204: a rule
of law may count otherwise, which is why unit, pauses and moving are given by the caller.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, cast, get_args

from portal.deadlines.sums import explain, in_words, provisional_note
from portal.deadlines.workdays import Calendar

__all__ = ["Calendar", "Due", "Pause", "Unit", "add_months", "add_years", "again", "due", "moved"]

Unit = Literal["workday", "day", "month", "year"]


def add_months(day: date, months: int) -> date:
    """Return the same calendar day `months` later (or earlier), else the last day of that month (art. 202).

    Raises OverflowError beyond the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"{day} moved by {months} months leaves the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same calendar day `years` later; 29 February becomes the 28th in a common year (art. 202)."""
    return add_months(day, 12 * years)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count towards a term, both ends included, such as the days an expert report took."""

    first: date
    last: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a pause ends on {self.last}, before it begins on {self.first}")


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term and how it came about.

    `on` is the last day on which the act is in time. `moved_from` is the day before art. 203 moved it. `provisional`
    says that a year without an official calendar had a part in it, so that it is computed anew when one is loaded.
    """

    on: date
    start: date
    length: int
    unit: Unit
    moved_from: date | None = None
    pauses: tuple[Pause, ...] = ()
    provisional: bool = False
    sum: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values for a JSON column."""
        return {
            "on": self.on.isoformat(),
            "start": self.start.isoformat(),
            "length": self.length,
            "unit": self.unit,
            "moved_from": self.moved_from.isoformat() if self.moved_from else None,
            "pauses": [
                {"first": p.first.isoformat(), "last": p.last.isoformat(), "reason": p.reason} for p in self.pauses
            ],
            "provisional": self.provisional,
            "sum": self.sum,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Due":
        """Read back what `as_json` wrote. Raises KeyError or ValueError if it is something else."""
        return cls(
            on=date.fromisoformat(stored["on"]),
            start=date.fromisoformat(stored["start"]),
            length=int(stored["length"]),
            unit=_unit(stored["unit"]),
            moved_from=date.fromisoformat(stored["moved_from"]) if stored["moved_from"] else None,
            pauses=tuple(
                Pause(date.fromisoformat(p["first"]), date.fromisoformat(p["last"]), p["reason"])
                for p in stored["pauses"]
            ),
            provisional=bool(stored["provisional"]),
            sum=stored["sum"],
        )


def due(
    start: date, length: int, unit: Unit, calendar: Calendar, *, moves: bool = True, pauses: Sequence[Pause] = ()
) -> Due:
    """Return the last day of a term of `length` units that begins with an event on `start`.

    `start` is not counted (art. 201). Paused days are made up for at the end. A term of calendar days, months or
    years that ends on a day off moves to the next working day unless `moves` is false, as for bans and periods of
    certification (art. 203). Raises ValueError for a negative length or an unknown unit, OverflowError beyond 9999.
    """
    if length < 0:
        raise ValueError(f"a term cannot be {length} long")
    ends = _end(start, length, _unit(unit), calendar, _merged(start, pauses))
    on = calendar.next_workday(ends) if moves else ends
    asked_from = start if unit == "workday" else ends
    uncertain = provisional_note(calendar, asked_from, on) if moves or unit == "workday" else ""
    moved_from = ends if on != ends else None
    words = explain(start, length, unit, ends, on, calendar, [(p.first, p.last, p.reason) for p in pauses], uncertain)
    return Due(on, start, length, unit, moved_from, tuple(pauses), bool(uncertain), words)


def again(stored: Due, calendar: Calendar) -> Due:
    """Compute a provisional result anew under a calendar that knows more; return a settled one as it is.

    Only a result that asked the calendar is provisional, so the new one may move by art. 203 as the first one might.
    """
    if not stored.provisional:
        return stored
    return due(stored.start, stored.length, stored.unit, calendar, pauses=stored.pauses)


@lru_cache(maxsize=4096)
def moved(day: date, calendar: Calendar) -> tuple[date, str]:
    """Move a fixed last day, such as 31 January, off a day off (art. 203); with a note in Chinese, empty if plain."""
    on = calendar.next_workday(day)
    uncertain = provisional_note(calendar, day, on)
    if on == day:
        return day, uncertain
    note = f"{in_words(day)}为{calendar.why_off(day)}，依《民法典》第二百零三条顺延至{in_words(on)}"
    return on, f"{note}（{uncertain}）" if uncertain else note


def _unit(unit: str) -> Unit:
    if unit not in get_args(Unit):
        raise ValueError(f"unknown unit {unit!r}, expected one of {', '.join(get_args(Unit))}")
    return cast(Unit, unit)


def _end(start: date, length: int, unit: Unit, calendar: Calendar, pauses: list[tuple[date, date]]) -> date:
    """Find the day on which the term runs full, before art. 203; each pause met on the way makes it longer."""
    lost = 0
    ends = _run(start, length, unit, calendar, lost)
    for first, last in pauses:
        if first > ends:
            break
        eve = first - timedelta(days=1)
        lost += calendar.workdays_between(eve, last) if unit == "workday" else (last - eve).days
        ends = _run(start, length, unit, calendar, lost)
    return ends


def _run(start: date, length: int, unit: Unit, calendar: Calendar, lost: int) -> date:
    if unit == "workday":
        return calendar.add_workdays(start, length + lost)
    if unit == "day":
        return start + timedelta(days=length + lost)
    return add_months(start, length if unit == "month" else 12 * length) + timedelta(days=lost)


def _merged(start: date, pauses: Sequence[Pause]) -> list[tuple[date, date]]:
    """Return the paused days after `start` as spans in order, none touching another twice."""
    spans: list[tuple[date, date]] = []
    for first, last in sorted((max(p.first, start + timedelta(days=1)), p.last) for p in pauses if p.last > start):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans
