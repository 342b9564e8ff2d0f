"""Which policy speaks for a place on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policies.packs import Pack, all_packs
from portal.policies.schema import Value
from portal.policies.timeline import NoPolicyInForce, lineage, overlaps, pack_at


def pack(pack_id: str, code: str, start: date, end: date | None = None) -> Pack:
    model = all_packs()["guizhou-2022"]
    head = replace(
        model.head, id=pack_id, jurisdiction=code, applies_from=Value(start, "GZ-01"), applies_until=Value(end, "GZ-01")
    )
    return replace(model, head=head)


OLD = pack("old", "520000", date(2014, 1, 1))
NEW = pack("new", "520000", date(2022, 7, 22))
CITY = pack("city", "520100", date(2023, 1, 1), date(2023, 12, 31))


def test_a_county_is_under_the_policy_of_its_province():
    assert pack_at([OLD, NEW], "520103", date(2024, 1, 1)) is NEW


def test_a_later_policy_takes_over_on_its_first_day():
    assert pack_at([OLD, NEW], "520000", date(2022, 7, 21)) is OLD
    assert pack_at([OLD, NEW], "520000", date(2022, 7, 22)) is NEW
    assert overlaps([NEW, OLD]) == []


def test_the_nearest_place_with_a_policy_wins():
    assert pack_at([NEW, CITY], "520103", date(2023, 6, 1)) is CITY
    assert pack_at([NEW, CITY], "520200", date(2023, 6, 1)) is NEW


def test_a_city_policy_that_ended_gives_way_to_the_province():
    assert pack_at([NEW, CITY], "520103", date(2024, 1, 1)) is NEW


def test_a_policy_that_ended_still_governs_what_was_granted_under_it():
    found = pack_at([CITY], "520103", date(2030, 1, 1))
    assert found is CITY
    assert not found.applies_on(date(2030, 1, 1))


def test_before_the_first_policy_there_is_none_and_the_answer_says_from_when():
    with pytest.raises(NoPolicyInForce, match="2014-01-01"):
        pack_at([OLD, NEW], "520103", date(2013, 12, 31))


def test_a_place_without_any_policy_is_told_how_to_get_one():
    with pytest.raises(NoPolicyInForce, match="fixtures/policies"):
        pack_at([OLD, NEW], "110101", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (pack("a", "520000", date(2022, 1, 1)), pack("b", "520000", date(2022, 1, 1))),
        (pack("a", "520000", date(2022, 1, 1), date(2023, 1, 1)), pack("b", "520000", date(2023, 1, 1))),
        (pack("a", "520000", date(2022, 1, 1), date(2029, 1, 1)), pack("b", "520000", date(2023, 1, 1))),
    ],
)
def test_two_policies_for_the_same_days_are_an_error_that_names_both(earlier, later):
    (problem,) = overlaps([later, earlier])
    assert "a（" in problem.found
    assert "b（" in problem.found
    assert problem.fix


def test_policies_one_after_the_other_do_not_overlap():
    assert overlaps([CITY, pack("next", "520100", date(2024, 1, 1))]) == []


def test_policies_of_different_places_never_overlap():
    assert overlaps([pack("a", "520000", date(2022, 1, 1)), pack("b", "650000", date(2022, 1, 1))]) == []


def test_the_way_up_the_tree_starts_at_the_place_itself():
    assert lineage("520103") == ("520103", "520100", "520000", "000000")
    assert lineage("520000") == ("520000", "000000")
    assert lineage("520103400000")[0] == "520103400000"


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=6, unique=True), st.integers(0, 6000))
def test_at_any_day_the_last_policy_begun_is_found(starts, offset):
    first, day = date(2010, 1, 1), date(2010, 1, 1) + timedelta(days=offset)
    packs = [pack(f"p{start}", "520000", first + timedelta(days=start)) for start in starts]
    begun = [start for start in starts if start <= offset]
    if begun:
        assert pack_at(packs, "520103", day).id == f"p{max(begun)}"
    else:
        with pytest.raises(NoPolicyInForce):
            pack_at(packs, "520103", day)
