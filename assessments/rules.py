"""The law of assessment (绩效考核), rectification (限时整改), recertification (复评) and the duties that recur.

Plain Python; parameters come from the pack section `AssessmentPolicy`. A `Course` is what happened to one title since
its certification; it has effect for the one title the policy names, every other title has none.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, NamedTuple

from bases.rules import Tenure, Unlawful, add_period, end_unrenewed
from portal.deadlines.sums import in_words
from portal.deadlines.terms import Calendar, add_months, due, moved
from portal.policies.following import Following, Grant
from portal.policies.schema import AtLeastOne, Between, Code, NotNegative, Unfit, Value

Verdict = Literal["pass", "fail"]
Outcome = Literal["renewed", "refused"]
Effect = Literal["next_period", "extraordinary", "ground", "ended"]

_COMMON_YEAR = 2001


@dataclass(frozen=True)
class CyclePolicy:
    """The table [assessments.cycle]: how often, how early one counts, and the terms of rectification and renewal."""

    title: Code
    interval_months: Value[AtLeastOne]
    counts_early_months: Value[NotNegative]
    rectification_days: Value[AtLeastOne]
    window_months: Value[NotNegative]
    renewal_clause: str
    refusal_clause: str


@dataclass(frozen=True)
class AnnualReportPolicy:
    """The table [assessments.annual_report]: the day of the year by which the report on the year before is due."""

    title: Code
    month: Value[Annotated[int, Between(1, 12)]]
    day: Value[Annotated[int, Between(1, 31)]]

    def __post_init__(self) -> None:
        if self.day.value > monthrange(_COMMON_YEAR, self.month.value)[1]:
            raise Unfit("day", found=str(self.day.value), expected="该月每年都有的日子", fix="请核对报送截止的月和日。")


@dataclass(frozen=True)
class AssessmentPolicy:
    """The section [assessments]; a table is absent where the policy says nothing."""

    SECTION: ClassVar[str] = "assessments"
    cycle: CyclePolicy | None = None
    annual_report: AnnualReportPolicy | None = None

    def follows(self, grant: Grant) -> Iterator[Following]:
        """Yield the duties that recur, for the one title that each table names."""
        if self.annual_report is not None and self.annual_report.title == grant.title:
            yield Following("duty", "按年度报送基地建设和工作开展情况", self.annual_report.month.clause)
        if self.cycle is not None and self.cycle.title == grant.title:
            years, months = divmod(self.cycle.interval_months.value, 12)
            often = f"{years}年" if not months else f"{self.cycle.interval_months.value}个月"
            yield Following("duty", f"参加每{often}一次的绩效考核", self.cycle.interval_months.clause)


class Order(NamedTuple):
    """A rectification order as served; `days` is None where the order names no term."""

    served_on: date
    days: int | None


@dataclass(slots=True)
class Course:
    """Assessments and rectification of one title since its certification."""

    assessed_on: list[date] = field(default_factory=list)
    passed_since_renewal: int = 0
    failed_since_renewal: int = 0
    order: Order | None = None
    checked: bool = False
    check_failed: bool = False
    refused_on: date | None = None


class Duty(NamedTuple):
    """Something that must be done by a day, with the sum that shows how the day came about."""

    duty: str
    due_on: date
    clause: str
    sum: str


# --- assessment and rectification ---


def assess(tenure: Tenure, course: Course, on: date, verdict: Verdict) -> None:
    """Record an assessment; a failed one opens rectification. Refused while the title is being rectified."""
    if tenure.underlying == "rectifying":
        raise Unlawful("整改期间不能登记新的考核；须先检查整改结果或办理复评。")
    course.assessed_on.append(on)
    if verdict == "pass":
        course.passed_since_renewal += 1
        return
    course.failed_since_renewal += 1
    tenure.underlying = "rectifying"
    course.order, course.checked, course.check_failed = None, False, False


def order_rectification(tenure: Tenure, course: Course, on: date, days: int | None) -> None:
    """Serve a rectification order. Refused unless an assessment failed and no order was served since."""
    if tenure.underlying != "rectifying":
        raise Unlawful("没有考核不达标的记录，不能下达限时整改意见。")
    if course.order is not None:
        raise Unlawful("本次考核不达标后已下达过整改意见，不能重复下达。")
    course.order = Order(on, days)


def check_rectification(tenure: Tenure, course: Course, verdict: Verdict) -> None:
    """Record the check of a rectification: passed, the title is sound again; failed, an extraordinary 复评 is open."""
    if tenure.underlying != "rectifying" or course.order is None or course.checked:
        raise Unlawful("没有待检查的整改意见；每次整改意见只检查一次。")
    course.checked = True
    if verdict == "pass":
        tenure.underlying = "certified"
    else:
        course.check_failed = True


# --- recertification (复评) ---


def window_opens(tenure: Tenure, policy: CyclePolicy) -> date | None:
    """Return the first day on which the title may be recertified (there is no last); None without a period."""
    return None if tenure.period_ends is None else add_months(tenure.period_ends, -policy.window_months.value)


def recertify(tenure: Tenure, course: Course, on: date, outcome: Outcome, policy: CyclePolicy) -> Effect:
    """Hold a 复评 and return what it does. Refused before the window or during rectification, unless a check failed."""
    in_window = _may_recertify(tenure, course, on, policy)
    if outcome == "refused":
        return _refuse_renewal(tenure, course, on)
    tenure.underlying = "certified"
    course.order, course.checked, course.check_failed, course.refused_on = None, False, False, None
    if not in_window:
        return "extraordinary"
    add_period(tenure)
    course.passed_since_renewal = course.failed_since_renewal = 0
    return "next_period"


def _may_recertify(tenure: Tenure, course: Course, on: date, policy: CyclePolicy) -> bool:
    """Return whether the window is open; Unlawful where 复评 is not possible at all."""
    opens = window_opens(tenure, policy)
    in_window = opens is None or on >= opens
    if course.check_failed:
        return in_window
    if tenure.underlying == "rectifying":
        raise Unlawful("整改尚未检查，不能复评；须先检查整改结果。")
    if opens is not None and not in_window:
        raise Unlawful(f"复评最早自{in_words(opens)}起办理（期满前{policy.window_months.value}个月，G-09，假定）。")
    return in_window


def _refuse_renewal(tenure: Tenure, course: Course, on: date) -> Effect:
    if course.check_failed:
        course.refused_on = course.refused_on or on
        return "ground"
    end_unrenewed(tenure, on)
    return "ended"


def spend_refusal(course: Course) -> None:
    """Use up the ground of a failed rectification; a new refusal would be a new ground."""
    course.refused_on = None


# --- duties ---


def report_due(policy: AnnualReportPolicy, as_of: date, calendar: Calendar) -> Duty | None:
    """Return the first annual report whose due day, moved off a day off, is not before `as_of`.

    None in the last year there is: the calendar ends with 9999.
    """
    try:
        return _report_due(policy.month.value, policy.day.value, policy.month.clause, as_of, calendar)
    except OverflowError:
        return None


@lru_cache(maxsize=10_000)
def _report_due(month: int, day_of_month: int, clause: str, as_of: date, calendar: Calendar) -> Duty:
    day = date(as_of.year, month, day_of_month)
    on, note = moved(day, calendar)
    if on < as_of:
        day = add_months(day, 12)
        on, note = moved(day, calendar)
    said = f"{in_words(day)}报送上一年度报告（{_assumed('G-13', '文件未规定日期')}）"
    return Duty("annual_report", on, clause, _sentence(said, note))


def assessment_due(tenure: Tenure, course: Course, policy: CyclePolicy, calendar: Calendar) -> Duty | None:
    """Return the first assessment due within the period that no assessment discharges, None if all are.

    Each due day uses the earliest assessment left that is not more than the early months before it.
    """
    if tenure.period_ends is None:
        return None
    months, used, done = 0, 0, course.assessed_on
    while True:
        months += policy.interval_months.value
        day, opens = _assessment_days(tenure.certified_on, months, policy.counts_early_months.value)
        if day > tenure.period_ends:
            return None
        while used < len(done) and done[used] < opens:
            used += 1
        if used == len(done):
            return _assessment_duty(tenure.certified_on, months, policy.interval_months.clause, calendar)
        used += 1


@lru_cache(maxsize=50_000)
def _assessment_days(certified_on: date, months: int, early: int) -> tuple[date, date]:
    """Return the due day so many months after certification, and the first day on which an assessment counts for it."""
    day = add_months(certified_on, months)
    return day, add_months(day, -early)


@lru_cache(maxsize=50_000)
def _assessment_duty(certified_on: date, months: int, clause: str, calendar: Calendar) -> Duty:
    day = add_months(certified_on, months)
    on, note = moved(day, calendar)
    said = (
        f"自{in_words(certified_on)}认定起满{months}个月，即{in_words(day)}"
        f"（{_assumed('G-09、G-26', '自认定日起定期考核，复评不代替考核')}）"
    )
    return Duty("assessment", on, clause, _sentence(said, note))


def recertification_due(tenure: Tenure) -> Duty | None:
    """Return the end of the period, by which 复评 should be held; not moved, and overdue ends nothing (G-27)."""
    period = tenure.title.period_years
    if tenure.period_ends is None or period is None:
        return None
    return _recertification_due(tenure.certified_on, tenure.period_ends, period.clause)


@lru_cache(maxsize=50_000)
def _recertification_due(certified_on: date, ends: date, clause: str) -> Duty:
    said = (
        f"自{in_words(certified_on)}认定起满{ends.year - certified_on.year}年，即{in_words(ends)}，"
        f"不因休息日顺延（逾期未复评的称号不自动失效，{_assumed('G-27', '文件未规定')}）"
    )
    return Duty("recertification", ends, clause, f"{said}。")


def rectification_due(course: Course, policy: CyclePolicy, calendar: Calendar) -> Duty | None:
    """Return the end of an unchecked rectification order, None if there is none."""
    if course.order is None or course.checked:
        return None
    served_on, stated = course.order
    days = policy.rectification_days.value if stated is None else stated
    end = due(served_on, days, "day", calendar)
    default = "" if stated is not None else f"整改期限{days}日：{_assumed('G-11', '文件和整改意见未定天数')}。"
    return Duty("rectification", end.on, policy.rectification_days.clause, f"{end.sum}{default}")


def _assumed(ambiguity: str, what: str) -> str:
    return f"{what}，系统默认，待主管部门确认（{ambiguity}）"


def _sentence(said: str, note: str) -> str:
    return f"{said}，{note}。" if note else f"{said}。"
