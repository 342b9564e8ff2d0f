"""The law of applying (申报): what bars a base from a title today, and which conditions its own figures meet.

Plain Python; parameters come from the pack section `ApplicationPolicy`, table `[applications.eligibility]`. Bans and
standing titles are read from the register of `bases`; the figures of the base come as a mapping of what was stated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import ClassVar, Literal, NamedTuple

from applications.procedure import ChoiceList, Procedure
from bases.rules import Register, Tenure
from portal.policies.schema import Code, NonEmpty, Share, Unfit, Value

Reason = Literal["banned", "holds_title", "requires_title", "condition_unmet", "condition_unknown"]
Fact = bool | int | Decimal | tuple[str, ...]
Facts = Mapping[str, Fact]

_FOUR_PLACES = Decimal("0.0001")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Prerequisite:
    """A title one needs before applying for another: standing, or undisturbed; `since` when the rule came in."""

    title: Code
    needs: Value[Code]
    holding: Literal["standing", "certified"]
    cite: str
    since: Value[date] | None = None


@dataclass(frozen=True)
class SharedBan:
    """A title that may not be applied for while another one is banned."""

    title: Code
    banned_as: Value[Code]


@dataclass(frozen=True)
class ShareCondition:
    """A share of the base's own figures that must reach a number; `for_title` makes it a condition of applying."""

    condition: Code
    name: NonEmpty
    numerator: Code
    denominator: Code
    at_least: Value[Share]
    only_where: Code | None = None
    for_title: Code | None = None


@dataclass(frozen=True)
class Checklist:
    """Things a base must have: yes-or-no facts, and codes that a stated list must contain."""

    condition: Code
    name: NonEmpty
    flags: Value[tuple[Code, ...]]
    labels: Mapping[Code, NonEmpty]
    listed: Value[tuple[Code, ...]] | None = None
    listed_in: Code | None = None

    def __post_init__(self) -> None:
        codes = (*self.flags.value, *(self.listed.value if self.listed is not None else ()))
        for code in codes:
            if code not in self.labels:
                raise Unfit("labels", found=f"没有 {code}", expected="每一项的中文名称", fix=f"请补上 {code} 的名称。")


@dataclass(frozen=True)
class Eligibility:
    """The table [applications.eligibility]: prerequisites, shared bans and conditions."""

    prerequisites: tuple[Prerequisite, ...] = ()
    shared_bans: tuple[SharedBan, ...] = ()
    shares: tuple[ShareCondition, ...] = ()
    checklists: tuple[Checklist, ...] = ()

    def needed(self, title: str, on: date) -> Iterator[Prerequisite]:
        """Yield what a case for the title needs that is filed on that day."""
        for rule in self.prerequisites:
            if rule.title == title and (rule.since is None or rule.since.value <= on):
                yield rule

    def of_title(self, title: str) -> "Eligibility":
        """Return the same without the shares that are conditions of another title alone (ER-24)."""
        return replace(self, shares=tuple(rule for rule in self.shares if rule.for_title in (None, title)))


@dataclass(frozen=True)
class ApplicationPolicy:
    """The section [applications]."""

    SECTION: ClassVar[str] = "applications"
    eligibility: Eligibility = field(default_factory=Eligibility)
    procedures: tuple[Procedure, ...] = ()
    lists: tuple[ChoiceList, ...] = ()

    def procedure(self, title: str) -> Procedure:
        """Return the way of applying for `title`. Raises LookupError if this jurisdiction certifies it otherwise."""
        for procedure in self.procedures:
            if procedure.title == title:
                return procedure
        raise LookupError(title)

    def registered_alone(self, title: str, on: date) -> frozenset[str]:
        """Return the slots of papers that show a title nobody may apply without: the register alone shows it (D-01)."""
        needed = {rule.needs.value for rule in self.eligibility.needed(title, on)}
        return frozenset(each.slot for each in self.procedure(title).uploads() if each.proves in needed)


class Admission(NamedTuple):
    """Whether a base may apply for a title; `opens` is the first day it may, where only a ban is in the way."""

    allowed: bool
    opens: date | None
    reasons: tuple[Reason, ...]


class Finding(NamedTuple):
    """A condition held against what the base stated; `name` and `lacking` say in words what the codes say."""

    condition: str
    met: bool
    found: str | tuple[str, ...]
    required: str | tuple[str, ...]
    clause: str
    name: str
    lacking: tuple[str, ...] = ()


# --- may apply ---

NOT_TWICE = "原文没有写；假定同一称号有效期间不重复认定，待主管部门确认。"
NO_BAN = "原文没有暂停申报的规定；这里只核对名册里有没有暂停申报的记录。"


def not_twice(clause: str) -> Value[bool]:
    """Return on what it rests that nobody applies for a title that stands: no source says it of itself."""
    return Value(value=True, clause=clause, assumed=True, because=NOT_TWICE)


def no_ban(clause: str) -> Value[bool]:
    """Return on what it rests that bans are looked for where the policy of a title knows none."""
    return Value(value=True, clause=clause, assumed=True, because=NO_BAN)


def may_apply(
    title: str, register: Register, facts: Facts, policy: Eligibility, on: date, *, filed: date | None = None
) -> Admission:
    """Return whether the base may apply for the title on that day, with every reason why not.

    A prerequisite binds the cases `filed` since it came in, whatever the day of the decision; where nothing was filed,
    `on` is the day.
    """
    ban_until = banned_until(title, register, policy, on)
    reasons: list[Reason] = []
    if ban_until is not None:
        reasons.append("banned")
    if _holds(register.tenures.get(title)):
        reasons.append("holds_title")
    if any(not _has(rule, register) for rule in policy.needed(title, filed or on)):
        reasons.append("requires_title")
    reasons.extend(_shares_missed(title, facts, policy))
    opens = ban_until + _ONE_DAY if ban_until is not None and len(reasons) == 1 else None
    return Admission(not reasons, opens, tuple(reasons))


def banned_until(title: str, register: Register, policy: Eligibility, on: date) -> date | None:
    """Return the last day of the bans that bar the title on that day, its own and those it shares; None if free."""
    if not register.bans:
        return None
    titles = [title, *(shared.banned_as.value for shared in policy.shared_bans if shared.title == title)]
    bans = [ban for ban in (register.banned(banned, on) for banned in titles) if ban is not None]
    return max((ban.until for ban in bans), default=None)


def _holds(tenure: Tenure | None) -> bool:
    return tenure is not None and (tenure.stands or tenure.proceedings is not None)


def _has(rule: Prerequisite, register: Register) -> bool:
    tenure = register.tenures.get(rule.needs.value)
    if tenure is None:
        return False
    return tenure.stands if rule.holding == "standing" else tenure.standing == "certified"


def _shares_missed(title: str, facts: Facts, policy: Eligibility) -> Iterator[Reason]:
    for rule in policy.shares:
        if rule.for_title == title:
            finding = share(rule, facts)
            if finding is None:
                yield "condition_unknown"
            elif not finding.met:
                yield "condition_unmet"


# --- conditions ---


def conditions(facts: Facts, policy: Eligibility) -> Iterator[Finding]:
    """Yield each condition for which the base stated every figure it needs."""
    if not facts:
        return
    for rule in policy.shares:
        finding = share(rule, facts)
        if finding is not None:
            yield finding
    for checklist in policy.checklists:
        finding = checked(checklist, facts)
        if finding is not None:
            yield finding


def share(rule: ShareCondition, facts: Facts) -> Finding | None:
    """Hold a share against its limit, the limit included, exactly; None where a figure is missing or divides by 0."""
    if rule.only_where is not None and facts.get(rule.only_where) is not True:
        return None
    part, whole = facts.get(rule.numerator), facts.get(rule.denominator)
    if not isinstance(part, int | Decimal) or not isinstance(whole, int | Decimal) or whole == 0:
        return None
    limit = rule.at_least.value
    met, found = compare_share(Decimal(part), Decimal(whole), limit)
    return Finding(rule.condition, met, found, str(limit), rule.at_least.clause, rule.name)


def compare_share(part: Decimal, whole: Decimal, limit: Decimal) -> tuple[bool, str]:
    """Return whether part ÷ whole reaches the limit, and the share with four decimals, rounded half up, both exact."""
    exact = Context(prec=_digits(part) + _digits(whole) + _digits(limit) + 10, rounding=ROUND_HALF_UP)
    met = exact.compare(part, exact.multiply(whole, limit)) >= 0
    # Half up without rounding twice: floor(part ÷ whole × 10⁴ + ½), by whole division.
    doubled = exact.multiply(part, Decimal(20000))
    steps = exact.divide_int(exact.add(doubled, whole), exact.multiply(whole, Decimal(2)))
    return met, f"{exact.multiply(steps, _FOUR_PLACES):f}"


def checked(rule: Checklist, facts: Facts) -> Finding | None:
    """Hold a checklist against what the base stated; None unless it stated every point."""
    listed = facts.get(rule.listed_in) if rule.listed_in is not None else ()
    if not isinstance(listed, tuple) or any(flag not in facts for flag in rule.flags.value):
        return None
    codes = rule.listed.value if rule.listed is not None else ()
    missing = [code for code in codes if code not in listed]
    missing += [flag for flag in rule.flags.value if facts[flag] is not True]
    required, lacking = (*codes, *rule.flags.value), tuple(rule.labels[code] for code in missing)
    return Finding(rule.condition, not missing, tuple(missing), required, rule.flags.clause, rule.name, lacking)


def _digits(number: Decimal) -> int:
    """Return how many digits the number takes written out, before and after the point."""
    exponent = number.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    return abs(number.adjusted()) + abs(places) + 2
