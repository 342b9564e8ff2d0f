"""The targets of each policy, held against what was measured."""

from datetime import date
from decimal import Decimal

import pytest

from portal.policies.packs import all_packs
from portal.policies.targets import Measurement, evaluate_targets, target_codes

DAY = date(2025, 12, 31)


def row(pack_id: str, indicator: str, *measured: tuple[date, str], as_of: date = DAY):
    measurements = [Measurement(indicator, on, Decimal(value)) for on, value in measured]
    rows = evaluate_targets(all_packs()[pack_id], as_of, measurements)
    return next(row for row in rows if row.indicator == indicator)


def test_every_pack_has_its_targets_in_order():
    assert {pack.id: len(pack.targets) for pack in all_packs().values()} == {
        "guizhou-2022": 4,
        "xinjiang-2015": 8,
        "tibet-2019": 4,
        "jiaxing-2013": 23,
        "ordos-2022": 12,
    }
    rows = evaluate_targets(all_packs()["ordos-2022"], DAY, [])
    assert tuple(row.indicator for row in rows) == target_codes(all_packs()["ordos-2022"])
    assert {row.value for row in rows} == {None}
    assert {row.met for row in rows} == {None}


def test_150_bases_meet_the_goal_of_guizhou_because_the_figure_is_included():
    assert row("guizhou-2022", "bases_county_level_and_above", (DAY, "150")).met is True
    assert row("guizhou-2022", "bases_county_level_and_above", (DAY, "149")).met is False


def test_the_last_value_on_or_before_the_day_counts():
    values = ((date(2025, 1, 1), "10"), (date(2025, 6, 1), "20"), (date(2026, 1, 1), "200"))
    assert row("guizhou-2022", "bases_county_level_and_above", *values).value == 20
    assert row("guizhou-2022", "bases_county_level_and_above", *reversed(values)).value == 20


def test_of_two_values_of_one_day_the_later_given_counts():
    assert row("guizhou-2022", "new_national_bases", (DAY, "3"), (DAY, "6")).value == 6


@pytest.mark.parametrize(
    ("pack_id", "indicator"),
    [
        ("guizhou-2022", "county_coverage_any"),
        ("guizhou-2022", "county_coverage_provincial"),
        ("tibet-2019", "counties_covered"),
        ("tibet-2019", "area_coverage"),
    ],
)
def test_where_the_source_strives_without_a_number_nothing_is_judged(pack_id, indicator):
    found = row(pack_id, indicator, (DAY, "100"))
    assert (found.goal, found.met, found.value) == (None, None, 100)


def test_striving_with_a_number_is_judged():
    assert row("guizhou-2022", "new_national_bases", (DAY, "5")).met is True
    assert row("ordos-2022", "regional_demo_bases", (DAY, "4")).met is False


def test_values_are_compared_exactly():
    assert row("jiaxing-2013", "firm_growth", (DAY, "7.9999999999999999999999999999999999")).met is False
    assert row("jiaxing-2013", "firm_growth", (DAY, "8.0")).met is True


def test_three_years_in_jiaxing_end_with_2015_which_is_assumed():
    by = {target.indicator: target.by for target in all_packs()["jiaxing-2013"].targets}
    assert by["city_bases"].value == date(2015, 12, 31)
    assert by["city_bases"].assumed
    assert by["city_bases"].ambiguity == "J-1"
    assert by["guidance_trainees"].value == date(2016, 12, 31)
    assert by["policy_take_up"].value is None


def test_an_unknown_indicator_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        evaluate_targets(all_packs()["ordos-2022"], DAY, [Measurement("nothing", DAY, Decimal(1))])
