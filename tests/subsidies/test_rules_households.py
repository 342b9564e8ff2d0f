"""Subsidies of households, founders, interns, projects and studios; who was paid first; and an officer's judgement."""

import pytest

from tests.factories.histories import (
    GUIZHOU,
    ORDOS,
    at,
    award,
    claim,
    granted,
    internship,
    judged,
    paid,
    says,
    tenant,
)

FIRST, LAST = "2022-10-24", "2025-12-31"


def row(
    code: str, beneficiary: str, *events: dict[str, object], of: str = "甲", as_of: str = "2027-06-30"
) -> dict[str, object] | None:
    return award(judged(ORDOS, as_of, *events), code, beneficiary, of)


# --- incubation_subsidy ---


def left(
    entered: str = "2023-01-01", registered: str = "2023-02-01", out: str = "2024-01-01"
) -> list[dict[str, object]]:
    return [tenant(entered, "entered"), tenant(registered, "registered"), tenant(out, "moved_out")]


def incubation(*events: dict[str, object]) -> dict[str, object] | None:
    return row("incubation_subsidy", "operator", *events)


def test_a_household_that_registered_and_moved_out_brings_five_thousand_by_judgement() -> None:
    found = incubation(*left())
    assert found is not None
    assert (found["amount"], found["payable"], found["why"], found["clause"]) == (
        "5000.00",
        "0.00",
        "judgement",
        "ER-18",
    )


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_entering_registering_and_leaving_are_all_needed(missing: int) -> None:
    events = left()
    del events[missing]
    assert incubation(*events) is None


def test_leaving_before_entering_does_not_count() -> None:
    assert incubation(*left(entered="2024-01-02")) is None
    assert incubation(*left(entered="2024-01-01")) is not None


@pytest.mark.parametrize(
    ("registered", "out", "arises"),
    [
        (FIRST, "2022-10-23", True),  # the later of the two is the day
        ("2022-10-23", "2022-10-23", False),
        ("2022-10-23", FIRST, True),
        (LAST, "2023-01-01", True),
        ("2026-01-01", "2023-01-01", False),
        ("2023-01-01", "2026-01-01", False),
    ],
)
def test_it_arises_on_the_later_of_registering_and_leaving_while_the_plan_applies(
    registered: str, out: str, arises: bool
) -> None:
    assert (incubation(*left("2022-01-01", registered, out)) is not None) is arises


@pytest.mark.parametrize(("day", "arises"), [("2023-12-31", False), ("2024-01-01", False), ("2024-01-02", True)])
def test_a_household_struck_off_by_then_does_not_count(day: str, arises: bool) -> None:
    assert (incubation(*left(), tenant(day, "cancelled")) is not None) is arises


@pytest.mark.parametrize(("yes", "why", "payable"), [(True, None, "5000.00"), (False, "declined", "0.00")])
def test_an_officer_decides_and_the_last_decision_counts(yes: bool, why: str | None, payable: str) -> None:
    decisions = [
        granted(day, "incubation_subsidy", "operator", verdict, "甲")
        for day, verdict in (("2024-02-01", not yes), ("2024-02-02", yes))
    ]
    found = incubation(*left(), *decisions)
    assert found is not None
    assert (found["why"], found["payable"]) == (why, payable)


def test_seven_households_of_which_two_drew_the_startup_subsidy_bring_25000() -> None:
    events = []
    for name in "一二三四五六七":
        events += [tenant("2023-01-01", "entered", name), tenant("2023-02-01", "registered", name)]
        events += [tenant("2024-03-01", "moved_out", name)]
        events += [granted("2024-03-02", "incubation_subsidy", "operator", True, name)]
    drew = [at("2024-02-15", "startup_subsidy_paid", tenant=name) for name in "一二"]
    rows = judged(ORDOS, "2024-12-31", *drew, *events)["awards"]
    assert sum(float(found["payable"]) for found in rows) == 25000
    assert [found["of"] for found in rows if found["why"] == "excluded"] == ["一", "二"]


# --- startup_subsidy ---

REGISTERED = tenant("2023-02-28", "registered")


def startup(*events: dict[str, object]) -> dict[str, object] | None:
    return row("startup_subsidy", "founder", *events)


def test_a_first_business_that_ran_a_year_brings_five_thousand() -> None:
    found = startup(REGISTERED, claim("2024-02-28"))
    assert found is not None
    assert (found["amount"], found["payable"], found["why"], found["clause"]) == ("5000.00", "5000.00", None, "ER-05")


@pytest.mark.parametrize(
    ("registered", "day", "arises"),
    [
        ("2023-02-28", "2024-02-27", False),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-02-27", False),
        ("2021-10-24", FIRST, True),
        ("2021-10-24", "2022-10-23", False),
        ("2021-10-24", LAST, True),
        ("2021-10-24", "2026-01-01", False),
    ],
)
def test_twelve_months_from_registration_and_the_dates_of_the_plan(registered: str, day: str, arises: bool) -> None:
    assert (startup(tenant(registered, "registered"), claim(day)) is not None) is arises


@pytest.mark.parametrize(
    "lack", [{"first_success": False}, {"employees": 0}, {"tax_normal": False}, {"normal_operation": False}]
)
def test_every_condition_of_a_claim_is_needed(lack: dict[str, object]) -> None:
    assert startup(REGISTERED, claim("2024-03-01", **lack)) is None
    assert startup(claim("2024-03-01")) is None


def test_a_claim_that_fails_uses_nothing_up_and_the_first_that_qualifies_stays() -> None:
    events = [REGISTERED, claim("2024-02-27"), claim("2024-03-01", group="farmer"), claim("2024-04-01")]
    found = startup(*events)
    assert found is not None
    assert found["why"] == "judgement"


def test_struck_off_before_the_claim_in_the_order_of_events() -> None:
    cancelled = tenant("2024-03-01", "cancelled")
    assert startup(REGISTERED, cancelled, claim("2024-03-01")) is None
    assert startup(REGISTERED, claim("2024-03-01"), cancelled) is not None


GROUPS = [
    "registered_unemployed",
    "hard_to_employ",
    "graduate_2y",
    "student",
    "veteran",
    "returning_migrant",
    "disabled",
]


@pytest.mark.parametrize("group", GROUPS)
def test_listed_groups_need_no_judgement(group: str) -> None:
    found = startup(REGISTERED, claim("2024-03-01", group=group))
    assert found is not None
    assert found["why"] is None


@pytest.mark.parametrize("group", ["other", ""])
def test_other_groups_wait_for_an_officer(group: str) -> None:
    events = [REGISTERED, claim("2024-03-01", group=group)]
    found = startup(*events)
    assert found is not None
    assert (found["why"], found["payable"]) == ("judgement", "0.00")
    yes = startup(*events, granted("2024-03-02", "startup_subsidy", "founder", True, "甲"))
    assert yes is not None
    assert yes["why"] is None


def test_the_whole_was_paid_whatever_else_was() -> None:
    events = [REGISTERED, claim("2024-03-01"), at("2024-04-01", "startup_subsidy_paid", tenant="甲")]
    for more in ([], [paid("2024-04-02", "startup_subsidy", "founder", "9000.00", "甲")]):
        found = startup(*events, *more)
        assert found is not None
        assert (found["paid"], found["payable"]) == ("5000.00", "0.00")


# --- either the one or the other ---

BOTH = [*left("2022-12-01", "2023-01-01", "2024-05-01"), claim("2024-03-01")]
TO_OPERATOR = paid("2024-06-01", "incubation_subsidy", "operator", "5000.00", "甲")
TO_FOUNDER = paid("2024-06-01", "startup_subsidy", "founder", "5000.00", "甲")


def reasons(*events: dict[str, object]) -> tuple[object, object]:
    first, second = incubation(*BOTH, *events), startup(*BOTH, *events)
    assert first is not None
    assert second is not None
    return first["why"], second["why"]


def test_before_any_payment_both_stand() -> None:
    assert reasons() == ("judgement", None)


def test_whichever_was_paid_first_blocks_the_other() -> None:
    assert reasons(TO_OPERATOR) == ("judgement", "excluded")
    assert reasons(TO_FOUNDER) == ("excluded", None)
    assert reasons(at("2024-06-01", "startup_subsidy_paid", tenant="甲")) == ("excluded", None)


def test_of_payments_on_one_day_the_order_of_the_file_decides() -> None:
    assert reasons(TO_OPERATOR, TO_FOUNDER) == ("judgement", "excluded")
    assert reasons(TO_FOUNDER, TO_OPERATOR) == ("excluded", None)


def test_any_payment_of_the_award_for_the_tenant_counts_to_whomever() -> None:
    assert reasons(paid("2024-06-01", "startup_subsidy", "tenant", "1.00", "甲")) == ("excluded", None)
    assert reasons(paid("2024-06-01", "startup_subsidy", "founder", "1.00", "乙")) == ("judgement", None)
    assert reasons(paid("2024-06-01", "startup_subsidy", "founder", "1.00")) == ("judgement", None)


def test_excluded_comes_before_judgement() -> None:
    yes = granted("2024-05-02", "incubation_subsidy", "operator", False, "甲")
    assert reasons(yes, TO_FOUNDER) == ("excluded", None)


# --- job_subsidy ---


def jobs(*events: dict[str, object]) -> dict[str, object] | None:
    return row("job_subsidy", "tenant", tenant("2022-01-01", "entered"), *events)


def test_jobs_add_up_in_one_row_by_judgement() -> None:
    found = jobs(tenant("2023-01-01", "jobs_added", count=2), tenant("2023-06-01", "jobs_added", count=5))
    assert found is not None
    assert (found["amount"], found["why"], found["clause"]) == ("21000.00", "judgement", "ER-20")


@pytest.mark.parametrize(
    ("day", "arises"),
    [("2022-10-23", False), (FIRST, True), (LAST, True), ("2026-01-01", False), ("2021-12-31", False)],
)
def test_jobs_count_in_incubation_while_the_plan_applies(day: str, arises: bool) -> None:
    assert (jobs(tenant(day, "jobs_added", count=1)) is not None) is arises


@pytest.mark.parametrize("end", ["graduated", "moved_out", "cancelled"])
def test_jobs_after_incubation_do_not_count(end: str) -> None:
    last_day, after = tenant("2023-05-01", "jobs_added", count=1), tenant("2023-05-02", "jobs_added", count=10)
    found = jobs(tenant("2023-05-01", end), last_day, after)
    assert found is not None
    assert found["amount"] == "3000.00"


# --- internship_subsidy ---


def intern(*events: dict[str, object], as_of: str = "2025-12-31") -> str | None:
    found = row("internship_subsidy", "person", *events, of="丁", as_of=as_of)
    return None if found is None else str(found["amount"])


def test_each_month_at_the_wage_of_that_month() -> None:
    months = ["2024-10", "2024-11", "2024-12", "2025-01"]
    assert intern(internship("2025-01-31", months, "2025-02-02")) == "5100.00"


@pytest.mark.parametrize(("month", "amount"), [("2021-12", "1188.00"), ("2024-11", "1188.00"), ("2024-12", "1362.00")])
def test_the_wage_changes_with_the_month(month: str, amount: str) -> None:
    assert intern(internship("2025-01-31", [month], "2025-01-31")) == amount


@pytest.mark.parametrize(
    ("end", "registered", "arises"),
    [
        ("2024-08-31", "2025-02-28", True),  # six months end on the month's last day
        ("2024-08-31", "2025-03-01", False),
        ("2024-08-31", "2022-12-01", True),  # earlier too
        ("2024-08-31", None, False),
        ("2022-10-23", "2022-10-24", True),  # the later of the two lies in the plan
        ("2022-10-23", "2022-10-23", False),
    ],
)
def test_registered_not_later_than_six_months_after_the_end(end: str, registered: str | None, arises: bool) -> None:
    assert (intern(internship(end, ["2022-01"], registered)) is not None) is arises


@pytest.mark.parametrize("lack", [{"group": "veteran"}, {"host": False}])
def test_student_host_and_a_month_are_needed(lack: dict[str, object]) -> None:
    assert intern(internship("2024-08-31", ["2024-01"], "2024-09-01", **lack)) is None
    assert intern(internship("2024-08-31", [], "2024-09-01")) is None


def test_months_of_one_person_are_pooled_and_the_twelve_earliest_count() -> None:
    early = [f"2024-{month:02d}" for month in range(4, 12)]
    late = ["2024-11", "2024-12", "2025-01", "2025-02", "2025-03", "2025-04"]
    both = [internship("2025-05-01", late, "2025-06-01"), internship("2024-12-01", early, "2024-12-02")]
    assert intern(*both) == f"{8 * 1188 + 4 * 1362}.00"
    unfit = internship("2025-05-01", ["2022-01"], None)
    assert intern(*both, unfit) == f"{8 * 1188 + 4 * 1362}.00"


def test_a_month_named_twice_counts_once() -> None:
    assert intern(internship("2024-08-31", ["2024-05", "2024-05"], "2024-09-01")) == "1188.00"


# --- project_grant and studio_award ---


def graded(day: str, amount: str, graduate: bool = True) -> dict[str, object]:
    return at(day, "project_graded", project="甲", amount=amount, graduate_within_5y=graduate)


@pytest.mark.parametrize("amount", ["10000.00", "20000.00", "50000.00", "80000.00"])
def test_a_project_of_a_recent_graduate_gets_the_amount_of_its_grade(amount: str) -> None:
    found = row("project_grant", "project", graded("2024-01-01", amount))
    assert found is not None
    assert (found["amount"], found["clause"]) == (amount, "ER-07")


def test_the_first_grading_that_qualifies_stays() -> None:
    others = [graded("2022-10-23", "80000.00"), graded("2023-01-01", "50000.00", graduate=False)]
    found = row("project_grant", "project", *others, graded("2023-02-01", "10000.00"), graded("2023-03-01", "80000.00"))
    assert found is not None
    assert found["amount"] == "10000.00"


@pytest.mark.parametrize(
    ("days", "arises"),
    [(["2022-10-23"], False), (["2022-10-23", FIRST], True), ([LAST], True), (["2026-01-01"], False)],
)
def test_a_studio_is_awarded_once_while_the_plan_applies(days: list[str], arises: bool) -> None:
    events = [at(day, "studio_published", studio="甲") for day in days]
    found = row("studio_award", "studio", *events, *events)
    assert (found is not None) is arises
    if found:
        assert (found["amount"], found["clause"]) == ("100000.00", "ER-13")


def test_events_of_one_policy_are_valid_and_without_effect_in_another() -> None:
    events = [*BOTH, TO_FOUNDER, internship("2024-08-31", ["2024-05"], "2024-09-01"), graded("2024-01-01", "10000.00")]
    answer = judged(GUIZHOU, "2025-01-01", *events, at("2024-01-01", "studio_published", studio="甲"))
    assert answer["awards"] == []


def test_the_trace_says_why_nothing_arose_and_which_payment_has_no_award() -> None:
    answer = judged(ORDOS, "2025-01-01", claim("2024-03-01"), TO_OPERATOR)
    assert says(answer, "一次性创业补贴", "没有登记注册")
    assert says(answer, "创业孵化补贴", "没有产生")


def test_the_sum_of_an_internship_is_shown() -> None:
    months = ["2024-10", "2024-11", "2024-12", "2025-01"]
    answer = judged(ORDOS, "2025-12-31", internship("2025-01-31", months, "2025-02-02"))
    assert says(answer, "2个月×1188.00元＋2个月×1362.00元＝5100.00元")
