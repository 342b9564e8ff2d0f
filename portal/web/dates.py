"""Dates as the portal writes them: 2026-11-24 10:42 on screen, 2026年11月24日 in letters. Always Asia/Shanghai."""

from datetime import date, datetime

from django.utils import timezone


def _local(moment: date | datetime) -> date | datetime:
    """Return a moment in China; a date as it is, also when it comes wrapped as a lazy object."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return date(moment.year, moment.month, moment.day)


def day(moment: date | datetime) -> str:
    """Return 2026-11-24."""
    return f"{_local(moment):%Y-%m-%d}"


def month_day(moment: date | datetime) -> str:
    """Return 11-24, for rows whose year is plain."""
    return f"{_local(moment):%m-%d}"


def minute(moment: date | datetime) -> str:
    """Return 2026-11-24 10:42, the bare date for a date without a time."""
    return f"{_local(moment):%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else day(moment)


def clock(moment: datetime) -> str:
    """Return 10:42."""
    return f"{_local(moment):%H:%M}"


def in_letters(moment: date | datetime) -> str:
    """Return 2026年11月24日, without leading zeros."""
    local = _local(moment)
    return f"{local.year}年{local.month}月{local.day}日"
