"""Terms of law: Civil Code arts. 200 to 204, 调休, pauses and provisional years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deadlines.holidays import national_calendar
from portal.deadlines.terms import Calendar, Due, Pause, add_months, add_years, again, due, moved

OFFICIAL = st.dates(date(2004, 2, 1), date(2026, 9, 1))
ANY_DAY = st.dates(date(1949, 1, 1), date(2100, 12, 31))


def counted_by_hand(start: date, n: int, calendar: Calendar, paused: frozenset[date] = frozenset()) -> date:
    """Count working days one by one, as an officer with a wall calendar would."""
    day = start
    while n:
        day += timedelta(days=1)
        if calendar.is_workday(day) and day not in paused:
            n -= 1
    return day


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 2, 11), 5, date(2026, 2, 25)),
        (date(2026, 4, 29), 5, date(2026, 5, 9)),
        (date(2026, 9, 24), 7, date(2026, 10, 12)),
        (date(2026, 1, 30), 15, date(2026, 2, 27)),
    ],
)
def test_working_days_know_make_up_days(start: date, n: int, expected: date) -> None:
    assert national_calendar().add_workdays(start, n) == expected
    assert due(start, n, "workday", national_calendar()).on == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2022, 7, 22), 24, date(2024, 7, 22)),
        (date(2023, 2, 28), 1, date(2023, 3, 28)),
        (date(2027, 8, 31), -6, date(2027, 2, 28)),
        (date(2027, 12, 31), 1, date(2028, 1, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


def test_five_years_from_a_leap_day_end_on_28_february() -> None:
    assert add_years(date(2024, 2, 29), 5) == date(2029, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_term_past_the_year_9999_overflows() -> None:
    with pytest.raises(OverflowError):
        add_years(date(9998, 1, 1), 2)
    with pytest.raises(OverflowError):
        national_calendar().add_workdays(date(9999, 12, 31), 1)


def test_the_day_of_the_event_is_not_counted() -> None:
    assert due(date(2026, 3, 2), 1, "day", national_calendar()).on == date(2026, 3, 3)
    assert due(date(2026, 3, 2), 1, "workday", national_calendar()).on == date(2026, 3, 3)


def test_a_last_day_on_a_holiday_moves_to_the_next_working_day_with_its_sum() -> None:
    result = due(date(2026, 1, 17), 30, "day", national_calendar())  # runs full on 16 February, Spring Festival
    assert result.on == date(2026, 2, 24)
    assert result.moved_from == date(2026, 2, 16)
    assert not result.provisional
    assert result.sum == (
        "自2026年1月17日起30日（当日不计入），2026年2月16日届满，当日为春节放假，"
        "依《民法典》第二百零三条顺延至2026年2月24日。"
    )


def test_a_last_day_on_a_make_up_saturday_does_not_move() -> None:
    result = due(date(2026, 2, 14), 84, "day", national_calendar())
    assert (result.on, result.moved_from) == (date(2026, 5, 9), None)


def test_bans_and_periods_are_not_moved() -> None:
    result = due(date(2021, 10, 1), 5, "year", national_calendar(), moves=False)
    assert (result.on, result.moved_from) == (date(2026, 10, 1), None)
    assert result.sum == "自2021年10月1日起5年（当日不计入），至2026年10月1日届满。"


def test_the_sum_of_working_days_names_the_festival_and_the_make_up_days() -> None:
    assert due(date(2026, 2, 11), 5, "workday", national_calendar()).sum == (
        "自2026年2月11日起5个工作日（当日不计入），期间2月14日调休上班、2月16日至20日春节放假、2月23日春节放假，至2026年2月25日届满。"
    )


def test_a_pause_is_made_up_for_at_the_end() -> None:
    pause = Pause(date(2026, 3, 5), date(2026, 3, 11), "专家评审")
    calendar = national_calendar()
    assert due(date(2026, 3, 2), 10, "day", calendar, pauses=[pause]).on == date(2026, 3, 19)
    working = due(date(2026, 3, 2), 5, "workday", calendar, pauses=[pause])
    assert working.on == date(2026, 3, 16)  # 3, 4, (5, 6, 9, 10, 11), 12, 13, 16
    assert "3月5日至11日专家评审不计入" in working.sum
    assert due(date(2026, 3, 2), 2, "month", calendar, pauses=[pause]).on == date(2026, 5, 9)


def test_a_pause_before_or_after_the_term_changes_nothing() -> None:
    pauses = [Pause(date(2026, 2, 1), date(2026, 3, 2)), Pause(date(2026, 3, 20), date(2026, 3, 25))]
    assert due(date(2026, 3, 2), 10, "day", national_calendar(), pauses=pauses).on == date(2026, 3, 12)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="pause"):
        Pause(date(2026, 3, 5), date(2026, 3, 4))


def test_an_estimated_year_makes_the_result_provisional() -> None:
    result = due(date(2026, 12, 30), 5, "workday", national_calendar())
    assert result.provisional
    assert result.sum.endswith("（2027年放假安排尚未公布，暂按预估日历）。")


def test_a_missing_year_counts_monday_to_friday_and_says_so() -> None:
    result = due(date(2030, 9, 30), 3, "workday", national_calendar())
    assert result.on == date(2030, 10, 3)
    assert result.provisional
    assert "2030年无放假安排数据，暂按预估日历，以周一至周五为工作日" in result.sum


def test_a_term_that_never_asks_the_calendar_is_not_provisional() -> None:
    assert not due(date(2026, 7, 1), 5, "year", national_calendar(), moves=False).provisional


def test_a_fixed_last_day_moves_with_a_note() -> None:
    assert moved(date(2025, 1, 31), national_calendar()) == (
        date(2025, 2, 5),
        "2025年1月31日为春节放假，依《民法典》第二百零三条顺延至2025年2月5日",
    )
    assert moved(date(2024, 1, 31), national_calendar()) == (date(2024, 1, 31), "")
    on, note = moved(date(2027, 1, 31), national_calendar())
    assert on == date(2027, 2, 1)
    assert note.startswith("2027年1月31日为星期日")
    assert "暂按预估日历" in note


def test_a_negative_length_and_an_unknown_unit_are_refused() -> None:
    with pytest.raises(ValueError, match="long"):
        due(date(2026, 1, 1), -1, "day", national_calendar())
    with pytest.raises(ValueError, match="unit"):
        due(date(2026, 1, 1), 1, "week", national_calendar())  # type: ignore[arg-type]  # the refusal is the point


@given(ANY_DAY, st.integers(0, 120))
def test_adding_working_days_agrees_with_counting_by_hand(start: date, n: int) -> None:
    assert national_calendar().add_workdays(start, n) == counted_by_hand(start, n, national_calendar())


@given(ANY_DAY, st.integers(1, 120))
def test_going_back_lands_on_the_first_of_n_working_days_before(start: date, n: int) -> None:
    calendar = national_calendar()
    found = calendar.add_workdays(start, -n)
    between = [found + timedelta(days=i) for i in range((start - found).days)]
    assert calendar.is_workday(found)
    assert sum(map(calendar.is_workday, between)) == n


@given(ANY_DAY, st.integers(-400, 400))
def test_counting_between_is_signed_and_agrees_with_the_days(after: date, distance: int) -> None:
    calendar = national_calendar()
    until = after + timedelta(days=distance)
    first, last = min(after, until), max(after, until)
    by_hand = sum(calendar.is_workday(first + timedelta(days=i + 1)) for i in range((last - first).days))
    assert calendar.workdays_between(after, until) == (by_hand if distance >= 0 else -by_hand)


@given(
    OFFICIAL,
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 20)), max_size=4),
    st.sampled_from(["workday", "day"]),
)
def test_pauses_agree_with_counting_by_hand(start: date, length: int, pauses: list[tuple[int, int]], unit: str) -> None:
    spans = [Pause(start + timedelta(days=a), start + timedelta(days=a + b)) for a, b in pauses]
    paused = frozenset(p.first + timedelta(days=i) for p in spans for i in range((p.last - p.first).days + 1))
    every_day = Calendar({start + timedelta(days=i): "work" for i in range(500)}, {})
    calendar = national_calendar() if unit == "workday" else every_day
    expected = counted_by_hand(start, length, calendar, paused)
    assert due(start, length, unit, national_calendar(), moves=False, pauses=spans).on == expected  # type: ignore[arg-type]


@given(OFFICIAL, st.integers(0, 400), st.sampled_from(["day", "month", "year", "workday"]))
def test_a_due_day_is_a_working_day_unless_it_does_not_move(start: date, length: int, unit: str) -> None:
    result = due(start, length % 60, unit, national_calendar())  # type: ignore[arg-type]
    assert national_calendar().is_workday(result.on) or length % 60 == 0 or result.on.year > 2027
    assert result.moved_from is None or result.moved_from < result.on
    assert Due.from_json(result.as_json()) == result


def test_a_provisional_result_is_computed_anew_and_a_settled_one_stays() -> None:
    published = Calendar({date(2027, 1, 1): "off", date(2027, 1, 4): "off"}, {2026: "official", 2027: "official"})
    provisional = due(date(2026, 12, 30), 3, "workday", national_calendar())
    assert (provisional.on, again(provisional, published).on) == (date(2027, 1, 5), date(2027, 1, 6))
    settled = due(date(2026, 3, 2), 3, "workday", national_calendar())
    assert again(settled, published) is settled
