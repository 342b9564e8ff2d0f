"""Assessment every two years, rectification, recertification, and what is due when."""

import pytest

from tests.factories.histories import (
    GUIZHOU,
    TIBET,
    assessed,
    certified,
    checked,
    duties,
    failed_check,
    grounds,
    judged,
    misconduct,
    notice,
    ordered,
    recertified,
    refused,
    says,
    standing,
    surrendered,
)

HELD = certified("2023-03-01")
FAILED = assessed("2025-01-02", "fail")


def duty(name: str, *events: dict[str, str], as_of: str = "2025-01-15") -> dict[str, str]:
    """Return the row of one duty."""
    rows = judged(GUIZHOU, as_of, *events)["duties"]
    found: dict[str, str] = next(row for row in rows if row["duty"] == name)
    return found


# --- the course of an assessment ---


def test_a_failed_assessment_opens_rectification_and_a_passed_check_ends_it() -> None:
    assert standing(judged(GUIZHOU, "2026-01-01", HELD, FAILED)) == "rectifying"
    events = [HELD, FAILED, ordered("2025-01-06")]
    assert standing(judged(GUIZHOU, "2026-01-01", *events, checked("2025-04-01", "pass"))) == "certified"
    assert standing(judged(GUIZHOU, "2026-01-01", *events, checked("2025-04-01", "fail"))) == "rectifying"


def test_a_renewal_ends_rectification() -> None:
    events = [HELD, *failed_check("2025-01-02", "2025-01-06", "2025-04-10"), recertified("2025-05-01")]
    assert standing(judged(GUIZHOU, "2026-01-01", *events)) == "certified"


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ([HELD, FAILED, assessed("2025-01-03")], 2),  # assessed while rectifying
        ([HELD, ordered("2025-01-06")], 1),  # not rectifying
        ([HELD, assessed("2025-01-02"), ordered("2025-01-06")], 2),
        ([HELD, FAILED, ordered("2025-01-06"), ordered("2025-01-07")], 3),  # already ordered
        ([HELD, checked("2025-01-06", "pass")], 1),
        ([HELD, FAILED, checked("2025-01-06", "pass")], 2),  # not ordered
        ([HELD, FAILED, ordered("2025-01-06"), checked("2025-02-01", "fail"), checked("2025-02-02", "pass")], 4),
        ([HELD, FAILED, ordered("2025-01-06"), checked("2025-02-01", "fail"), ordered("2025-02-02")], 4),
        ([HELD, FAILED, ordered("2025-01-06"), checked("2025-02-01", "pass"), ordered("2025-02-02")], 4),
        ([HELD, FAILED, ordered("2025-01-06"), recertified("2025-02-01")], 3),  # unchecked
        ([HELD, FAILED, recertified("2025-02-01", "refused")], 2),
        ([HELD, assessed("2027-10-01", "fail"), recertified("2027-11-01")], 2),  # inside the window, still unchecked
        ([HELD, FAILED, ordered("2025-01-06"), checked("2025-02-01", "pass"), recertified("2025-03-01")], 4),
    ],
)
def test_a_step_out_of_turn_is_refused(events: list[dict[str, str]], place: int) -> None:
    assert refused(GUIZHOU, "2028-01-01", *events) == f"events[{place}]"


def test_a_second_failure_needs_a_second_order() -> None:
    events = [HELD, FAILED, ordered("2025-01-06"), checked("2025-02-01", "pass"), assessed("2026-12-01", "fail")]
    assert "rectification" not in duties(judged(GUIZHOU, "2026-12-31", *events))
    assert "rectification" in duties(judged(GUIZHOU, "2026-12-31", *events, ordered("2026-12-02")))


@pytest.mark.parametrize(
    "event", [assessed("2024-01-01", "fail", "city"), recertified("2024-01-01", "refused", "city")]
)
def test_for_other_titles_that_stand_it_is_valid_and_without_effect(event: dict[str, str]) -> None:
    answer = judged(GUIZHOU, "2024-06-01", certified("2023-01-01", "city"), event)
    assert standing(answer, "city") == "certified"
    assert says(answer, "不产生效果")


def test_in_other_policies_it_is_valid_and_without_effect() -> None:
    events = [certified("2023-01-01", "centre_region"), assessed("2024-01-01", "fail", "centre_region")]
    assert standing(judged(TIBET, "2024-06-01", *events), "centre_region") == "certified"


# --- recertification after a failed check ---


def test_refused_after_a_failed_check_is_a_ground_and_the_title_stands() -> None:
    events = [HELD, *failed_check("2025-01-02", "2025-01-06", "2025-04-10"), recertified("2025-05-01", "refused")]
    answer = judged(GUIZHOU, "2026-01-01", *events)
    assert answer["grounds"] == [
        {"title": "provincial", "ground": "rectification_failed", "met_on": "2025-05-01", "clause": "GZ-37"}
    ]
    assert standing(answer) == "rectifying"


def test_a_renewal_ends_the_ground() -> None:
    events = [HELD, *failed_check("2025-01-02", "2025-01-06", "2025-04-10"), recertified("2025-05-01", "refused")]
    assert grounds(judged(GUIZHOU, "2026-01-01", *events, recertified("2025-06-01"))) == []


def test_refused_twice_keeps_the_first_day() -> None:
    events = [HELD, *failed_check("2025-01-02", "2025-01-06", "2025-04-10")]
    events += [recertified("2025-05-01", "refused"), recertified("2025-06-01", "refused")]
    assert grounds(judged(GUIZHOU, "2026-01-01", *events)) == [("rectification_failed", "2025-05-01")]


def test_the_trace_says_whether_renewal_was_automatic() -> None:
    passed = judged(GUIZHOU, "2028-01-01", HELD, assessed("2025-03-01"), recertified("2027-10-01"))
    assert says(passed, "自动延续")
    assert says(judged(GUIZHOU, "2028-01-01", HELD, recertified("2027-10-01")), "不是自动延续", "G-10")


# --- duties ---


def test_only_the_provincial_title_has_duties() -> None:
    assert (
        judged(GUIZHOU, "2025-01-15", certified("2023-01-01", "city"), certified("2023-01-01", "national"))["duties"]
        == []
    )


def test_no_duties_once_the_title_ended_or_while_proceedings_run() -> None:
    assert judged(GUIZHOU, "2025-01-15", HELD, surrendered("2024-01-01"))["duties"] == []
    assert judged(GUIZHOU, "2025-01-15", HELD, misconduct("2024-01-01"), notice("2024-01-02"))["duties"] == []


def test_duties_come_by_day_then_by_name() -> None:
    events = [HELD, FAILED, ordered("2025-01-06", days=30)]
    found = [(row["due_on"], row["duty"]) for row in judged(GUIZHOU, "2025-02-05", *events)["duties"]]
    assert found == [
        ("2025-02-05", "annual_report"),
        ("2025-02-05", "rectification"),
        ("2027-03-01", "assessment"),
        ("2028-03-01", "recertification"),
    ]


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        ("2024-01-31", "2024-01-31"),  # a Wednesday, the day itself
        ("2024-02-01", "2025-02-05"),  # 31 January 2025 lies in the Spring Festival
        ("2025-02-05", "2025-02-05"),
        ("2025-02-06", "2026-02-02"),  # a Saturday
        ("2026-02-03", "2027-02-01"),  # a Sunday, of an estimated year
    ],
)
def test_the_annual_report_is_due_on_31_january_moved_to_a_working_day(as_of: str, due: str) -> None:
    assert duty("annual_report", HELD, as_of=as_of)["due_on"] == due


def test_the_sum_of_the_annual_report_owns_up() -> None:
    row = duty("annual_report", HELD, as_of="2026-06-01")
    assert row["clause"] == "GZ-22"
    assert "文件未规定日期，系统默认，待主管部门确认（G-13）" in row["sum"]
    assert "默认" in row["sum"]
    assert "2027年放假安排尚未公布" in row["sum"]
    assert "2031年无放假安排数据" in duty("annual_report", HELD, as_of="2030-06-01")["sum"]
    assert "尚未公布" not in duty("annual_report", HELD, as_of="2025-06-01")["sum"]


@pytest.mark.parametrize(
    ("events", "due"),
    [
        ([], "2025-03-03"),  # 1 March 2025 is a Saturday
        ([assessed("2024-02-29")], "2025-03-03"),  # one day too early to count
        ([assessed("2024-03-01")], "2027-03-01"),  # twelve months before: counts
        ([assessed("2026-02-28")], "2027-03-01"),  # late, discharges the first only
        ([assessed("2026-03-01")], "2027-03-01"),  # would do for either, is used for the first
        ([assessed("2024-03-01"), assessed("2026-02-28")], "2027-03-01"),
        ([assessed("2024-03-01"), assessed("2026-03-01")], None),
        ([assessed("2027-04-01"), assessed("2027-04-02")], None),
    ],
)
def test_each_assessment_discharges_one_due_day(events: list[dict[str, str]], due: str | None) -> None:
    assert duties(judged(GUIZHOU, "2027-06-01", HELD, *events)).get("assessment") == due


def test_a_failed_assessment_discharges_too() -> None:
    events = [HELD, assessed("2025-01-02", "fail")]
    assert duties(judged(GUIZHOU, "2025-06-01", *events))["assessment"] == "2027-03-01"


def test_the_cadence_runs_on_across_a_renewal() -> None:
    done = [assessed("2025-03-01"), assessed("2027-03-01"), recertified("2027-10-01")]
    assert duties(judged(GUIZHOU, "2028-01-01", HELD, *done))["assessment"] == "2029-03-01"
    ten_years = [certified("2015-03-02"), *(assessed(f"{year}-03-02") for year in (2017, 2019, 2021, 2023))]
    renewed = [*ten_years, recertified("2019-10-01")]
    assert duties(judged(GUIZHOU, "2024-01-01", *renewed))["assessment"] == "2025-03-03"  # the 120th month, a Sunday


def test_the_sum_of_an_assessment_names_its_assumptions() -> None:
    row = duty("assessment", HELD)
    assert row["clause"] == "GZ-33"
    assert "复评不代替考核，系统默认，待主管部门确认（G-09、G-26）" in row["sum"]
    assert "顺延至2025年3月3日" in row["sum"]


def test_recertification_is_due_at_the_end_of_the_period_and_not_moved() -> None:
    row = duty("recertification", certified("2022-10-01"), as_of="2023-01-01")
    assert (row["due_on"], row["clause"]) == ("2027-10-01", "GZ-34")  # National Day
    assert "文件未规定，系统默认，待主管部门确认（G-27）" in row["sum"]
    assert duty("recertification", HELD, as_of="2030-01-01")["due_on"] == "2028-03-01"  # overdue
    assert duty("recertification", HELD, recertified("2027-09-01"), as_of="2027-10-01")["due_on"] == "2033-03-01"


@pytest.mark.parametrize(
    ("days", "due"),
    [(1, "2025-01-07"), (30, "2025-02-05"), (25, "2025-02-05"), (90, "2025-04-07"), (None, "2025-04-07")],
)
def test_a_rectification_is_due_so_many_days_after_service(days: int | None, due: str) -> None:
    row = duty("rectification", HELD, FAILED, ordered("2025-01-06", days=days))
    assert (row["due_on"], row["clause"]) == (due, "GZ-36")
    assert ("系统默认，待主管部门确认（G-11）" in row["sum"]) == (days is None)


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_a_checked_order_is_no_duty(verdict: str) -> None:
    events = [HELD, FAILED, ordered("2025-01-06"), checked("2025-01-10", verdict)]
    assert "rectification" not in duties(judged(GUIZHOU, "2025-01-15", *events))
