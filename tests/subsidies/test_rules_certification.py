"""Awards for a title: once, for the first certification while the plan applies, and what stops their payment."""

import pytest

from tests.factories.histories import (
    GUIZHOU,
    award,
    certified,
    closed,
    granted,
    judged,
    misconduct,
    notice,
    paid,
    recertified,
    revoked,
    set_aside,
    surrendered,
)

HELD = certified("2022-07-22")
FRAUD = misconduct("2022-09-01")


def provincial(*events: dict[str, object], as_of: str = "2024-01-01") -> dict[str, object] | None:
    return award(judged(GUIZHOU, as_of, *events), "provincial_award")


def why(*events: dict[str, object], as_of: str = "2024-01-01") -> object:
    row = provincial(*events, as_of=as_of)
    assert row is not None
    return row["why"]


def test_half_a_million_for_the_provincial_title() -> None:
    assert provincial(HELD) == {
        "award": "provincial_award",
        "beneficiary": "operator",
        "of": None,
        "amount": "500000.00",
        "paid": "0.00",
        "payable": "500000.00",
        "why": None,
        "clause": "GZ-38",
    }


def test_a_million_on_top_for_the_national_title() -> None:
    answer = judged(GUIZHOU, "2024-01-01", HELD, certified("2023-01-01", "national"))
    row = award(answer, "national_award")
    assert row is not None
    assert (row["amount"], row["payable"], row["clause"]) == ("1000000.00", "1000000.00", "GZ-39")
    assert [found["award"] for found in answer["awards"]] == ["provincial_award", "national_award"]


def test_awards_of_one_day_come_by_code() -> None:
    answer = judged(GUIZHOU, "2024-01-01", HELD, certified("2022-07-22", "national"))
    assert [found["award"] for found in answer["awards"]] == ["national_award", "provincial_award"]


@pytest.mark.parametrize("code", ["city", "county"])
def test_nothing_for_other_titles(code: str) -> None:
    assert judged(GUIZHOU, "2024-01-01", certified("2023-01-01", code))["awards"] == []


def test_the_day_before_the_plan_applies_there_is_no_award_and_it_is_used_up() -> None:
    early = certified("2022-07-21")
    assert provincial(early) is None
    assert provincial(early, surrendered("2023-01-01"), certified("2023-02-01")) is None


def test_on_the_first_day_of_the_plan_there_is() -> None:
    assert provincial(certified("2022-07-22")) is not None


def test_nothing_for_renewals_or_later_certifications() -> None:
    events = [HELD, surrendered("2023-01-01"), certified("2023-02-01"), recertified("2027-09-01")]
    assert len(judged(GUIZHOU, "2028-01-01", *events)["awards"]) == 1


def test_instalments_add_up_and_payable_never_falls_below_zero() -> None:
    first, second = (paid(day, "provincial_award", "operator", "250000.00") for day in ("2022-10-01", "2022-10-01"))
    row = provincial(HELD, first)
    assert row is not None
    assert (row["paid"], row["payable"]) == ("250000.00", "250000.00")
    over = provincial(HELD, first, second, paid("2023-01-01", "provincial_award", "operator", "0.01"))
    assert over is not None
    assert (over["paid"], over["payable"], over["why"]) == ("500000.01", "0.00", None)


def test_a_payment_to_somebody_else_or_of_something_else_is_not_counted() -> None:
    strays = [
        paid("2023-01-01", "provincial_award", "tenant", "1.00"),
        paid("2023-01-01", "provincial_award", "operator", "1.00", "甲"),
        paid("2023-01-01", "national_award", "operator", "1.00"),
        paid("2023-01-01", "studio_award", "operator", "1.00"),
    ]
    row = provincial(HELD, *strays)
    assert row is not None
    assert row["paid"] == "0.00"


def test_a_revocation_forfeits_what_is_unpaid_for_good() -> None:
    events = [HELD, FRAUD, *revoked("2022-09-02", "2022-09-20", "2022-10-01")]
    assert why(*events) == "revoked"
    assert why(*events, certified("2027-10-02"), as_of="2030-01-01") == "revoked"


def test_a_revocation_set_aside_forfeits_nothing() -> None:
    events = [HELD, FRAUD, *revoked("2022-09-02", "2022-09-20", "2022-10-01"), set_aside("2023-01-01")]
    assert why(*events) is None


def test_proceedings_stop_payment_until_they_are_closed() -> None:
    assert why(HELD, FRAUD, notice("2022-09-02")) == "in_proceedings"
    assert why(HELD, FRAUD, notice("2022-09-02"), closed("2022-10-01")) is None
    assert why(HELD, FRAUD, surrendered("2022-09-02"), notice("2022-09-03")) == "in_proceedings"


def test_a_surrender_does_not_stop_payment() -> None:
    assert why(HELD, surrendered("2022-09-02")) is None


def test_five_years_after_it_arose_an_officer_must_decide() -> None:
    assert why(HELD, as_of="2027-07-22") is None
    assert why(HELD, as_of="2027-07-23") == "period_over"
    yes, no = (granted("2026-01-01", "provincial_award", "operator", verdict) for verdict in (True, False))
    assert why(HELD, yes, as_of="2028-01-01") is None
    assert why(HELD, yes, no, as_of="2028-01-01") == "period_over"
    assert why(HELD, no, as_of="2027-01-01") is None


def test_revoked_comes_before_the_end_of_the_period() -> None:
    events = [HELD, FRAUD, *revoked("2022-09-02", "2022-09-20", "2022-10-01")]
    yes = granted("2026-01-01", "provincial_award", "operator")
    assert why(*events, yes, as_of="2030-01-01") == "revoked"


def test_the_national_award_is_touched_by_none_of_them() -> None:
    events = [HELD, certified("2022-08-01", "national"), FRAUD, *revoked("2022-09-02", "2022-09-20", "2022-10-01")]
    row = award(judged(GUIZHOU, "2040-01-01", *events), "national_award")
    assert row is not None
    assert (row["payable"], row["why"]) == ("1000000.00", None)
