"""System check: from 1 November the calendar of the next year should be known."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from portal.deadlines.calendar import calendar_for
from portal.deadlines.holidays import national_calendar
from portal.deadlines.today import CHINA, business_today
from portal.deadlines.workdays import Calendar

_FOUND = {"estimate": "仍为预估", "missing": "尚未录入"}


def next_year_warning(calendar: Calendar, on: date) -> str:
    """Say from 1 November that the next year is estimated or missing; empty if all is well."""
    status = calendar.status(on.year + 1)
    if on.month < 11 or status == "official":
        return ""
    return f"{on.year + 1}年放假和调休安排{_FOUND[status]}，涉及该年的期限暂按预估日历计算。"


@register(Tags.database)
def calendar_is_known(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn while the calendar of the next year is missing or estimated."""
    if not databases:
        return []
    try:
        calendar, today = calendar_for(None), business_today()
    except DatabaseError:  # before the first migration the table is not there
        calendar, today = national_calendar(), datetime.now(CHINA).date()
    warning = next_year_warning(calendar, today)
    hint = "国务院办公厅公布次年放假安排后，整理为 CSV 并运行 manage.py calendar load 文件名。"
    return [Warning(warning, hint=hint, id="deadlines.W001")] if warning else []
