"""The law of complaints (投诉): which count, how many, and when they or established misconduct are a ground to revoke.

Plain Python; parameters come from the pack section `ComplaintPolicy`. A `Docket` holds what was upheld and established
against one base. Complaint ids are checked whatever the policy; counting is for the one title the policy names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from bases.rules import Span, Unlawful
from complaints.procedure import HandlingPolicy
from portal.policies.schema import AtLeastOne, Code, Value

Misconduct = Literal["fraud", "service_breach"]
MISCONDUCT: tuple[Misconduct, ...] = ("fraud", "service_breach")


@dataclass(frozen=True)
class CountingPolicy:
    """The table [complaints.counting]: against which title complaints count, which count, and the limit, inclusive.

    `on_limit` says what follows from reaching it: proceedings are opened, a person decides.
    """

    title: Code
    limit: Value[AtLeastOne]
    on_limit: Value[Literal["open_proceedings"]]
    window: Value[Literal["certification_period"]]
    named_only: Value[bool]
    recipients_only: Value[bool]
    partly_counts: Value[bool]
    same_fact_once: Value[bool]


@dataclass(frozen=True)
class ComplaintPolicy:
    """The section [complaints]: how they are handled; `counting` is absent where the policy attaches no consequence."""

    SECTION: ClassVar[str] = "complaints"
    handling: HandlingPolicy
    counting: CountingPolicy | None = None


@dataclass(slots=True, eq=False)
class Upheld:
    """A complaint found true (有效投诉) on a day. `spent`: proceedings it led to ended without a revocation."""

    complaint: str
    on: date
    fact: str | None
    named: bool
    service_recipient: bool
    partly: bool
    overturned: bool = False
    spent: bool = False


@dataclass(slots=True)
class Docket:
    """What was upheld and established against one base; since `begin()` it bears on the title that is held."""

    seen: dict[str, Upheld] = field(default_factory=dict)
    unspent: list[Upheld] = field(default_factory=list)
    spent_facts: dict[str, list[Upheld]] = field(default_factory=dict)
    misconduct: dict[str, date] = field(default_factory=dict)
    held: bool = False
    open: bool = False

    def begin(self) -> None:
        """Start anew with a certification: what came before bears on nothing that follows."""
        self.unspent, self.spent_facts, self.misconduct = [], {}, {}
        self.held = self.open = True

    def end(self) -> None:
        """Note that the title was given up or not renewed: later complaints do not count, later misconduct does."""
        self.open = False


def uphold(docket: Docket, complaint: Upheld, policy: CountingPolicy | None) -> str | None:
    """Record a complaint found true; return why it can never count, None if it may. Refused for an id used before."""
    if complaint.complaint in docket.seen:
        raise Unlawful(f"投诉编号“{complaint.complaint}”已经用过（推翻后也不能再用），请另用编号。")
    docket.seen[complaint.complaint] = complaint
    reason = why_not_counted(docket, complaint, policy)
    if reason is None:
        docket.unspent.append(complaint)
    return reason


def why_not_counted(docket: Docket, complaint: Upheld, policy: CountingPolicy | None) -> str | None:
    """Return why a complaint does not count whatever else happens (G-04), None if it may."""
    if policy is None:
        return "本政策未规定投诉次数的后果"
    if docket.open and complaint.named and complaint.service_recipient and not complaint.partly:
        return None  # counts under every reading of G-04
    if not docket.held:
        return "当时尚未取得适用投诉计数的称号"
    if not docket.open:
        return "当时称号已经终止"
    if policy.named_only.value and not complaint.named:
        return "属匿名投诉（G-04，假定）"
    if policy.recipients_only.value and not complaint.service_recipient:
        return "投诉人不是服务对象"
    if complaint.partly and not policy.partly_counts.value:
        return "仅部分属实"
    return None


def overturn(docket: Docket, complaint: str) -> Upheld:
    """Treat a complaint as if it had never been upheld. Refused if it was not upheld, or was overturned before."""
    upheld = docket.seen.get(complaint)
    if upheld is None:
        raise Unlawful(f"投诉“{complaint}”没有核实认定的记录，不能推翻；请核对编号和先后。")
    if upheld.overturned:
        raise Unlawful(f"投诉“{complaint}”已经推翻过，不能重复推翻。")
    upheld.overturned = True
    return upheld


def establish_misconduct(docket: Docket, ground: Misconduct, on: date) -> bool:
    """Record established misconduct; return whether it bears on a title held then or before. The earliest day stays."""
    if docket.held:
        docket.misconduct.setdefault(ground, on)
    return docket.held


def spend(docket: Docket, ground: str) -> None:
    """Use up a ground whose proceedings ended without a revocation that stands; the facts stay used."""
    docket.misconduct.pop(ground, None)
    if ground != "complaints":
        return
    for complaint in docket.unspent:
        complaint.spent = True
        if complaint.fact is not None:
            docket.spent_facts.setdefault(complaint.fact, []).append(complaint)
    docket.unspent = []


def tally(docket: Docket, period: Span, policy: CountingPolicy) -> Iterator[tuple[Upheld, bool]]:
    """Yield each complaint of the period that was not overturned, and whether it counts: a fact counts once in it."""
    used: set[str] = set()
    for complaint in docket.unspent:
        if complaint.overturned or not period.holds(complaint.on):
            continue
        fact = complaint.fact if policy.same_fact_once.value else None
        repeats = fact is not None and (fact in used or _spent_before(docket, fact, period))
        if fact is not None:
            used.add(fact)
        yield complaint, not repeats


def counted(docket: Docket, period: Span, policy: CountingPolicy) -> list[Upheld]:
    """Return the complaints that count in the period, oldest first."""
    return [complaint for complaint, counts in tally(docket, period, policy) if counts]


def limit_reached_on(counting: list[Upheld], policy: CountingPolicy) -> date | None:
    """Return the day of the complaint that reaches the limit (the limit itself included, G-01), None below it."""
    limit = policy.limit.value
    return counting[limit - 1].on if len(counting) >= limit else None


def _spent_before(docket: Docket, fact: str, period: Span) -> bool:
    return any(not spent.overturned and period.holds(spent.on) for spent in docket.spent_facts.get(fact, ()))
