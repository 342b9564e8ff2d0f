"""How a deadline looks on a day."""

from datetime import date

import pytest
from django.template import Context, Template

from portal.deadlines.holidays import national_calendar
from portal.deadlines.terms import due
from portal.web.due import standing

TUESDAY = date(2026, 11, 24)


def at(on: date, today: date = TUESDAY, **options: bool):
    return standing(on, today=today, calendar=national_calendar(), **options)


@pytest.mark.parametrize(
    ("on", "level", "words"),
    [
        (date(2026, 12, 3), "normal", "剩余 7 个工作日"),
        (date(2026, 11, 27), "soon", "剩余 3 个工作日"),
        (date(2026, 11, 30), "normal", "剩余 4 个工作日"),
        (date(2026, 11, 24), "today", "今日到期"),
        (date(2026, 11, 20), "overdue", "逾期 2 个工作日"),
    ],
)
def test_level_and_words_count_working_days(on: date, level: str, words: str) -> None:
    seen = at(on)
    assert (seen.level, seen.words) == (level, words)


def test_a_make_up_saturday_counts_as_a_working_day() -> None:
    assert at(date(2026, 5, 9), today=date(2026, 5, 8)).words == "剩余 1 个工作日"


def test_a_due_day_with_no_working_day_before_it_counts_days() -> None:
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    assert at(sunday, today=saturday).words == "剩余 1 天"
    assert at(saturday, today=sunday).words == "逾期 1 天"


def test_a_paused_clock_is_neither_near_nor_overdue() -> None:
    assert at(date(2026, 11, 1), paused=True).level == "paused"


def test_levels_differ_in_icon_and_word_not_in_colour_alone() -> None:
    days = [date(2026, 12, 30), date(2026, 11, 26), TUESDAY, date(2026, 11, 2)]
    seen = [at(day) for day in days] + [at(TUESDAY, paused=True)]
    assert len({one.icon for one in seen}) == len({one.words for one in seen}) == 5


def test_chip_carries_its_sum_as_title() -> None:
    moment = due(TUESDAY, 5, "workday", national_calendar())
    html = Template("{% due moment dated=True %}").render(Context({"moment": moment, "today": TUESDAY}))
    assert 'data-level="normal"' in html
    assert moment.sum in html
    assert "剩余 5 个工作日，2026-12-01" in html
