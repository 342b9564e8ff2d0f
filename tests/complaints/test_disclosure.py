"""Numbers and days are told so that nobody is found by them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.disclosure import suppressed, suppressed_part, week_of


@pytest.mark.parametrize(("n", "told"), [(0, 0), (1, None), (2, None), (3, 3), (40, 40)])
def test_fewer_than_three_are_not_told_and_none_is(n: int, told: int | None) -> None:
    assert suppressed(n, 3) == told


@pytest.mark.parametrize(("part", "told"), [(0, 0), (2, None), (3, 3), (4, None), (6, 6)])
def test_a_part_is_hidden_too_where_what_it_leaves_of_the_whole_is_small(part: int, told: int | None) -> None:
    assert suppressed_part(part, 6, 3) == told


@given(st.dates(min_value=datetime.date(2, 1, 1)))
def test_the_week_hides_which_of_seven_days_it_was(day: datetime.date) -> None:
    first = week_of(day)
    assert first.weekday() == 0
    assert first <= day < first + datetime.timedelta(7)
    assert {week_of(first + datetime.timedelta(n)) for n in range(7)} == {first}


def test_the_last_day_of_february_is_told_no_closer_than_any_other() -> None:
    assert week_of(datetime.date(2028, 2, 29)) == week_of(datetime.date(2028, 3, 1)) == datetime.date(2028, 2, 28)
