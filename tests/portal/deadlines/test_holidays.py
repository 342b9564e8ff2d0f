"""The calendar file: every published year, and refusals that say where, what, and how to mend it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.deadlines.holidays import BadHolidayFile, national_calendar, read_holidays

HEAD = "date,kind,name,status,source\n"


def test_2004_to_2026_are_official_2027_is_estimated_2028_is_missing() -> None:
    calendar = national_calendar()
    assert {calendar.status(year) for year in range(2004, 2027)} == {"official"}
    assert calendar.status(2027) == "estimate"
    assert calendar.status(2028) == "missing"


@pytest.mark.parametrize(("year", "workdays"), [(2022, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, workdays: int) -> None:
    eve = date(year - 1, 12, 31)
    assert national_calendar().workdays_between(eve, date(year, 12, 31)) == workdays


def test_a_place_lays_its_own_festival_over_the_national_calendar() -> None:
    festival = date(2026, 3, 3)
    local = national_calendar().with_days({festival: "off"}, {festival: "地方节日"})
    assert national_calendar().is_workday(festival)
    assert local.next_workday(festival) == festival + timedelta(days=1)
    assert local.why_off(festival) == "地方节日放假"
    assert local.status(2026) == "official"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["第1行", "应为“date,kind,name,status,source”"]),
        ("day,kind\n", ["第1行", "day,kind"]),
        (HEAD, ["只有表头"]),
        (HEAD + "2027-02-30,off,春节,official,通知\n", ["第2行", "date", "2027-02-30", "真实存在"]),
        (HEAD + "2027-02-06,holiday,春节,official,通知\n", ["第2行", "kind", "holiday", "off 或 work"]),
        (HEAD + "2027-02-06,off,春节,sure,通知\n", ["第2行", "status", "sure"]),
        (HEAD + "2027-02-06,off,,official,通知\n", ["第2行", "name"]),
        (HEAD + "2027-02-06,off,春节,official\n", ["第2行", "5列"]),
        (HEAD + "2027-02-06,off,春节,official,甲,乙\n", ["第2行", "5列"]),
        (HEAD + "2027-02-06,off,春节,official,甲\n2027-02-06,work,春节,official,甲\n", ["第3行", "重复"]),
    ],
)
def test_a_bad_file_is_refused_with_place_and_remedy(tmp_path: Path, text: str, says: list[str]) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadHolidayFile) as refused:
        read_holidays(file)
    for part in ["holidays.csv", *says]:
        assert part in refused.value.message


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_bytes((HEAD + "2027-02-06,off,春节,official,通知\n").encode("gbk"))
    with pytest.raises(BadHolidayFile, match="UTF-8"):
        read_holidays(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadHolidayFile, match="不存在"):
        read_holidays(tmp_path / "nowhere.csv")
