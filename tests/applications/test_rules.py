"""Who may apply for which title today, and which conditions a base's own figures meet."""

import pytest

from tests.factories.histories import (
    GUIZHOU,
    JIAXING,
    ORDOS,
    TIBET,
    XINJIANG,
    assessed,
    certified,
    judged,
    misconduct,
    notice,
    reasons,
    revoked,
    says,
    surrendered,
)

CITY = certified("2022-08-01", "city")
HELD = certified("2023-01-01")
REVOKED = [CITY, HELD, misconduct("2024-01-10"), *revoked("2024-01-11", "2024-02-20", "2024-02-29")]


# --- reasons ---


def test_on_the_last_day_of_the_ban_one_may_not_apply_and_learns_the_first_day() -> None:
    assert judged(GUIZHOU, "2029-02-28", *REVOKED)["may_apply"]["provincial"] == {
        "allowed": False,
        "from": "2029-03-01",
        "reasons": ["banned"],
    }


def test_on_the_day_after_the_ban_one_may_apply() -> None:
    assert judged(GUIZHOU, "2029-03-01", *REVOKED)["may_apply"]["provincial"] == {
        "allowed": True,
        "from": None,
        "reasons": [],
    }


def test_there_is_no_first_day_where_the_ban_is_not_the_only_reason() -> None:
    row = judged(GUIZHOU, "2025-01-01", *REVOKED, surrendered("2024-06-01", "city"))["may_apply"]["provincial"]
    assert row == {"allowed": False, "from": None, "reasons": ["banned", "requires_title"]}


def test_national_is_barred_while_provincial_is() -> None:
    answer = judged(GUIZHOU, "2025-01-01", *REVOKED)
    assert reasons(answer, "national") == ["banned", "requires_title"]
    held = judged(GUIZHOU, "2025-01-01", *REVOKED, certified("2024-06-01", "national"))
    assert reasons(held, "national") == ["banned", "holds_title", "requires_title"]
    assert reasons(judged(GUIZHOU, "2029-03-01", *REVOKED), "national") == ["requires_title"]


def test_city_and_county_are_not_barred_by_a_ban_on_provincial() -> None:
    assert reasons(judged(GUIZHOU, "2025-01-01", *REVOKED), "county") == []


@pytest.mark.parametrize(
    ("policy", "code"), [(GUIZHOU, "county"), (XINJIANG, "base"), (TIBET, "centre_region"), (JIAXING, "online_base")]
)
def test_a_title_that_stands_may_not_be_applied_for_again(policy: str, code: str) -> None:
    assert reasons(judged(policy, "2024-01-01", certified("2023-01-01", code)), code) == ["holds_title"]
    events = [certified("2023-01-01", code), surrendered("2023-02-01", code)]
    assert reasons(judged(policy, "2024-01-01", *events), code) == []


def test_a_title_whose_proceedings_run_may_not_be_applied_for() -> None:
    events = [HELD, misconduct("2023-02-01"), surrendered("2023-03-01"), notice("2023-04-01")]
    assert reasons(judged(GUIZHOU, "2023-12-31", *events)) == ["holds_title"]


def test_provincial_needs_a_city_title_from_the_2024_call_on() -> None:
    assert reasons(judged(GUIZHOU, "2024-03-25")) == []
    assert reasons(judged(GUIZHOU, "2024-03-26")) == ["requires_title"]
    assert reasons(judged(GUIZHOU, "2024-03-26", CITY)) == []
    assert reasons(judged(GUIZHOU, "2024-03-26", certified("2022-08-01", "county"))) == ["requires_title"]
    assert reasons(judged(GUIZHOU, "2024-03-26", CITY, surrendered("2023-01-01", "city"))) == ["requires_title"]


def test_the_trace_names_where_a_prerequisite_comes_from() -> None:
    answer = judged(GUIZHOU, "2024-03-26")
    assert says(answer, "省级创业孵化示范基地", "须先有称号“市级创业孵化基地”", "D-01，假定")
    barred = judged(GUIZHOU, "2025-01-01", *REVOKED)
    assert says(barred, "国家级创业孵化示范基地", "“省级创业孵化示范基地”在暂停申报期内（G-08，假定）")
    assert says(judged(ORDOS, "2024-01-01"), "须先有称号“创业园孵化基地”（ER-24，假定）", "缺少判断申报条件的数据")


def test_national_needs_a_provincial_title_in_good_standing() -> None:
    assert reasons(judged(GUIZHOU, "2023-06-01", HELD), "national") == []
    assert reasons(judged(GUIZHOU, "2023-06-01"), "national") == ["requires_title"]
    assert reasons(judged(GUIZHOU, "2023-06-01", HELD, assessed("2023-05-01", "fail")), "national") == [
        "requires_title"
    ]
    events = [HELD, misconduct("2023-02-01"), notice("2023-04-01")]
    assert reasons(judged(GUIZHOU, "2023-06-01", *events), "national") == ["requires_title"]


PARK = certified("2023-01-01", "park")


def test_student_park_needs_a_park_title() -> None:
    base = {"tenants": 10, "student_founded": 5}
    assert reasons(judged(ORDOS, "2024-01-01", PARK, base=base), "student_park") == []
    assert reasons(judged(ORDOS, "2024-01-01", base=base), "student_park") == ["requires_title"]


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ({"tenants": 10, "student_founded": 5}, []),
        ({"tenants": 2001, "student_founded": 1000}, ["condition_unmet"]),  # 0.49975…
        ({"tenants": 10, "student_founded": 0}, ["condition_unmet"]),
        ({"tenants": 0, "student_founded": 0}, ["condition_unknown"]),
        ({"tenants": 10}, ["condition_unknown"]),
        ({"student_founded": 5, "tenants": None}, ["condition_unknown"]),
        (None, ["condition_unknown"]),
    ],
)
def test_student_park_needs_half_of_the_tenants(base: dict[str, int] | None, expected: list[str]) -> None:
    assert reasons(judged(ORDOS, "2024-01-01", PARK, base=base), "student_park") == expected


def test_all_reasons_come_in_order() -> None:
    answer = judged(
        ORDOS, "2024-01-01", certified("2023-01-01", "student_park"), base={"tenants": 3, "student_founded": 1}
    )
    assert reasons(answer, "student_park") == ["holds_title", "requires_title", "condition_unmet"]


# --- conditions ---


def free_space(**base: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = judged(ORDOS, "2024-01-01", base=base)["conditions"]
    return found


def test_three_tenths_of_free_space_meet_the_condition_exactly() -> None:
    row = {"condition": "free_space", "required": "0.30", "clause": "ER-22"}
    stated = {"government_developed": True, "area": 1000.1}
    assert free_space(**stated, free_area=300.03) == [{**row, "met": True, "found": "0.3000"}]
    assert free_space(**stated, free_area=300.02) == [{**row, "met": False, "found": "0.3000"}]


@pytest.mark.parametrize(
    "base",
    [
        {"government_developed": False, "area": 100, "free_area": 50},
        {"area": 100, "free_area": 50},
        {"government_developed": None, "area": 100, "free_area": 50},
        {"government_developed": True, "area": 0, "free_area": 0},
        {"government_developed": True, "area": 100},
        {"government_developed": True, "free_area": 50},
    ],
)
def test_free_space_is_asked_only_where_everything_is_stated(base: dict[str, object]) -> None:
    assert free_space(**base) == []


@pytest.mark.parametrize(
    ("part", "whole", "found"),
    [
        (1, 3, "0.3333"),
        (2, 3, "0.6667"),
        (1, 20000, "0.0001"),
        (1, 20001, "0.0000"),
        (5, 4, "1.2500"),
        (0, 7, "0.0000"),
    ],
)
def test_shares_are_shown_with_four_decimals_rounded_half_up(part: int, whole: int, found: str) -> None:
    assert free_space(tenants=whole, student_founded=part)[0]["found"] == found


def test_half_of_the_tenants_meet_the_condition_of_a_student_park() -> None:
    assert free_space(tenants=4, student_founded=2) == [
        {"condition": "student_park", "met": True, "found": "0.5000", "required": "0.50", "clause": "ER-24"}
    ]
    assert free_space(tenants=5, student_founded=2)[0]["met"] is False
    assert free_space(tenants=0, student_founded=0) == []


def test_conditions_come_in_the_order_of_the_table() -> None:
    rows = free_space(student_founded=1, tenants=2, free_area=1, area=2, government_developed=True)
    assert [row["condition"] for row in rows] == ["free_space", "student_park"]


FACILITIES = (
    "power",
    "water",
    "fire_safety",
    "telecom",
    "network",
    "public_space",
    "shared_office",
    "ready_to_enter",
)
RULES = ["operation", "coaching", "admission", "graduation", "finance", "confidentiality", "ip", "daily_service"]


def tibet(**base: object) -> dict[str, dict[str, object]]:
    return {row["condition"]: row for row in judged(TIBET, "2024-01-01", base=base)["conditions"]}


def test_an_operator_is_independent_and_has_a_team() -> None:
    assert tibet(independent_operator=True, service_team=True)["operator"]["met"] is True
    row = tibet(independent_operator=True, service_team=False)["operator"]
    assert (row["met"], row["found"], row["clause"]) == (False, ["service_team"], "XZ-13")
    assert tibet(independent_operator=True) == {}


@pytest.mark.parametrize("missing", FACILITIES)
def test_all_facilities_are_needed(missing: str) -> None:
    base = dict.fromkeys(FACILITIES, True)
    assert tibet(**base)["facilities"]["met"] is True
    assert tibet(**{**base, missing: False})["facilities"]["found"] == [missing]
    assert tibet(**{**base, missing: None}) == {}


@pytest.mark.parametrize("missing", RULES)
def test_all_rules_are_needed(missing: str) -> None:
    base = {"rules": [rule for rule in RULES if rule != missing], "service_standard": True, "staff_listed": True}
    row = tibet(**base)["rulebook"]
    assert (row["met"], row["found"], row["clause"]) == (False, [missing], "XZ-15")


def test_a_rulebook_may_hold_more_and_needs_standard_and_staff() -> None:
    base = {"rules": ["extra", *reversed(RULES)], "service_standard": True, "staff_listed": True}
    assert tibet(**base)["rulebook"]["met"] is True
    assert tibet(**{**base, "staff_listed": False})["rulebook"]["found"] == ["staff_listed"]
    assert tibet(**{**base, "service_standard": None}) == {}
    assert tibet(**{**base, "rules": []})["rulebook"]["found"] == RULES


@pytest.mark.parametrize("policy", [GUIZHOU, XINJIANG, JIAXING])
def test_other_policies_state_no_conditions(policy: str) -> None:
    base = {"government_developed": True, "area": 1, "free_area": 1, "tenants": 1, "student_founded": 1}
    assert judged(policy, "2024-01-01", base=base)["conditions"] == []
