"""Which days are working days: Monday to Friday, corrected by days off and make-up workdays (调休). Plain Python."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal

Kind = Literal["off", "work"]
Status = Literal["official", "estimate", "missing"]

_ONE_DAY = timedelta(days=1)
_WEEK = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def _weekdays_until(ordinal: int) -> int:
    """Count the Mondays to Fridays from day 1 (a Monday) to `ordinal`, both included."""
    return 5 * (ordinal // 7) + min(ordinal % 7, 5)


class Calendar:
    """An immutable calendar: days off and make-up workdays on top of Monday to Friday, and how sure each year is.

    A year without a status is "missing": its working days are plain Mondays to Fridays. Counting costs the
    logarithm of the number of exceptions, whatever the length of the period.
    """

    __slots__ = ("_counts", "_days", "_names", "_ordinals", "_status")

    def __init__(
        self, days: Mapping[date, Kind], status: Mapping[int, Status], names: Mapping[date, str] | None = None
    ) -> None:
        self._days = {day: kind == "work" for day, kind in sorted(days.items())}
        self._status = dict(status)
        self._names = dict(names or {})
        # Ordinals of the days that differ from Monday-to-Friday, and the running correction they make.
        shifts = [
            (day.toordinal(), 1 if work else -1) for day, work in self._days.items() if work != (day.weekday() < 5)
        ]
        self._ordinals = [ordinal for ordinal, _ in shifts]
        self._counts = list(accumulate((shift for _, shift in shifts), initial=0))

    def with_days(self, days: Mapping[date, Kind], names: Mapping[date, str] | None = None) -> "Calendar":
        """Return this calendar with `days` laid over it, as a place does with festivals of its own."""
        kinds: dict[date, Kind] = {day: "work" if work else "off" for day, work in self._days.items()}
        return Calendar({**kinds, **days}, self._status, {**self._names, **(names or {})})

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on `day`."""
        listed = self._days.get(day)
        return day.weekday() < 5 if listed is None else listed

    def next_workday(self, day: date) -> date:
        """Return `day` itself if it is a working day, else the first one after it."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which itself is not counted; before it if n is negative.

        n = 0 gives `day` as it is. Raises OverflowError beyond the years 1 to 9999.
        """
        step = 1 if n > 0 else -1
        found = day
        missing = abs(n)
        while missing:  # a stride of `missing` days never oversteps: each day is one working day at most
            found += timedelta(days=step * missing)
            missing = abs(n) - (self.workdays_between(day, found) if n > 0 else self._workdays_from(found, day))
        return found

    def workdays_between(self, after: date, until: date) -> int:
        """Count the working days after `after` up to and including `until`; negative if `until` is earlier."""
        return self._until(until.toordinal()) - self._until(after.toordinal())

    def status(self, year: int) -> Status:
        """Say how sure the days of `year` are: as published, estimated, or not there at all."""
        return self._status.get(year, "missing")

    def years(self) -> tuple[int, ...]:
        """Return the years that have days of their own, in order."""
        return tuple(sorted(self._status))

    def exceptions(self, after: date, until: date) -> Iterator[tuple[date, Kind, str]]:
        """Yield the days in (after, until] that differ from Monday to Friday: the day, its kind, its festival."""
        first = bisect_right(self._ordinals, after.toordinal())
        for ordinal in self._ordinals[first : bisect_right(self._ordinals, until.toordinal())]:
            day = date.fromordinal(ordinal)
            yield day, "work" if self._days[day] else "off", self._names.get(day, "")

    def has_exceptions(self, after: date, until: date) -> bool:
        """Tell cheaply whether `exceptions(after, until)` would yield anything."""
        first = bisect_right(self._ordinals, after.toordinal())
        return first < len(self._ordinals) and self._ordinals[first] <= until.toordinal()

    def why_off(self, day: date) -> str:
        """Name the reason why `day` is no working day: the festival, else the day of the week."""
        name = self._names.get(day)
        return f"{name}放假" if name and self._days.get(day) is False else _WEEK[day.weekday()]

    def _until(self, ordinal: int) -> int:
        return _weekdays_until(ordinal) + self._counts[bisect_right(self._ordinals, ordinal)]

    def _workdays_from(self, first: date, before: date) -> int:
        """Count the working days from `first`, included, to the day before `before`."""
        ordinal = first.toordinal()
        earlier = _weekdays_until(ordinal - 1) + self._counts[bisect_left(self._ordinals, ordinal)]
        return self._until(before.toordinal() - 1) - earlier
