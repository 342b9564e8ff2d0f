"""Grounds of revocation in complaints and misconduct: opened when they are met, dropped when they fall away."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from bases.actions import lapse_revocation, open_revocation
from bases.models import Base, Revocation
from bases.rules import BasePolicy
from bases.states import BEFORE_NOTICE
from complaints.models import Complaint, Count, Misconduct, count_of
from complaints.rules import MISCONDUCT
from complaints.states import MisconductStatus
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.models import User
from portal.policies.loader import pack_of


@transaction.atomic
def open_what_is_met(base: Base, *, by: Capacity, on: datetime.date) -> Revocation | None:
    """Open proceedings if a ground is met and none run (立案, GZ-27); the earliest ground first. None if none is met.

    Called in the transaction of the act that may have met it, and daily for every base: never missed, never twice.
    """
    base = Base.objects.locked(base.pk)
    count = count_of(base, on)
    if count is None:
        return None
    policy = pack_of(count.certification.policy, on=on).section(BasePolicy).revocation
    if policy is None or policy.title != count.certification.title or count.tenure.revocation is not None:
        return None
    if count.certification.revocations.running().exists():
        return None
    met = [(day, ground.ground) for ground in policy.grounds if (day := count.met_on(ground.ground)) is not None]
    if not met:
        return None
    met_on, ground = min(met, key=lambda found: found[0])
    ended = base.revocations.aggregate(last=Max("ended_on"))["last"]
    return open_revocation(
        count.certification,
        ground=ground,
        met_on=met_on,
        since=max(met_on, ended or met_on),
        basis=_basis(base, count, ground),
        by=SYSTEM if by.kind == "system" else by,
        on=on,
        verified_by=_hands(base, count, ground),
    )


def _basis(base: Base, count: Count, ground: str) -> dict[str, Any]:
    if ground in MISCONDUCT:
        found = _established(base, ground)
        return {"ground": ground, "established_on": str(found.decided_on), "conclusion": found.conclusion}
    return {
        "ground": ground,
        "clause": count.policy.limit.clause,
        "limit": count.policy.limit.value,
        "counted": [
            {"complaint": upheld.complaint, "on": upheld.on.isoformat(), "fact": upheld.fact, "partly": upheld.partly}
            for upheld in count.counted
        ],
        "period": [count.period.start.isoformat(), count.period.end.isoformat() if count.period.end else None],
    }


def _established(base: Base, ground: str) -> Misconduct:
    rows = Misconduct.objects.filter(base=base, ground=ground, status=MisconductStatus.ESTABLISHED)
    found = rows.order_by("decided_on", "pk").last()
    if found is None:
        raise LookupError(ground)
    return found


def _hands(base: Base, count: Count, ground: str) -> list[User]:
    """Return who found the facts: they do not decide on the revocation."""
    if ground in MISCONDUCT:
        found = _established(base, ground)
        return list({*found.officers.all(), found.reported_by, *([found.decided_by] if found.decided_by else [])})
    numbers = [upheld.complaint for upheld in count.counted]
    people: set[User] = set()
    for complaint in Complaint.objects.filter(number__in=numbers).prefetch_related("findings__officers"):
        finding = max(complaint.findings.all(), key=lambda each: each.number)
        people |= {*finding.officers.all(), finding.recorded_by}
        if complaint.decided_by:
            people.add(complaint.decided_by)
    return list(people)


@transaction.atomic
def drop_what_is_not_met(base: Base, *, because: str, on: datetime.date) -> Revocation | None:
    """Drop proceedings on complaints that the holder was not told of yet, if their ground is no longer met."""
    base = Base.objects.locked(base.pk)
    waiting = Revocation.objects.filter(base=base, ground="complaints", status__in=sorted(BEFORE_NOTICE)).first()
    count = count_of(base, on)
    if waiting is None or count is None or count.reached_on is not None:
        return None
    dropped = lapse_revocation(waiting, because=because, by=SYSTEM, on=on)
    open_what_is_met(base, by=SYSTEM, on=on)  # another ground may have waited behind it
    return dropped
