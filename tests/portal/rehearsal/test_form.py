"""Errors of form: found first, in the order of the file, each with its path."""

import json
from typing import Any

import pytest

from portal.rehearsal.evaluate import evaluate_line
from portal.rehearsal.reading import EVENTS
from tests.factories.histories import (
    GUIZHOU,
    ORDOS,
    TIBET,
    answered,
    assessed,
    at,
    certified,
    claim,
    complaint,
    granted,
    internship,
    judged,
    line,
    ordered,
    paid,
    refused,
    tenant,
)

DAY = "2024-01-01"


def path(parts: Any) -> str:
    """Return the path of the error of a whole line."""
    answer = answered(parts)
    assert set(answer) == {"id", "error"}
    assert set(answer["error"]) == {"path", "message"}
    assert answer["error"]["message"]
    found: str = answer["error"]["path"]
    return found


def bad(event: dict[str, Any], policy: str = ORDOS, as_of: str = "2025-06-30") -> str:
    return refused(policy, as_of, event).removeprefix("events[0].")


# --- the line ---


@pytest.mark.parametrize("key", ["id", "policy", "as_of", "events"])
def test_a_missing_key_is_named(key: str) -> None:
    parts = line(GUIZHOU, DAY)
    del parts[key]
    assert path(parts) == key


def test_an_unknown_key_is_named() -> None:
    assert path({**line(GUIZHOU, DAY), "note": 1}) == "note"
    assert path({**line(GUIZHOU, DAY), "measurements": []}) == "measurements"


def test_base_may_be_absent_or_null() -> None:
    assert judged(GUIZHOU, DAY)["conditions"] == []
    assert answered({**line(GUIZHOU, DAY), "base": None})["conditions"] == []


def test_errors_come_in_the_order_of_the_contract() -> None:
    parts: dict[str, Any] = {"id": 1, "policy": "x", "as_of": "x", "base": 1, "events": [1], "more": 0}
    found = []
    for key, repaired in [("more", None), ("policy", ORDOS), ("as_of", DAY), ("base", {}), ("events[0]", [])]:
        found.append((path(parts), key))
        parts.pop("more", None)
        if key != "more":
            parts[key.removesuffix("[0]")] = repaired
    assert all(got == expected for got, expected in found)
    assert "error" not in answered(parts)


@pytest.mark.parametrize("policy", ["guizhou", "", None, 1, ["guizhou-2022"], "template"])
def test_a_policy_must_be_known(policy: object) -> None:
    assert path({**line(GUIZHOU, DAY), "policy": policy}) == "policy"


BAD_DAYS = [
    "2023-02-29",
    "2024-13-01",
    "20240101",
    "2024-1-1",
    "2024-01-01T00:00:00",
    "2024-W01-1",
    "",
    None,
    20240101,
    "２０２４-01-01",
]


@pytest.mark.parametrize("day", BAD_DAYS)
def test_a_day_must_exist_and_be_written_in_full(day: object) -> None:
    assert path({**line(GUIZHOU, DAY), "as_of": day}) == "as_of"
    assert bad({**certified(DAY, "park"), "on": day}) == "on"


@pytest.mark.parametrize("events", [None, {}, "x", 1])
def test_events_must_be_an_array(events: object) -> None:
    assert path({**line(GUIZHOU, DAY), "events": events}) == "events"


@pytest.mark.parametrize("event", [None, [], "x", 1, True])
def test_an_event_must_be_an_object(event: Any) -> None:
    assert refused(GUIZHOU, DAY, certified("2023-01-01"), event) == "events[1]"


@pytest.mark.parametrize("line_id", ["a", "", 0, -1, 1.5, True, False, None, "基地"])
def test_any_scalar_id_comes_back_as_it_was(line_id: object) -> None:
    for parts in (line(GUIZHOU, DAY), {**line(GUIZHOU, DAY), "policy": "x"}):
        answer = answered({**parts, "id": line_id})
        assert answer["id"] == line_id
        assert type(answer["id"]) is type(line_id)


@pytest.mark.parametrize("line_id", [[], {}, ["a"]])
def test_an_id_that_is_no_scalar_is_an_error_and_null(line_id: object) -> None:
    parts = {**line(GUIZHOU, DAY), "id": line_id}
    assert path(parts) == "id"
    assert answered(parts)["id"] is None


# --- events: keys ---

WHOLE = [
    certified(DAY, "park"),
    at(DAY, "recertified", title="park", outcome="renewed"),
    at(DAY, "surrendered", title="park"),
    complaint(DAY, "a"),
    at(DAY, "complaint_overturned", complaint="a"),
    at(DAY, "misconduct_established", ground="fraud"),
    assessed(DAY, "pass", "park"),
    at(DAY, "rectification_ordered", title="park"),
    at(DAY, "rectification_checked", title="park", verdict="pass"),
    *(
        at(DAY, kind, title="park", ground="fraud")
        for kind in (
            "prior_notice_served",
            "revocation_decided",
            "revocation_served",
            "proceedings_closed",
            "revocation_set_aside",
        )
    ),
    at(DAY, "award_paid", award="studio_award", beneficiary="studio", amount="1.00"),
    at(DAY, "award_decided", award="studio_award", beneficiary="studio", granted=True),
    *(
        tenant(DAY, kind)
        for kind in ("entered", "registered", "moved_out", "graduated", "cancelled", "high_tech_certified")
    ),
    tenant(DAY, "listed", board="neeq"),
    tenant(DAY, "jobs_added", count=1),
    claim(DAY),
    at(DAY, "startup_subsidy_paid", tenant="甲"),
    internship(DAY, ["2023-12"], None),
    at(DAY, "project_graded", project="a", amount="10000.00", graduate_within_5y=True),
    at(DAY, "studio_published", studio="a"),
]
MISSING = [(event, key) for event in WHOLE for key in event]
STRANGE = [
    (event, key, value)
    for event in WHOLE
    for key in event
    for value in (None, 1.5, "", [], {}, -1, "§")
    if not (key == "registered_on" and value is None) and not (key == "group" and isinstance(value, str))
]
NAMES = ("tenant", "complaint", "person", "project", "studio")


def test_every_type_of_the_contract_is_tried() -> None:
    assert {event["type"] for event in WHOLE} == set(EVENTS)


@pytest.mark.parametrize(("event", "key"), MISSING, ids=lambda part: part if isinstance(part, str) else part["type"])
def test_a_missing_field_is_named(event: dict[str, Any], key: str) -> None:
    assert bad({name: value for name, value in event.items() if name != key}) == key


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: event["type"])
def test_an_unknown_field_is_named(event: dict[str, Any]) -> None:
    assert bad({**event, "why": 1}) == "why"


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: event["type"])
def test_a_strange_value_is_named(event: dict[str, Any]) -> None:
    for _, key, value in (strange for strange in STRANGE if strange[0] is event):
        if key in NAMES and value == "§" or key == "months" and value == []:
            continue
        assert bad({**event, key: value}) == key, (key, value)


def test_errors_of_form_come_before_errors_of_meaning() -> None:
    impossible = at(DAY, "surrendered", title="provincial")
    assert refused(GUIZHOU, DAY, impossible, {**certified(DAY), "more": 1}) == "events[1].more"


# --- events: values ---


def test_a_day_after_as_of_or_before_1949_is_an_error() -> None:
    assert bad(certified("2025-07-01", "park")) == "on"
    assert bad(certified("1948-12-31", "park")) == "on"
    assert judged(ORDOS, "2025-06-30", certified("1949-01-01", "park"), tenant("2025-06-30", "entered"))


def test_a_title_of_another_policy_is_unknown() -> None:
    assert bad(certified(DAY, "provincial")) == "title"
    assert bad(certified(DAY, "park"), GUIZHOU) == "title"
    assert bad(certified(DAY, "centre"), TIBET) == "title"


def test_an_award_of_another_policy_is_valid_and_an_unknown_one_is_not() -> None:
    assert judged(ORDOS, "2025-06-30", paid(DAY, "provincial_award", "operator", "1.00"))["awards"] == []
    assert judged(ORDOS, "2025-06-30", granted(DAY, "high_tech_award", "tenant", of="甲"))["awards"] == []
    assert bad(paid(DAY, "prize", "operator", "1.00")) == "award"
    assert bad(granted(DAY, "prize", "operator")) == "award"


@pytest.mark.parametrize(
    "amount", ["1", "1.0", "1.000", "-1.00", "+1.00", "1,000.00", " 1.00", "1.00\n", "１.00", ".00", 1.0]
)
def test_an_amount_is_digits_a_point_and_two_digits(amount: object) -> None:
    assert bad({**paid(DAY, "studio_award", "studio", "1.00"), "amount": amount}) == "amount"


@pytest.mark.parametrize("amount", ["10000", "10000.0", "30000.00", 10000])
def test_a_project_amount_is_one_of_four(amount: object) -> None:
    assert bad(at(DAY, "project_graded", project="a", amount=amount, graduate_within_5y=True)) == "amount"


@pytest.mark.parametrize("count", [0, -1, 1.0, 1.5, "1", True, None])
def test_counts_and_days_are_whole_and_at_least_one(count: object) -> None:
    assert bad(tenant(DAY, "jobs_added", count=count)) == "count"
    if count is not None:
        assert refused(GUIZHOU, DAY, ordered("2023-01-01", days=count)) == "events[0].days"


@pytest.mark.parametrize("employees", [-1, 0.0, "0", False])
def test_employees_are_whole_and_not_negative(employees: object) -> None:
    assert bad(claim(DAY, employees=employees)) == "employees"


@pytest.mark.parametrize(
    "months",
    [["2021-11"], ["2024-13"], ["2024-1"], ["2024-01-01"], [202401], "2024-01", ["2024-01", None], ["2024-00"]],
)
@pytest.mark.parametrize("policy", [ORDOS, GUIZHOU])
def test_months_are_written_in_full_and_not_before_the_first_known_wage(policy: str, months: object) -> None:
    assert bad({**internship(DAY, [], None), "months": months}, policy) == "months"


def test_registered_on_is_a_day_not_after_as_of() -> None:
    assert bad(internship(DAY, ["2023-12"], "2025-07-01")) == "registered_on"
    assert bad(internship(DAY, ["2023-12"], "2025-02-29")) == "registered_on"
    assert judged(ORDOS, "2025-06-30", internship(DAY, ["2023-12"], "2025-06-30"))


def test_optional_fields_may_be_null() -> None:
    events = [
        {**complaint(DAY, "a"), "fact": None, "partly": None},
        {**paid(DAY, "studio_award", "studio", "1.00"), "of": None},
    ]
    assert judged(ORDOS, "2025-06-30", *events, {**granted(DAY, "studio_award", "studio"), "of": None})
    assert judged(
        GUIZHOU, DAY, certified("2023-01-01"), assessed("2023-02-01", "fail"), ordered("2023-02-02", days=None)
    )


def test_an_order_beyond_the_calendar_is_an_error_at_days() -> None:
    events = [certified("2023-01-01"), assessed("2023-02-01", "fail"), ordered("2023-02-02", days=10**9)]
    assert refused(GUIZHOU, DAY, *events) == "events[2].days"


# --- base ---


@pytest.mark.parametrize(
    "base",
    [
        {"area": "100"},
        {"area": -1},
        {"area": -0.5},
        {"free_area": True},
        {"tenants": 1.0},
        {"tenants": -1},
        {"student_founded": "1"},
        {"student_founded": True},
        {"government_developed": 1},
        {"power": "true"},
        {"rules": "operation"},
        {"rules": ["operation", 1]},
        {"rules": {}},
        {"colour": "red"},
    ],
)
def test_a_fact_of_the_base_that_is_unfit_is_named(base: dict[str, object]) -> None:
    for policy in (ORDOS, GUIZHOU):
        assert refused(policy, DAY, base=base) == f"base.{next(iter(base))}"


@pytest.mark.parametrize("base", [1, "x", [], True])
def test_the_base_must_be_an_object(base: Any) -> None:
    assert refused(ORDOS, DAY, base=base) == "base"


def test_the_first_error_of_the_base_in_the_file_is_reported() -> None:
    assert refused(ORDOS, DAY, base={"tenants": -1, "area": -1}) == "base.tenants"
    assert refused(ORDOS, DAY, base={"tenants": -1, "colour": 1}) == "base.colour"  # keys before values


def test_facts_may_be_null() -> None:
    assert judged(ORDOS, DAY, base={"area": None, "rules": None, "power": None, "tenants": None})


# --- measurements ---


def measured(*measurements: Any, **more: Any) -> Any:
    return {"id": 7, "policy": GUIZHOU, "as_of": DAY, "measurements": list(measurements), **more}


BASES = {"indicator": "bases_county_level_and_above", "on": "2023-01-01", "value": 150}


def test_measurements_are_held_against_targets() -> None:
    answer = answered(measured(BASES, {**BASES, "on": "2024-01-02", "value": 1}))
    assert list(answer) == ["id", "policy", "as_of", "targets"]
    row = answer["targets"][0]
    assert list(row) == ["indicator", "goal", "by", "value", "met", "clause"]
    assert (row["goal"], row["value"], row["met"]) == (150, 150, True)
    assert [other["met"] for other in answer["targets"][1:]] == [None, None, None]


def test_measured_values_are_compared_exactly() -> None:
    for value, met in ((149.99999999999999999, True), (149, False), (150.0, True)):
        assert answered(measured({**BASES, "value": value}))["targets"][0]["met"] is met
    written = json.dumps(measured({**BASES, "value": 0})).replace(": 0}", ": 149.99999999999999999}")
    assert json.loads(evaluate_line(written.encode()))["targets"][0]["met"] is False


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        (measured({**BASES, "indicator": "x"}), "measurements[0].indicator"),
        (measured({**BASES, "on": "2023-02-29"}), "measurements[0].on"),
        (measured(BASES, {**BASES, "value": "150"}), "measurements[1].value"),
        (measured({**BASES, "value": None}), "measurements[0].value"),
        (measured({**BASES, "value": True}), "measurements[0].value"),
        (measured({**BASES, "more": 1}), "measurements[0].more"),
        (measured({"indicator": "x", "on": DAY}), "measurements[0].value"),
        (measured(1), "measurements[0]"),
        ({**measured(), "measurements": {}}, "measurements"),
        ({**measured(), "base": {}}, "base"),
        (measured(policy="x"), "policy"),
        (measured(as_of="x"), "as_of"),
        (measured(id=[]), "id"),
    ],
)
def test_errors_of_measurements_have_their_path(parts: Any, place: str) -> None:
    assert path(parts) == place
