"""The national calendar as published: read from the file that ships with the portal, no database."""

from collections.abc import Iterable, Mapping
from csv import DictReader
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import cast

from portal.deadlines.workdays import Calendar, Kind, Status
from portal.errors import DomainError

HOLIDAYS = Path(__file__).resolve().parents[2] / "fixtures" / "reference" / "holidays.csv"
COLUMNS = ("date", "kind", "name", "status", "source")
_CHOICES = {"kind": ("off", "work"), "status": ("official", "estimate")}


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One day that differs, or may differ, from Monday to Friday: a day off or a make-up workday."""

    date: date
    kind: Kind
    name: str
    status: Status
    source: str


class BadHolidayFile(DomainError):
    """A calendar file was refused; the message says where, what was found, what is expected and how to mend it."""


@cache
def national_calendar() -> Calendar:
    """Return the calendar of the shipped file: official 2004 to 2026, 2027 estimated."""
    return calendar_of(read_holidays(HOLIDAYS))


def calendar_of(rows: Iterable[HolidayRow]) -> Calendar:
    """Build a calendar from rows; a year with one estimated day is an estimated year."""
    days: dict[date, Kind] = {}
    names: dict[date, str] = {}
    status: dict[int, Status] = {}
    for row in rows:
        days[row.date] = row.kind
        names[row.date] = row.name
        if status.get(row.date.year) != "estimate":
            status[row.date.year] = row.status
    return Calendar(days, status, names)


def read_holidays(path: Path) -> list[HolidayRow]:
    """Read a calendar file (CSV, UTF-8, columns date, kind, name, status, source), all of it or nothing.

    Raises BadHolidayFile naming file, line and column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadHolidayFile(
            f"日历文件“{path.name}”无法读取：{_why(error)}。请提供存在且为 UTF-8 编码的 CSV 文件。"
        ) from error
    reader = DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise BadHolidayFile(
            f"日历文件“{path.name}”第1行：表头为“{','.join(reader.fieldnames or ()) or '空'}”，"
            f"应为“{','.join(COLUMNS)}”。请按此改正表头。"
        )
    rows: dict[date, HolidayRow] = {}
    for number, cells in enumerate(reader, start=2):
        row = _read_row(cells, f"日历文件“{path.name}”第{number}行")
        if row.date in rows:
            raise BadHolidayFile(
                f"日历文件“{path.name}”第{number}行：日期 {row.date} 重复出现。每天只应有一行，请删去多余的一行。"
            )
        rows[row.date] = row
    if not rows:
        raise BadHolidayFile(f"日历文件“{path.name}”只有表头，没有日期。请至少填写一年的放假和调休日期。")
    return list(rows.values())


def _read_row(cells: Mapping[str | None, str | list[str] | None], where: str) -> HolidayRow:
    if None in cells or any(not isinstance(cells.get(column), str) for column in COLUMNS):
        raise BadHolidayFile(f"{where}：列数与表头不符，应为{len(COLUMNS)}列。含逗号的内容请用英文双引号括起。")
    values = {column: cast(str, cells[column]).strip() for column in COLUMNS}
    for column, allowed in _CHOICES.items():
        if values[column] not in allowed:
            raise BadHolidayFile(
                f"{where}“{column}”列：值为“{values[column]}”，应为 {' 或 '.join(allowed)}。请改正后重新导入。"
            )
    try:
        day = date.fromisoformat(values["date"])
    except ValueError as error:
        raise BadHolidayFile(
            f"{where}“date”列：值为“{values['date']}”，应为真实存在的日期，格式如 2027-02-06。请改正后重新导入。"
        ) from error
    if not values["name"]:
        raise BadHolidayFile(f"{where}“name”列：为空，应填写节日名称，如“春节”。请补填后重新导入。")
    return HolidayRow(day, cast(Kind, values["kind"]), values["name"], cast(Status, values["status"]), values["source"])


def _why(error: OSError | UnicodeDecodeError) -> str:
    return "不是 UTF-8 编码" if isinstance(error, UnicodeDecodeError) else "文件不存在或无权读取"
