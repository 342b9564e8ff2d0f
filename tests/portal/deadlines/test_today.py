"""The business clock: Chinese time, and the demo's date that only goes forward."""

from datetime import date, timedelta

import pytest

from portal.deadlines.today import business_now, business_today, move_business_date
from portal.errors import DomainError

pytestmark = pytest.mark.django_db


def test_the_day_begins_at_midnight_in_china_for_the_whole_country(time_machine) -> None:
    time_machine.move_to("2026-11-21T16:30:00+00:00")
    assert business_today() == date(2026, 11, 22)
    assert business_now().utcoffset() == timedelta(hours=8)


def test_outside_the_demo_the_date_cannot_be_moved(settings) -> None:
    settings.DEMO = False
    with pytest.raises(DomainError, match="演示环境"):
        move_business_date(date(2099, 1, 1))


def test_the_demo_date_moves_ahead_and_never_back(settings, time_machine) -> None:
    settings.DEMO = True
    time_machine.move_to("2026-11-22T09:00:00+08:00")
    assert move_business_date(date(2026, 11, 30)) == date(2026, 11, 30)
    assert business_today() == date(2026, 11, 30)
    with pytest.raises(DomainError, match="不能退回到2026-11-29"):
        move_business_date(date(2026, 11, 29))
    assert business_today() == date(2026, 11, 30)
    time_machine.move_to("2026-11-23T09:00:00+08:00")
    assert business_today() == date(2026, 12, 1)


def test_the_clock_of_the_demo_does_not_reach_a_real_portal(settings, time_machine) -> None:
    settings.DEMO = True
    time_machine.move_to("2026-11-22T09:00:00+08:00")
    move_business_date(date(2026, 11, 30))
    settings.DEMO = False
    assert business_today() == date(2026, 11, 22)
