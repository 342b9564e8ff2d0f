"""Tables out, as Excel or CSV. What people typed stays text: no cell is ever a formula, a link or a macro.

Rows are taken one by one and written through, so that a table of a hundred thousand rows needs little memory.
"""

import csv
import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Literal

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.documents.names import clean_name

Cell = str | int | Decimal | bool | datetime.date | datetime.datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for a formula when it opens a CSV (OWASP, CSV Injection), full-width forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 1_048_576
CELL_CHARS = 32_767
EXACT_DIGITS = 15
KEPT_BLANKS = "\n\u3000\xa0"


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, and how its values are shown."""

    name: str
    width: int = 16
    kind: Literal["text", "number", "money", "date", "moment"] = "text"


FORMATS = {
    "text": {"num_format": "@"},
    "number": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}


def stream_workbook(
    columns: Sequence[Column | str], rows: Iterable[Sequence[Cell]], filename: str, *, notes: Sequence[str] = ()
) -> FileResponse:
    """Return a workbook of one sheet as a download. `notes` (source, day, 演示数据) stand on a second sheet.

    Raises ValueError beyond the rows that a sheet can hold.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_workbook(file, [_column(column) for column in columns], rows, notes)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=clean_name(filename), content_type=XLSX)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _column(column: Column | str) -> Column:
    return Column(column) if isinstance(column, str) else column


def write_workbook(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]], notes: Sequence[str] = ()
) -> None:
    """Write the workbook into a file, row by row."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        formats = {kind: book.add_format(look) for kind, look in FORMATS.items()}
        sheet = book.add_worksheet("数据")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.name, head)
        for number, row in enumerate(rows, start=1):
            if number >= MOST_ROWS:
                raise ValueError(f"一张工作表最多 {MOST_ROWS - 1:,} 行，请缩小范围后再导出。")
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, number, place, value, formats[column.kind])
        if notes:
            second = book.add_worksheet("说明")
            for number, note in enumerate(notes):
                second.write_string(number, 0, _text(note))


def _write(sheet: Worksheet, row: int, place: int, value: Cell, look: Format) -> None:
    """Write one value by its type: text is written as text, whatever it begins with."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, place, "是" if value else "否", look)
    elif isinstance(value, datetime.datetime):
        sheet.write_datetime(row, place, timezone.localtime(value).replace(tzinfo=None), look)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, place, datetime.datetime.combine(value, datetime.time()), look)
    elif isinstance(value, int | Decimal):
        _write_number(sheet, row, place, value, look)
    else:
        sheet.write_string(row, place, _text(value), look)


def _write_number(sheet: Worksheet, row: int, place: int, value: int | Decimal, look: Format) -> None:
    """Write a number; one with more digits than a cell keeps exactly is written as text."""
    if len(Decimal(value).as_tuple().digits) > EXACT_DIGITS:
        sheet.write_string(row, place, str(value), look)
    else:
        sheet.write_number(row, place, float(value), look)


def _text(value: str) -> str:
    """Return text that a cell can hold: no control characters, not too long; blanks of Chinese type stay."""
    shown = "".join(char for char in value if char.isprintable() or char in KEPT_BLANKS)
    return shown if len(shown) <= CELL_CHARS else shown[: CELL_CHARS - 1] + "…"


def csv_rows(columns: Sequence[Column | str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a CSV line by line, with the mark by which Excel knows UTF-8 (BOM) and CRLF (RFC 4180).

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_column(column).name for column in columns])
    yield "\ufeff" + _taken(buffer)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        text = _text(value)
        return f"'{text}" if value.startswith(FORMULA) else no_formula(text)
    return str(value)


def no_formula(text: str) -> str:
    """Return the text of a CSV cell, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def stream_csv(columns: Sequence[Column | str], rows: Iterable[Sequence[Cell]], filename: str) -> StreamingHttpResponse:
    """Return a CSV as a download, sent as it is read."""
    response = StreamingHttpResponse(csv_rows(columns, rows), content_type="text/csv; charset=utf-8")
    disposition = FileResponse(io.BytesIO(), as_attachment=True, filename=clean_name(filename))["Content-Disposition"]
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    return response
