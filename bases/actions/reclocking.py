"""The clock of a revocation follows the official calendar once it is loaded."""

import datetime
from collections.abc import Sequence

from bases.actions.proceedings import BASIS, RECEIPT, TASKS, workdays
from bases.models import Revocation
from bases.states import RevocationStatus as R
from portal.accounts.capacity import SYSTEM
from portal.audit.recording import record
from portal.deadlines.reclock import Matter, Touched, anew, concerned, recompute
from portal.deadlines.terms import Due
from portal.worklist.models import WorkItem


def reclock(years: Sequence[int], *, on: datetime.date, touched: Touched | None = None) -> set[Matter]:
    """Compute the terms of running proceedings anew, on record; return those that moved.

    The days to weigh a defence begin when the days for it are over, and move with them.
    """
    moved: set[Matter] = set()
    running = Revocation.objects.running()
    for revocation, before, after in recompute(running.filter(due_on__isnull=False), touched=touched):
        moved.add(_record(revocation, "step", before, after, years, on))
    defending = running.filter(status=R.DEFENCE, defence_term__isnull=False)
    for revocation in concerned(defending, touched).select_for_update(of=("self",)).order_by("pk"):
        before = Due.from_json(revocation.defence_term)
        after = anew(before, revocation.jurisdiction, touched)
        if after == before:
            continue
        _move(revocation, after)
        if after.on != before.on:
            moved.add(_record(revocation, "defence", before, after, years, on))
    return moved


def _move(revocation: Revocation, defence: Due) -> None:
    revocation.defence_ends, revocation.defence_term = defence.on, defence.as_json()
    if revocation.limit is not None:
        over = max(defence.on, revocation.hearing_set_for or defence.on)
        limit = workdays(revocation, over, revocation.limit.length)
        revocation.due_on, revocation.due = limit.on, limit.as_json()
    revocation.save(update_fields=["defence_ends", "defence_term", "due_on", "due"])
    about = WorkItem.objects.waiting().filter(subject_type="bases.revocation", subject_id=str(revocation.pk))
    about.filter(kind=RECEIPT).update(due_on=defence.on, due=defence.as_json())
    about.filter(kind__in=(TASKS[R.DEFENCE][0], BASIS)).update(due_on=revocation.due_on, due=revocation.due)


def _record(
    revocation: Revocation, term: str, before: Due, after: Due, years: Sequence[int], on: datetime.date
) -> Matter:
    dates = {"term": term, "before": before.on.isoformat(), "after": after.on.isoformat(), "sum": after.sum}
    record("revocation.reclocked", revocation, by=SYSTEM, on=on, policy=revocation.policy, years=list(years), **dates)
    return revocation._meta.label_lower, str(revocation.pk)
