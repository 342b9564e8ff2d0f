"""The calendar of a place: national table, local days, loading a published year, the warning from 1 November."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.deadlines.calendar import add_local_day, calendar_for, forget, load_calendar, remove_local_day
from portal.deadlines.checks import calendar_is_known, next_year_warning
from portal.deadlines.holidays import HOLIDAYS, HolidayRow, national_calendar, read_holidays
from portal.deadlines.models import CalendarDay
from portal.deadlines.reclock import Touched
from portal.deadlines.terms import due
from portal.errors import DomainError
from portal.jurisdictions.models import Jurisdiction, Level

pytestmark = pytest.mark.django_db

FESTIVAL = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    forget()
    yield
    forget()


def place(code: str, name: str, level: str) -> Jurisdiction:
    return Jurisdiction.objects.get_or_create(code=code, defaults={"name": name, "level": level})[0]


@pytest.fixture
def lhasa() -> Jurisdiction:
    return place("540100", "拉萨市", Level.CITY)


@pytest.fixture
def tibet() -> Jurisdiction:
    return place("540000", "西藏自治区", Level.PROVINCE)


@pytest.fixture
def guiyang() -> Jurisdiction:
    return place("520100", "贵阳市", Level.CITY)


def official_2027() -> list[HolidayRow]:
    rows = [row for row in read_holidays(HOLIDAYS) if row.date.year == 2027]
    published = [HolidayRow(r.date, r.kind, r.name, "official", "国办通知") for r in rows]
    return [*published, HolidayRow(date(2027, 2, 20), "work", "春节", "official", "国办通知")]


def test_the_table_holds_the_shipped_calendar() -> None:
    assert CalendarDay.objects.count() == len(read_holidays(HOLIDAYS))
    for start in (date(2026, 2, 11), date(2012, 9, 27)):
        assert calendar_for(None).add_workdays(start, 9) == national_calendar().add_workdays(start, 9)
    assert calendar_for(None).status(2027) == "estimate"


def test_an_empty_table_falls_back_to_the_shipped_calendar() -> None:
    CalendarDay.objects.all().delete()
    forget()
    assert calendar_for(None).status(2026) == "official"


def test_a_region_s_own_festival_counts_there_and_below_and_nowhere_else(
    tibet: Jurisdiction, lhasa: Jurisdiction, guiyang: Jurisdiction
) -> None:
    add_local_day(tibet, FESTIVAL, kind="off", name="地方节日", source="自治区政府办公厅通知")
    assert not calendar_for(tibet).is_workday(FESTIVAL)
    assert not calendar_for(lhasa).is_workday(FESTIVAL)
    assert calendar_for(guiyang).is_workday(FESTIVAL)
    assert calendar_for(None).is_workday(FESTIVAL)
    assert due(date(2026, 3, 2), 1, "workday", calendar_for(lhasa)).on == date(2026, 3, 4)


def test_the_nearer_place_wins_over_the_one_above_it(tibet: Jurisdiction, lhasa: Jurisdiction) -> None:
    add_local_day(lhasa, FESTIVAL, kind="work", name="调休", source="市政府通知")
    add_local_day(tibet, FESTIVAL, kind="off", name="地方节日", source="自治区通知")
    assert calendar_for(lhasa).is_workday(FESTIVAL)
    assert not calendar_for(tibet).is_workday(FESTIVAL)


def test_a_removed_local_day_is_a_working_day_again(tibet: Jurisdiction) -> None:
    add_local_day(tibet, FESTIVAL, kind="off", name="地方节日", source="自治区通知")
    assert not calendar_for(tibet).is_workday(FESTIVAL)
    remove_local_day(tibet, FESTIVAL)
    assert calendar_for(tibet).is_workday(FESTIVAL)
    with pytest.raises(DomainError, match="没有地方日历记录"):
        remove_local_day(tibet, FESTIVAL)


def test_a_local_day_without_its_document_or_listed_twice_is_refused(tibet: Jurisdiction) -> None:
    with pytest.raises(DomainError, match="依据文件"):
        add_local_day(tibet, FESTIVAL, kind="off", name="地方节日", source=" ")
    add_local_day(tibet, FESTIVAL, kind="off", name="地方节日", source="自治区通知")
    with pytest.raises(DomainError, match="西藏自治区在2026-03-03已有"):
        add_local_day(tibet, FESTIVAL, kind="work", name="又一次", source="自治区通知")


def test_loading_the_official_year_ends_the_estimate_and_names_the_year() -> None:
    provisional = due(date(2027, 2, 4), 6, "workday", calendar_for(None))
    assert provisional.provisional
    assert load_calendar(official_2027()) == (2027,)
    settled = due(date(2027, 2, 4), 6, "workday", calendar_for(None))
    assert not settled.provisional
    assert load_calendar(official_2027()) == ()


def test_part_of_an_unpublished_year_is_refused_and_nothing_changes() -> None:
    before = list(CalendarDay.objects.values_list("date", "kind"))
    with pytest.raises(DomainError, match="2028年的放假日不足"):
        load_calendar([*official_2027(), HolidayRow(date(2028, 1, 1), "off", "元旦", "official", "国办通知")])
    assert list(CalendarDay.objects.values_list("date", "kind")) == before


def test_an_estimate_never_replaces_an_official_year() -> None:
    with pytest.raises(DomainError, match="2026年已有正式放假安排"):
        load_calendar([HolidayRow(date(2026, 5, 6), "off", "劳动节", "estimate", "推算")])


def test_a_late_correction_of_an_official_year_adds_single_days() -> None:
    assert load_calendar([HolidayRow(date(2026, 5, 6), "off", "劳动节", "official", "补充通知")]) == (2026,)
    assert not calendar_for(None).is_workday(date(2026, 5, 6))
    assert not calendar_for(None).is_workday(date(2026, 10, 1))


def test_the_warning_begins_on_1_november() -> None:
    assert next_year_warning(national_calendar(), date(2026, 10, 31)) == ""
    assert "2027年放假和调休安排仍为预估" in next_year_warning(national_calendar(), date(2026, 11, 1))
    assert "2028年放假和调休安排尚未录入" in next_year_warning(national_calendar(), date(2027, 12, 31))
    assert next_year_warning(national_calendar(), date(2025, 12, 1)) == ""


def test_the_system_check_warns_until_the_year_is_loaded(time_machine) -> None:
    time_machine.move_to("2026-11-22T10:00:00+08:00")
    assert [warning.id for warning in calendar_is_known(databases=["default"])] == ["deadlines.W001"]
    load_calendar(official_2027())
    assert calendar_is_known(databases=["default"]) == []


def write(rows: list[HolidayRow], file: Path) -> Path:
    lines = [f"{r.date},{r.kind},{r.name},{r.status},{r.source}" for r in rows]
    file.write_text("\n".join(["date,kind,name,status,source", *lines]), encoding="utf-8")
    return file


def test_the_command_loads_a_year_recomputes_and_shows_it(tmp_path: Path, settings) -> None:
    settings.RECLOCKS = ["tests.portal.deadlines.test_calendar.three_deadlines_moved"]
    file = write(official_2027(), tmp_path / "2027.csv")
    out = StringIO()
    call_command("calendar", "load", file, "--check", stdout=out)
    assert "将更新2027年日历，重新计算期限 3 项" in out.getvalue()
    assert calendar_for(None).status(2027) == "estimate"
    call_command("calendar", "load", file, stdout=out)
    call_command("calendar", "show", "2027", stdout=out)
    assert "已更新2027年日历，重新计算期限 3 项" in out.getvalue()
    assert "2027年 正式公布" in out.getvalue()
    assert "2027-02-20  上班  春节  全国  正式公布" in out.getvalue()


def three_deadlines_moved(years: tuple[int, ...], *, on: date, touched: Touched) -> set[tuple[str, str]]:
    moved = {("case", "1"), ("case", "2"), ("case", "3")}
    return moved if years == (2027,) and touched.days == (date(2027, 2, 20),) else set()


def test_the_command_refuses_a_bad_file_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("date,kind,name,status,source\n2027-13-01,off,元旦,official,通知\n", encoding="utf-8")
    with pytest.raises(CommandError, match="第2行“date”列"):
        call_command("calendar", "load", file)


def test_one_look_at_the_table_serves_a_page(django_assert_num_queries, settings, lhasa: Jurisdiction) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 5.0
    calendar_for(lhasa)
    with django_assert_num_queries(0):
        assert calendar_for(lhasa) is calendar_for(lhasa)
