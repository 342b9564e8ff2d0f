"""The calendar of a place: the national table, and over it the local days of the place and of all above it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from time import monotonic
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from portal.deadlines.holidays import HolidayRow, calendar_of, national_calendar
from portal.deadlines.models import CalendarDay, DayKind, DayStatus
from portal.deadlines.workdays import Calendar, Kind, Status
from portal.errors import DomainError
from portal.jurisdictions.models import Jurisdiction

FEWEST_DAYS_OFF = 10  # of a whole year since 2004: a file with fewer gives single days, not a year

_Version = tuple[datetime | None, int]


@dataclass
class _Snapshot:
    """The table as this process last read it."""

    version: _Version
    national: Calendar
    local: list[CalendarDay]
    calendars: dict[tuple[int, ...], Calendar] = field(default_factory=dict)
    seen: float = field(default_factory=monotonic)


class _Cache:
    snapshot: _Snapshot | None = None


def calendar_for(jurisdiction: Jurisdiction | None) -> Calendar:
    """Return the working days of a place; None gives the national ones.

    Costs a query only when the table was last looked at more than `CALENDAR_RECHECK_SECONDS` ago.
    """
    snapshot = _current()
    if jurisdiction is None or not snapshot.local:
        return snapshot.national
    days = [day for day in snapshot.local if day.jurisdiction and day.jurisdiction.covers(jurisdiction.code)]
    key = tuple(day.pk for day in days)
    if key not in snapshot.calendars:
        snapshot.calendars[key] = snapshot.national.with_days(
            {day.date: cast(Kind, day.kind) for day in days}, {day.date: day.name for day in days}
        )
    return snapshot.calendars[key]


@transaction.atomic
def add_local_day(jurisdiction: Jurisdiction, day: date, *, kind: str, name: str, source: str) -> CalendarDay:
    """Enter a festival, or a workday, of one jurisdiction and all below it, with the document that orders it.

    Raises DomainError if a field is missing or the day is already listed there.
    """
    if kind not in DayKind.values or not name.strip() or not source.strip():
        raise DomainError(_("地方放假日须写明类型（放假或上班）、名称和依据文件，请补全后再保存。"))
    try:
        with transaction.atomic():
            return CalendarDay.objects.create(
                jurisdiction=jurisdiction, date=day, kind=kind, name=name.strip(), source=source.strip()
            )
    except IntegrityError as error:
        raise DomainError(
            _("%(place)s在%(day)s已有一条地方日历记录，请先删除原记录再新增。")
            % {"place": jurisdiction.name, "day": day}
        ) from error


def remove_local_day(jurisdiction: Jurisdiction, day: date) -> None:
    """Take a local day out again. Raises DomainError if none is listed there."""
    removed, _by_model = CalendarDay.objects.filter(jurisdiction=jurisdiction, date=day).delete()
    if not removed:
        raise DomainError(
            _("%(place)s在%(day)s没有地方日历记录，请核对日期。") % {"place": jurisdiction.name, "day": day}
        )


@transaction.atomic
def load_calendar(rows: Sequence[HolidayRow]) -> tuple[int, ...]:
    """Take in a national calendar and return the years whose days or status changed, for deadlines to be recomputed.

    A year given whole replaces what was there; a few days of an official year are added to it. Raises DomainError,
    and changes nothing, if a year is neither whole nor official yet, or an estimate would replace an official year.
    """
    before = {row.date: row for row in _stored()}
    after = {row.date: row for row in before.values() if row.date.year not in _whole_years(rows)}
    official = {year for year in {day.year for day in before} if _status(before.values(), year) == "official"}
    for year in sorted({row.date.year for row in rows}):
        _refuse_unfit(year, rows, official)
    after |= {row.date: row for row in rows}
    changed = {day.year for day in before.keys() | after.keys() if before.get(day) != after.get(day)}
    national = CalendarDay.objects.filter(jurisdiction=None)
    national.filter(date__year__in=changed).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=r.date, kind=r.kind, name=r.name, status=r.status, source=r.source)
        for r in after.values()
        if r.date.year in changed
    )
    forget()
    return tuple(sorted(changed))


def forget() -> None:
    """Make this process read the table anew on the next question."""
    _Cache.snapshot = None


def _current() -> _Snapshot:
    snapshot = _Cache.snapshot
    if snapshot and monotonic() - snapshot.seen < settings.CALENDAR_RECHECK_SECONDS:
        return snapshot
    version = _version()
    if snapshot and snapshot.version == version:
        snapshot.seen = monotonic()
        return snapshot
    rows = _stored()
    local = CalendarDay.objects.filter(jurisdiction__isnull=False).select_related("jurisdiction")
    _Cache.snapshot = _Snapshot(
        version,
        calendar_of(rows) if rows else national_calendar(),
        sorted(local, key=lambda day: (len(day.jurisdiction.prefix) if day.jurisdiction else 0, day.date)),
    )
    return _Cache.snapshot


def _version() -> _Version:
    found = CalendarDay.objects.aggregate(last=Max("changed_at"), rows=Count("pk"))
    return found["last"], found["rows"]


def _stored() -> list[HolidayRow]:
    """Read the national rows; local days never make a year better known than it is."""
    return [
        HolidayRow(day, cast(Kind, kind), name, cast(Status, status), source)
        for day, kind, name, status, source in CalendarDay.objects.filter(jurisdiction=None)
        .order_by("date")
        .values_list("date", "kind", "name", "status", "source")
    ]


def _status(rows: Iterable[HolidayRow], year: int) -> str:
    found = {row.status for row in rows if row.date.year == year}
    return "estimate" if "estimate" in found else "official"


def _whole_years(rows: Sequence[HolidayRow]) -> set[int]:
    off = [row.date.year for row in rows if row.kind == "off"]
    return {year for year in off if off.count(year) >= FEWEST_DAYS_OFF}


def _refuse_unfit(year: int, rows: Sequence[HolidayRow], official: set[int]) -> None:
    if year in official and _status(rows, year) == DayStatus.ESTIMATE:
        raise DomainError(
            _("%(year)s年已有正式放假安排，文件中却标为预估（estimate）。请删去该年的行，或改为 official。")
            % {"year": year}
        )
    if year not in official and year not in _whole_years(rows):
        raise DomainError(
            _(
                "文件中%(year)s年的放假日不足%(fewest)s天，不是完整的一年。请按国务院办公厅通知补全该年全部放假和调休日期。"
            )
            % {"year": year, "fewest": FEWEST_DAYS_OFF}
        )
