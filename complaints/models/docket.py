"""The count (有效投诉计数): never a counter, always computed from the facts by `complaints.rules`.

The facts of a base are laid out in the order in which they happened and go to the same rules as in the evaluator.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from django.db import models

from bases.models import Base, Certification, Revocation
from bases.rules import BasePolicy, Register, Span, Tenure, period_on
from bases.states import HELD, SPENDING, Standing
from complaints.models.complaint import Complaint
from complaints.models.finding import Finding, Misconduct
from complaints.rules import (
    MISCONDUCT,
    ComplaintPolicy,
    CountingPolicy,
    Docket,
    Upheld,
    establish_misconduct,
    limit_reached_on,
    overturn,
    spend,
    tally,
    uphold,
    why_not_counted,
)
from complaints.states import ComplaintStatus, MisconductStatus, Outcome
from portal.policies.loader import pack_of

# The order within a day only
_FIRST = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)  # noqa: UP017
_LAST = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)  # noqa: UP017


class Fact(NamedTuple):
    """One thing that happened: sorted by day, then by the moment it was entered.

    A certification begins its day and its end is the last of it: what was upheld that day was upheld while it stood.
    """

    on: datetime.date
    at: datetime.datetime
    order: int
    happen: Callable[[Docket], object]


class Line(NamedTuple):
    """One complaint that was found true, whether it counts now, and if not, why."""

    complaint: Complaint
    counts: bool
    why: str


@dataclass(frozen=True)
class Count:
    """How many complaints count against a title on a day, out of the limit, line by line (GZ-27, G-01 to G-04)."""

    certification: Certification
    policy: CountingPolicy
    register: Register
    tenure: Tenure
    docket: Docket
    period: Span
    lines: tuple[Line, ...]
    counted: tuple[Upheld, ...]

    @property
    def number(self) -> int:
        """How many count."""
        return len(self.counted)

    @property
    def reached_on(self) -> datetime.date | None:
        """The day of the complaint that reached the limit, None below it."""
        return limit_reached_on(list(self.counted), self.policy)

    def met_on(self, ground: str) -> datetime.date | None:
        """Return the day on which a ground of revocation that lies in complaints or misconduct was met, None if not."""
        return self.reached_on if ground == "complaints" else self.docket.misconduct.get(ground)


def titled_by(base: Base, on: datetime.date) -> Certification | None:
    """Return the latest certification of the title against which complaints count, None where there is none."""
    return _titled(base.certifications.order_by("certified_on", "pk"), on)


def _titled(rows: Iterable[Certification], on: datetime.date) -> Certification | None:
    for certification in sorted(rows, key=lambda row: (row.certified_on, row.pk), reverse=True):
        counting = pack_of(certification.policy, on=on).section(ComplaintPolicy).counting
        if counting is not None and counting.title == certification.title:
            return certification
    return None


def count_of(base: Base, on: datetime.date) -> Count | None:
    """Count the complaints against a base as of a day; None where the policy attaches nothing to them."""
    held = list(base.certifications.order_by("certified_on", "pk"))
    certification = _titled(held, on)
    if certification is None:
        return None
    pack = pack_of(certification.policy, on=on)
    section, policy = pack.section(BasePolicy), pack.section(ComplaintPolicy).counting
    if policy is None:
        return None
    register = base.register(section, held)
    tenure = register.tenures[certification.title]
    complaints = {complaint.number: complaint for complaint in upheld_ever(base)}
    same = sorted((row for row in held if row.title == certification.title), key=lambda row: row.pk)
    docket = _docket(same, policy, complaints)
    period = period_on(tenure, on)
    told = list(tally(docket, period, policy))
    counted = tuple(upheld for upheld, counts in told if counts)
    lines = tuple(_lines(docket, policy, period, complaints, {u.complaint: counts for u, counts in told}))
    return Count(certification, policy, register, tenure, docket, period, lines, counted)


def upheld_ever(base: Base) -> "models.QuerySet[Complaint]":
    """Return every complaint about the base that was found true once, also if that was overturned, oldest first."""
    found = Complaint.objects.filter(base=base, status__in=[ComplaintStatus.UPHELD, ComplaintStatus.OVERTURNED])
    return found.select_related("same_fact_as").prefetch_related("findings").order_by("decided_on", "decided_at", "pk")


def as_rule(complaint: Complaint) -> Upheld:
    """Return a complaint found true as the rules see it. Raises ValueError for one that was never decided."""
    if complaint.decided_on is None:
        raise ValueError(complaint.number)
    findings: list[Finding] = sorted(complaint.findings.all(), key=lambda finding: finding.number)
    partly = bool(findings) and findings[-1].outcome == Outcome.PARTLY
    recipient = bool(complaint.service_recipient)
    return Upheld(complaint.number, complaint.decided_on, complaint.fact, complaint.named, recipient, partly)


def _docket(held: list[Certification], policy: CountingPolicy, complaints: dict[str, Complaint]) -> Docket:
    docket, base, title = Docket(), held[0].base_id, held[0].title
    facts = [*_of_title(held), *_of_complaints(complaints, policy), *_of_misconduct(base), *_spent(base, title)]
    for fact in sorted(facts, key=lambda fact: fact[:3]):
        fact.happen(docket)
    return docket


def _of_title(rows: list[Certification]) -> Iterator[Fact]:
    for row in rows:
        yield Fact(row.certified_on, _FIRST, row.pk, Docket.begin)
        before = row.stood_as if row.status in {Standing.IN_PROCEEDINGS, Standing.REVOKED} else row.status
        if row.ended_on and before and before not in HELD and before != Standing.REVOKED:
            again = any(later.pk > row.pk and later.certified_on <= row.ended_on for later in rows)
            yield Fact(row.ended_on, _FIRST if again else _LAST, row.pk, Docket.end)


def _of_complaints(complaints: dict[str, Complaint], policy: CountingPolicy) -> Iterator[Fact]:
    for complaint in complaints.values():
        if complaint.decided_on is None or complaint.decided_at is None:
            continue
        found = as_rule(complaint)
        yield Fact(
            complaint.decided_on,
            complaint.decided_at,
            complaint.pk,
            partial(uphold, complaint=found, policy=policy),
        )
        if complaint.overturned_on and complaint.overturned_at:
            yield Fact(
                complaint.overturned_on,
                complaint.overturned_at,
                complaint.pk,
                partial(overturn, complaint=complaint.number),
            )


def _of_misconduct(base: int) -> Iterator[Fact]:
    for row in Misconduct.objects.filter(base=base, status=MisconductStatus.ESTABLISHED).order_by("pk"):
        if row.decided_on and row.decided_at:
            ground = next(each for each in MISCONDUCT if each == row.ground)
            yield Fact(
                row.decided_on,
                row.decided_at,
                row.pk,
                partial(establish_misconduct, ground=ground, on=row.decided_on),
            )


def _spent(base: int, title: str) -> Iterator[Fact]:
    ended = Revocation.objects.filter(base=base, certification__title=title, status__in=sorted(SPENDING))
    for row in ended.order_by("pk"):
        if row.ended_on and row.ended_at:
            yield Fact(row.ended_on, row.ended_at, row.pk, partial(spend, ground=row.ground))


def _lines(
    docket: Docket, policy: CountingPolicy, period: Span, complaints: dict[str, Complaint], told: dict[str, bool]
) -> Iterator[Line]:
    for number, complaint in complaints.items():
        upheld = docket.seen[number]
        if told.get(number):
            yield Line(complaint, True, "")
        elif upheld.overturned:
            yield Line(complaint, False, "认定已推翻")
        elif number in told:
            yield Line(complaint, False, "同一事实已计一次")
        elif upheld.spent:
            yield Line(complaint, False, "已用于此前终结的撤销程序")
        elif reason := why_not_counted(docket, upheld, policy):
            yield Line(complaint, False, reason)
        else:
            outside = not period.holds(upheld.on)
            yield Line(complaint, False, "不在本复评认定期内" if outside else "在本次认定之前")
