"""Tables out: what people typed stays text, in Excel and in CSV."""

import csv
import datetime
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.workbooks import FORMULA, Column, csv_rows, stream_csv, stream_workbook

EVIL = [
    '=HYPERLINK("http://evil.example","点我")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "  =1+1",
    "http://evil.example/",
    "{=1+1}",
]
COLUMNS = [Column("名称", 30), Column("户数", kind="number"), Column("金额", kind="money"), Column("日期", kind="date")]


def opened(response: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize("text", EVIL)
def test_excel_never_holds_a_formula_or_a_link_of_a_person(text: str) -> None:
    sheet = opened(stream_workbook(["名称"], [[text]], "名册.xlsx"))["数据"]
    cell = sheet["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.hyperlink is None
    assert cell.value.strip() == text.strip()


@pytest.mark.parametrize("text", [text for text in EVIL if not text.startswith(("http", "{"))])
def test_csv_disarms_what_a_spreadsheet_would_run(text: str) -> None:
    line = list(csv_rows(["名称"], [[text]]))[1]
    (cell,) = next(csv.reader(io.StringIO(line)))
    assert cell.startswith("'")


@pytest.mark.slow
@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30))
def test_no_text_becomes_a_formula_in_csv(text: str) -> None:
    line = list(csv_rows(["名称"], [[text]]))[1]
    for row in csv.reader(io.StringIO(line, newline="")):
        for cell in row:
            assert not cell.lstrip().startswith(FORMULA)


def test_values_keep_their_kinds() -> None:
    day = datetime.date(2026, 11, 24)
    sheet = opened(
        stream_workbook(COLUMNS, [["南明青创", 32, Decimal("500000.00"), day], ["空", None, None, None]], "名册")
    )["数据"]
    assert [cell.value for cell in sheet[1]] == ["名称", "户数", "金额", "日期"]
    assert [cell.value for cell in sheet[2]] == ["南明青创", 32, 500000, datetime.datetime(2026, 11, 24)]
    assert [cell.value for cell in sheet[3]] == ["空", None, None, None]


def test_blanks_of_chinese_type_stay_in_what_is_exported() -> None:
    name = "张\u3000三\xa0（法人）"
    assert opened(stream_workbook(["名称"], [[name]], "名册"))["数据"]["A2"].value == name
    assert list(csv_rows(["名称"], [[name]]))[1] == f"{name}\r\n"
    assert list(csv_rows(["名称"], [["\u3000=1+1"]]))[1] == "'\u3000=1+1\r\n"


def test_notes_stand_on_a_second_sheet() -> None:
    book = opened(stream_workbook(["名称"], [["甲"]], "名册.xlsx", notes=["演示数据", "截至2026年11月24日"]))
    assert [cell.value for (cell,) in book["说明"].iter_rows()] == ["演示数据", "截至2026年11月24日"]


def test_csv_opens_in_excel_and_numbers_stay_numbers() -> None:
    lines = list(csv_rows(COLUMNS, [["甲", -3, Decimal("-1.50"), datetime.date(2026, 1, 2)]]))
    assert lines[0].startswith("\ufeff名称,")
    assert lines[1] == "甲,-3,-1.50,2026-01-02\r\n"


def test_csv_is_sent_as_it_is_read() -> None:
    taken = []

    def rows() -> Iterator[list[str]]:
        for number in range(1000):
            taken.append(number)
            yield [str(number)]

    response = stream_csv(["序号"], rows(), "基地名册.csv")
    assert taken == []
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    parts = iter(response)
    next(parts)
    next(parts)
    assert len(taken) <= 1


def test_row_with_a_missing_cell_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="shorter"):
        stream_workbook(COLUMNS, [["甲"]], "名册.xlsx")
