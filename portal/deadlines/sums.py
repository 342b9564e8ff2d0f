"""The sum behind a date, as one Chinese sentence an operator understands. Plain Python."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from portal.deadlines.workdays import Calendar

_UNITS = {"workday": "个工作日", "day": "日", "month": "个月", "year": "年"}


def in_words(day: date) -> str:
    """Write a date as official letters do: 2026年2月25日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def provisional_note(calendar: Calendar, first: date, last: date) -> str:
    """Say that a result leans on an estimated or missing year between the two days; empty if all are official."""
    notes = []
    for year in range(first.year, last.year + 1):
        status = calendar.status(year)
        if status == "estimate":
            notes.append(f"{year}年放假安排尚未公布，暂按预估日历")
        elif status == "missing":
            notes.append(f"{year}年无放假安排数据，暂按预估日历，以周一至周五为工作日")
    return "；".join(notes)


def explain(
    start: date,
    length: int,
    unit: str,
    ends: date,
    on: date,
    calendar: Calendar,
    pauses: Sequence[tuple[date, date, str]],
    uncertain: str,
) -> str:
    """Tell in one sentence how a term from `start` came to end on `on`; `ends` is its end before art. 203."""
    parts = [f"自{in_words(start)}起{length}{_UNITS[unit]}（当日不计入）"]
    parts += [_pause(first, last, reason) for first, last, reason in pauses if last > start]
    if unit == "workday" and calendar.has_exceptions(start, on):
        parts.append("期间" + "、".join(_exceptions(calendar, start, on)))
    if on == ends:
        parts.append(f"至{in_words(on)}届满")
    else:
        parts.append(f"{in_words(ends)}届满")
        parts.append(f"当日为{calendar.why_off(ends)}，依《民法典》第二百零三条顺延至{in_words(on)}")
    sentence = "，".join(parts)
    return f"{sentence}（{uncertain}）。" if uncertain else f"{sentence}。"


def _pause(first: date, last: date, reason: str) -> str:
    return f"{_span(first, last)}{reason or '中止'}不计入"


def _exceptions(calendar: Calendar, after: date, until: date) -> Iterator[str]:
    """Group the days that break the week into runs: 2月16日至20日春节放假、2月14日调休上班."""
    run: list[date] = []
    kind = name = ""
    for day, this_kind, this_name in calendar.exceptions(after, until):
        if run and (this_kind, this_name) == (kind, name) and day - run[-1] == timedelta(days=1):
            run.append(day)
            continue
        if run:
            yield _run_in_words(run, kind, name)
        run, kind, name = [day], this_kind, this_name
    if run:
        yield _run_in_words(run, kind, name)


def _run_in_words(run: list[date], kind: str, name: str) -> str:
    return f"{_span(run[0], run[-1])}{'调休上班' if kind == 'work' else f'{name}放假'}"


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{first.month}月{first.day}日"
    if first.year == last.year and first.month == last.month:
        return f"{first.month}月{first.day}日至{last.day}日"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
