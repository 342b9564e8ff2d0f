"""Grounds of revocation in complaints and misconduct: opened when they are met, dropped when they fall away."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from bases.actions import lapse_revocation, open_revocation, put_lost_basis_on_desk
from bases.models import Base, Certification, Revocation
from bases.models.revocation import RevocationQuerySet
from bases.rules import BasePolicy
from bases.states import AFTER_NOTICE, BEFORE_NOTICE, RevocationStatus
from complaints import notices
from complaints.models import Complaint, Count, Misconduct, count_of
from complaints.rules import MISCONDUCT
from complaints.states import MisconductStatus
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.models import User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.notifications.notify import notify
from portal.policies.loader import pack_of


@transaction.atomic
def open_what_is_met(base: Base, *, by: Capacity, on: datetime.date) -> Revocation | None:
    """Open proceedings if a ground is met and none run (立案, GZ-27); the earliest ground first. None if none is met.

    Called in the transaction of the act that may have met it, and daily for every base: never missed, never twice.
    Proceedings on complaints of which the holder was not told yet rest on what counts now.
    """
    base = Base.objects.locked(base.pk)
    count = count_of(base, on)
    if count is None:
        return None
    policy = pack_of(count.certification.policy, on=on).section(BasePolicy).revocation
    if policy is None or policy.title != count.certification.title or count.tenure.revocation is not None:
        return None
    running = count.certification.revocations.running().first()
    if running is not None:
        _refresh(running, count, on)
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


def _refresh(running: Revocation, count: Count, on: datetime.date) -> None:
    """Let proceedings on complaints rest on those that count now, before the holder is told; who verified is added."""
    met_on = count.reached_on
    if running.ground != "complaints" or running.status not in BEFORE_NOTICE or met_on is None:
        return
    basis = _basis(running.base, count, running.ground)
    if (running.basis, running.met_on) == (basis, met_on):
        return
    running.basis, running.met_on, running.revision = basis, met_on, running.revision + 1
    running.save(update_fields=["basis", "met_on", "revision"])
    running.verified_by.add(*_hands(running.base, count, running.ground))
    record("revocation.basis_changed", running, by=SYSTEM, on=on, policy=running.policy, met_on=met_on, basis=basis)


def ground_met_on(base: Base, certification: Certification, ground: str, on: datetime.date) -> datetime.date | None:
    """Return the day on which a ground in complaints or misconduct was met against a title, as the facts stand on `on`.

    None if it is not met (any more). Asked before the holder is told: see the setting GROUND_CHECKS.
    """
    return _met_on(count_of(base, on), certification, ground)


def _met_on(count: Count | None, certification: Certification, ground: str) -> datetime.date | None:
    return count.met_on(ground) if count is not None and count.certification.pk == certification.pk else None


def conclusions_of(base: Base, numbers: Sequence[str]) -> dict[str, str]:
    """Return what the last finding on each of these complaints concluded, by number: both sides were told it.

    A prior notice is drafted from it: see the setting CONCLUSIONS.
    """
    rows = Complaint.objects.filter(base=base, number__in=numbers).prefetch_related("findings")
    last = {each.number: max(each.findings.all(), key=lambda found: found.number, default=None) for each in rows}
    return {number: found.conclusion for number, found in last.items() if found is not None}


def _basis(base: Base, count: Count, ground: str) -> dict[str, Any]:
    if ground in MISCONDUCT:
        found = _established(base, ground)
        facts = {"ground": ground, "established_on": str(found.decided_on), "misconduct": found.pk}
        return facts | {"conclusion": found.conclusion}
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
    """Return who found the facts, and for whom they stood in: they do not decide on the revocation."""
    if ground in MISCONDUCT:
        found = _established(base, ground)
        return list(User.objects.filter(pk__in=found.people))
    numbers = [upheld.complaint for upheld in count.counted]
    people: set[int] = set()
    for complaint in Complaint.objects.filter(number__in=numbers).prefetch_related("findings"):
        finding = max(complaint.findings.all(), key=lambda each: each.number)
        people |= finding.people | ({complaint.decided_by_id} if complaint.decided_by_id else set())
    return list(User.objects.filter(pk__in=people))


@transaction.atomic
def drop_what_is_not_met(base: Base, *, because: str, on: datetime.date) -> Revocation | None:
    """Drop proceedings that the holder was not told of yet, if their ground is no longer met. None if none is dropped.

    Called by every act that may take a complaint out of the count, and daily.
    """
    base = Base.objects.locked(base.pk)
    early = base.revocations.filter(status__in=sorted(BEFORE_NOTICE), ground__in=["complaints", *MISCONDUCT])
    untold, count = list(early.select_related("certification")), count_of(base, on)
    for waiting in untold:
        if _met_on(count, waiting.certification, waiting.ground) is None:
            dropped = lapse_revocation(waiting, because=because, by=SYSTEM, on=on)
            open_what_is_met(base, by=SYSTEM, on=on)  # another ground may have waited behind it
            return dropped
        open_what_is_met(base, by=SYSTEM, on=on)  # it rests on what counts now
    return None


def opened_on(complaint: Complaint) -> Revocation | None:
    """Return the proceedings that rest on the complaint and of which the holder was not told yet."""
    return _resting_on(complaint).filter(status__in=sorted(BEFORE_NOTICE)).last()


def past_stopping(complaint: Complaint) -> list[Revocation]:
    """Return what rests on the complaint and does not fall with it: the holder was told, or the title is revoked."""
    states = AFTER_NOTICE | {RevocationStatus.REVOKED}
    return list(_resting_on(complaint).filter(status__in=sorted(states)).select_related("decider"))


def _resting_on(complaint: Complaint) -> RevocationQuerySet:
    counted = [{"complaint": complaint.number}]
    return Revocation.objects.filter(base=complaint.base_id, basis__counted__contains=counted).order_by("pk")


def _mark_overturned(revocation: Revocation, number: str, on: datetime.date) -> None:
    for row in revocation.basis["counted"]:
        if row["complaint"] == number:
            row["overturned_on"] = on.isoformat()
    revocation.revision += 1  # who is about to decide on what was shown before is told to look again
    revocation.save(update_fields=["basis", "revision"])


def tell_of_lost_basis(complaint: Complaint, *, by: Capacity, on: datetime.date) -> None:
    """Tell both posts of the bureau that decides that a complaint its proceedings rest on was overturned.

    The law does not stop them by itself; it is for that bureau to close them, or to set its revocation aside.
    """
    for revocation in past_stopping(complaint):
        _mark_overturned(revocation, complaint.number, on)
        record(
            "revocation.basis_overturned",
            revocation,
            by=by,
            on=on,
            policy=revocation.policy,
            complaint=complaint.number,
        )
        posts = (Permission.PREPARE_REVOCATION, Permission.DECIDE_REVOCATION)
        people = [each for post in posts for each in officers_at(revocation.decider, post, on)]
        notify(notices.basis_overturned(complaint, revocation), to=people, about=revocation, on=on)
        if revocation.status in AFTER_NOTICE:
            put_lost_basis_on_desk(revocation, by=by, on=on)
