"""Awards for what tenants achieve in incubation or within years of graduating, to operator and tenant each."""

import pytest

from tests.factories.histories import XINJIANG, award, certified, judged, paid, says, tenant

ENTERED = tenant("2015-05-01", "entered")
GRADUATED = tenant("2015-06-30", "graduated")


def payees(answer: dict[str, object], code: str) -> list[str]:
    rows = answer["awards"]
    assert isinstance(rows, list)
    return [row["beneficiary"] for row in rows if row["award"] == code]


def high_tech(*events: dict[str, object], as_of: str = "2026-01-01") -> bool:
    found = payees(judged(XINJIANG, as_of, *events), "high_tech_award")
    assert found in ([], ["operator", "tenant"])
    return bool(found)


def test_operator_and_tenant_each_get_the_high_tech_award() -> None:
    answer = judged(XINJIANG, "2016-01-01", ENTERED, tenant("2015-12-01", "high_tech_certified"))
    for beneficiary in ("operator", "tenant"):
        row = award(answer, "high_tech_award", beneficiary, "甲")
        assert row is not None
        assert (row["amount"], row["clause"]) == ("100000.00", "XJ-10")


@pytest.mark.parametrize(
    ("day", "arises"),
    [
        ("2015-04-30", False),  # before entering
        ("2015-05-01", True),
        ("2015-06-30", True),
        ("2016-06-30", True),  # the year after graduation includes its last day
        ("2016-07-01", False),
    ],
)
def test_the_certificate_must_fall_into_incubation_or_the_year_after(day: str, arises: bool) -> None:
    assert high_tech(ENTERED, GRADUATED, tenant(day, "high_tech_certified")) is arises


@pytest.mark.parametrize(("day", "arises"), [("2017-02-28", True), ("2017-03-01", False)])
def test_a_year_from_the_29th_of_february_ends_on_the_28th(day: str, arises: bool) -> None:
    events = [ENTERED, tenant("2016-02-29", "graduated"), tenant(day, "high_tech_certified")]
    assert high_tech(*events) is arises


@pytest.mark.parametrize("end", ["moved_out", "cancelled"])
def test_incubation_ends_when_a_tenant_leaves_or_is_struck_off(end: str) -> None:
    assert high_tech(ENTERED, tenant("2015-08-01", end), tenant("2015-08-01", "high_tech_certified"))
    assert not high_tech(ENTERED, tenant("2015-08-01", end), tenant("2015-08-02", "high_tech_certified"))


def test_on_one_day_the_order_in_the_file_does_not_end_incubation() -> None:
    assert high_tech(tenant("2015-08-01", "moved_out"), tenant("2015-08-01", "high_tech_certified"), ENTERED)


def test_graduating_after_leaving_still_opens_the_window() -> None:
    events = [ENTERED, tenant("2015-08-01", "moved_out"), tenant("2015-09-01", "graduated")]
    assert high_tech(*events, tenant("2015-10-01", "high_tech_certified"))


def test_a_graduation_without_entering_opens_no_window() -> None:
    assert not high_tech(GRADUATED, tenant("2015-07-01", "high_tech_certified"))
    late = tenant("2015-12-01", "entered")
    assert not high_tech(GRADUATED, late, tenant("2015-07-01", "high_tech_certified"))


def test_only_the_first_certificate_counts_and_is_used_up() -> None:
    before = tenant("2015-04-20", "high_tech_certified")
    assert not high_tech(ENTERED, before, tenant("2015-06-01", "high_tech_certified"))


def test_the_first_step_of_each_kind_stays() -> None:
    events = [ENTERED, GRADUATED, tenant("2016-06-30", "graduated"), tenant("2016-12-01", "high_tech_certified")]
    assert not high_tech(*events)


@pytest.mark.parametrize(("day", "arises"), [("2015-04-15", False), ("2015-04-16", True)])
def test_the_plan_applies_from_its_date(day: str, arises: bool) -> None:
    assert high_tech(tenant("2014-01-01", "entered"), tenant(day, "high_tech_certified")) is arises


LISTED = tenant("2015-06-01", "listed", board="regional")


def listing(*events: dict[str, object]) -> bool:
    found = payees(judged(XINJIANG, "2026-01-01", *events), "listing_award")
    assert found in ([], ["operator", "tenant"])
    return bool(found)


@pytest.mark.parametrize("board", ["regional", "neeq"])
@pytest.mark.parametrize(("day", "arises"), [("2017-06-30", True), ("2017-07-01", False), ("2015-04-30", False)])
def test_a_listing_must_fall_into_incubation_or_the_two_years_after(day: str, board: str, arises: bool) -> None:
    assert listing(ENTERED, GRADUATED, tenant(day, "listed", board=board)) is arises


def test_the_listing_award_is_two_hundred_thousand_each_and_once() -> None:
    answer = judged(XINJIANG, "2026-01-01", ENTERED, LISTED, tenant("2015-06-02", "listed", board="regional"))
    row = award(answer, "listing_award", "tenant", "甲")
    assert row is not None
    assert (row["amount"], row["clause"]) == ("200000.00", "XJ-11")
    assert len(answer["awards"]) == 2


def test_a_listing_outside_uses_nothing_up() -> None:
    assert listing(tenant("2015-04-20", "listed", board="regional"), ENTERED, LISTED)
    before_the_plan = [tenant("2014-01-01", "entered"), tenant("2015-04-15", "listed", board="neeq")]
    assert listing(*before_the_plan, tenant("2015-04-16", "listed", board="neeq"))


PAID = paid("2016-01-01", "listing_award", "tenant", "200000.00", "甲")
MOVED_UP = tenant("2020-01-01", "listed", board="neeq")


def transfer(*events: dict[str, object]) -> bool:
    found = payees(judged(XINJIANG, "2026-01-01", ENTERED, *events), "transfer_bonus")
    assert found in ([], ["operator", "tenant"])
    return bool(found)


def test_a_paid_regional_listing_and_then_neeq_brings_the_bonus_without_a_window() -> None:
    assert transfer(LISTED, PAID, MOVED_UP)
    row = award(judged(XINJIANG, "2026-01-01", ENTERED, LISTED, PAID, MOVED_UP), "transfer_bonus", "operator", "甲")
    assert row is not None
    assert (row["amount"], row["clause"]) == ("100000.00", "XJ-12")


def test_without_payment_to_the_tenant_before_there_is_no_bonus() -> None:
    assert not transfer(LISTED, MOVED_UP)
    assert not transfer(LISTED, paid("2016-01-01", "listing_award", "operator", "200000.00", "甲"), MOVED_UP)
    assert not transfer(LISTED, paid("2016-01-01", "listing_award", "tenant", "200000.00", "乙"), MOVED_UP)
    assert not transfer(LISTED, MOVED_UP, paid("2021-01-01", "listing_award", "tenant", "200000.00", "甲"))


def test_on_the_day_of_payment_the_order_of_the_file_decides() -> None:
    same_day = paid("2020-01-01", "listing_award", "tenant", "200000.00", "甲")
    assert transfer(LISTED, same_day, MOVED_UP)
    assert not transfer(LISTED, MOVED_UP, same_day)


def test_the_first_neeq_listing_after_payment_counts() -> None:
    later = tenant("2021-01-01", "listed", board="neeq")
    assert transfer(LISTED, MOVED_UP, paid("2020-06-01", "listing_award", "tenant", "1.00", "甲"), later)


def test_an_award_that_arose_from_neeq_brings_no_bonus() -> None:
    assert not transfer(tenant("2015-06-01", "listed", board="neeq"), PAID, LISTED, MOVED_UP)


def test_a_neeq_listing_before_the_regional_one_brings_no_bonus() -> None:
    outside = tenant("2015-04-20", "listed", board="neeq")
    assert not transfer(outside, LISTED, PAID)


def test_tenants_are_told_apart_and_sorted_by_code_point() -> None:
    events = [tenant("2015-05-01", "entered", name) for name in ("乙", "甲", "A")]
    events += [tenant("2015-06-01", "high_tech_certified", name) for name in ("甲", "乙", "A")]
    rows = judged(XINJIANG, "2026-01-01", *events)["awards"]
    assert [row["of"] for row in rows if row["beneficiary"] == "tenant"] == ["A", "乙", "甲"]


def test_the_trace_says_why_nothing_arose() -> None:
    answer = judged(
        XINJIANG, "2026-01-01", certified("2015-05-01", "base"), tenant("2015-06-01", "high_tech_certified")
    )
    assert says(answer, "高新技术企业认定奖励", "不产生", "X-1")
