"""The facts awards rest on: tenants and what became of them, claims, internships, payments and officers' decisions.

Facts are recorded in the order in which they happened; where the order of events decides (a payment before a listing,
a claim before a cancellation), it is settled here, when the fact is recorded.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from bases.rules import Span, years_later
from portal.deadlines.terms import add_months
from subsidies.rules.policy import Beneficiary, Board, InternshipAward, StartupAward, SubsidyPolicy

Step = Literal["entered", "registered", "moved_out", "graduated", "cancelled", "high_tech"]
Key = tuple[str, str, str | None]  # award, beneficiary, of


class Listing(NamedTuple):
    """A listing on a board; `rewarded`: the award for listing had been paid to the tenant before it."""

    on: date
    board: Board
    rewarded: bool


class Claim(NamedTuple):
    """A founder's claim for the startup award, as filed on a day."""

    on: date
    group: str
    first_success: bool
    employees: int
    tax_normal: bool
    normal_operation: bool


class Internship(NamedTuple):
    """An internship of one person that ended on a day; `host`: at a place the plan names."""

    ended_on: date
    group: str
    host: bool
    months: tuple[str, ...]
    registered_on: date | None


class Refusal(NamedTuple):
    """Why an award did not arise from a fact."""

    on: date
    award: str
    of: str | None
    why: str


@dataclass(slots=True)
class Tenant:
    """A business in the base; the first day of each step stays."""

    entered: date | None = None
    registered: date | None = None
    moved_out: date | None = None
    graduated: date | None = None
    cancelled: date | None = None
    high_tech: date | None = None
    listings: list[Listing] = field(default_factory=list)
    jobs: list[tuple[date, int]] = field(default_factory=list)
    claim: Claim | None = None

    def take(self, step: Step, on: date) -> None:
        """Record a step; the first of each kind stays."""
        if getattr(self, step) is None:
            setattr(self, step, on)

    def incubated(self, day: date) -> bool:
        """Tell whether it is in incubation that day: entered by then, not after it graduated, left or was struck."""
        if self.entered is None or day < self.entered:
            return False
        return all(end is None or day <= end for end in (self.graduated, self.moved_out, self.cancelled))

    def within(self, day: date, years: int) -> bool:
        """Tell whether the day lies in incubation, or from graduation to so many years later, both ends included.

        Only a graduation of a tenant that had entered opens the window.
        """
        if self.incubated(day):
            return True
        if self.graduated is None or self.entered is None or self.entered > self.graduated:
            return False
        return self.graduated <= day <= years_later(self.graduated, years)


@dataclass(slots=True)
class Ledger:
    """All facts that awards of one base rest on. Amounts are whole fen (分); `plan` is when the policy applies."""

    policy: SubsidyPolicy
    plan: Span
    tenants: dict[str, Tenant] = field(default_factory=dict)
    internships: dict[str, list[Internship]] = field(default_factory=dict)
    grants: dict[str, tuple[date, int]] = field(default_factory=dict)
    studios: dict[str, date] = field(default_factory=dict)
    paid: dict[Key, int] = field(default_factory=dict)
    paid_whole: set[str] = field(default_factory=set)
    paid_first: dict[str, str] = field(default_factory=dict)
    decisions: dict[Key, bool] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def tenant(self, name: str) -> Tenant:
        """Return the tenant of that name, known from now on."""
        tenant = self.tenants.get(name)
        if tenant is None:
            tenant = self.tenants[name] = Tenant()
        return tenant


# --- money that moved, and decisions ---


def pay(ledger: Ledger, award: str, beneficiary: Beneficiary, of: str | None, fen: int) -> None:
    """Record a payment; instalments of the same award, beneficiary and origin add up."""
    key = (award, beneficiary, of)
    ledger.paid[key] = ledger.paid.get(key, 0) + fen
    if of is not None:
        _first_payment(ledger, award, of)


def pay_startup_whole(ledger: Ledger, tenant: str) -> None:
    """Record that the startup award of a tenant was paid in full."""
    if ledger.policy.startup is not None:
        ledger.paid_whole.add(tenant)
        _first_payment(ledger, ledger.policy.startup.award, tenant)


def decide(ledger: Ledger, award: str, beneficiary: Beneficiary, of: str | None, granted: bool) -> None:
    """Record an officer's judgement; the last one counts."""
    ledger.decisions[(award, beneficiary, of)] = granted


def _first_payment(ledger: Ledger, award: str, tenant: str) -> None:
    if ledger.policy.exclusion is not None and award in ledger.policy.exclusion.awards.value:
        ledger.paid_first.setdefault(tenant, award)


# --- what tenants, persons, projects and studios achieve ---


def list_shares(ledger: Ledger, name: str, on: date, board: Board) -> None:
    """Record a listing, and whether the award for an earlier one had reached the tenant by then."""
    listing, transfer = ledger.policy.listing, ledger.policy.transfer
    rewarded = False
    if listing is not None and transfer is not None:
        rewarded = (listing.award, transfer.paid_to.value, name) in ledger.paid
    ledger.tenant(name).listings.append(Listing(on, board, rewarded))


def claim_startup(ledger: Ledger, name: str, claim: Claim) -> None:
    """Record a founder's claim; the first that qualifies stays, one that does not uses nothing up."""
    rule, tenant = ledger.policy.startup, ledger.tenant(name)
    if rule is None or tenant.claim is not None:
        return
    why = why_no_startup(claim, tenant, rule)
    if not ledger.plan.holds(claim.on):
        why = "申请当日本方案不适用（P-1，假定）"
    if why is None:
        tenant.claim = claim
    else:
        ledger.refusals.append(Refusal(claim.on, rule.award, name, why))


def why_no_startup(claim: Claim, tenant: Tenant, rule: StartupAward) -> str | None:
    """Return the first condition of the startup award that a claim misses, None if it meets all."""
    if not claim.first_success:
        return "不是首次创业成功"
    if tenant.registered is None:
        return "申请前没有登记注册的记录"
    if add_months(tenant.registered, rule.operating_months.value) > claim.on:
        return f"登记至申请不满{rule.operating_months.value}个月"
    if claim.employees < rule.employees.value:
        return f"带动就业不足{rule.employees.value}人"
    if not claim.tax_normal:
        return "未正常申报纳税"
    if not claim.normal_operation:
        return "未正常经营"
    return None if tenant.cancelled is None else "申请前已经注销"


def complete_internship(ledger: Ledger, person: str, internship: Internship) -> None:
    """Record an internship that ended; only one that qualifies counts, and each person's are pooled."""
    rule = ledger.policy.internship
    if rule is None:
        return
    why = why_no_internship(internship, rule)
    if why is None and not ledger.plan.holds(internship_arises(internship)):
        why = "成功创业当日本方案不适用（P-1，假定）"
    if why is None:
        ledger.internships.setdefault(person, []).append(internship)
    else:
        ledger.refusals.append(Refusal(internship.ended_on, rule.award, person, why))


def why_no_internship(internship: Internship, rule: InternshipAward) -> str | None:
    """Return the first condition of the internship award that is missed, None if all are met (E-3)."""
    if internship.group not in rule.groups.value:
        return "见习人员不属于文件规定的人群"
    if not internship.host:
        return "见习单位不是文件列明的单位"
    if not internship.months:
        return "没有见习月份"
    if internship.registered_on is None:
        return "尚未登记注册"
    if internship.registered_on > add_months(internship.ended_on, rule.success_months.value):
        return f"见习结束{rule.success_months.value}个月以后才登记注册"
    return None


def internship_arises(internship: Internship) -> date:
    """Return the day the award arises: the later of the end and the registration."""
    return max(internship.ended_on, internship.registered_on or internship.ended_on)


def grade_project(ledger: Ledger, project: str, on: date, fen: int, graduate_within_5y: bool) -> None:
    """Record a grading; the first that qualifies stays."""
    rule = ledger.policy.project
    if rule is None or project in ledger.grants:
        return
    if not graduate_within_5y:
        ledger.refusals.append(Refusal(on, rule.award, project, "不是毕业五年内高校毕业生的项目"))
    elif not ledger.plan.holds(on):
        ledger.refusals.append(Refusal(on, rule.award, project, "评级当日本方案不适用（P-1，假定）"))
    else:
        ledger.grants[project] = (on, fen)


def publish_studio(ledger: Ledger, studio: str, on: date) -> None:
    """Record that a studio was made public; the first time while the plan applies stays."""
    rule = ledger.policy.studio
    if rule is None or studio in ledger.studios:
        return
    if ledger.plan.holds(on):
        ledger.studios[studio] = on
    else:
        ledger.refusals.append(Refusal(on, rule.award, studio, "公布当日本方案不适用（P-1，假定）"))
