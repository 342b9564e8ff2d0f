"""The clock of a complaint follows the official calendar once it is loaded."""

import datetime
from collections.abc import Sequence

from complaints.actions.verifying import move_due
from complaints.models import Complaint, Finding
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import SYSTEM
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.reclock import Matter, Touched, anew, concerned, recompute
from portal.deadlines.terms import Due, due


def reclock(years: Sequence[int], *, on: datetime.date, touched: Touched | None = None) -> set[Matter]:
    """Compute the terms of complaints that are not finished anew, on record; return those that moved.

    The step's own term, the aim and the hard limit, and the days for an objection to a finding; the days to confirm it
    begin when those are over. A supplement is due together with its complaint.
    """
    running = Complaint.objects.unfinished()
    moved: set[Matter] = set()
    for complaint, before, after in recompute(running.filter(due_on__isnull=False), touched=touched):
        if complaint.status == S.SUPPLEMENTING:
            complaint.supplement.due_on, complaint.supplement.term = after.on, after.as_json()
            complaint.supplement.save(update_fields=["due_on", "term"])
        moved.add(_record(complaint, "step", before, after, years, on))
    for complaint in concerned(running, touched).select_for_update(of=("self",)).order_by("pk"):
        moved |= _limits(complaint, years, on, touched)
        moved |= _objection(complaint, years, on, touched)
    return moved


def _limits(complaint: Complaint, years: Sequence[int], on: datetime.date, touched: Touched | None) -> set[Matter]:
    moved = set()
    for field in ("verify_by", "limit_term"):
        stored = getattr(complaint, field)
        before = Due.from_json(stored) if stored else None
        after = anew(before, complaint.jurisdiction, touched) if before else None
        if before is None or after is None or after == before:
            continue
        setattr(complaint, field, after.as_json())
        if field == "limit_term":
            complaint.limit_on = after.on
        complaint.save(update_fields=[field, "limit_on"])
        if after.on != before.on:
            moved.add(_record(complaint, field, before, after, years, on))
    return moved


def _objection(complaint: Complaint, years: Sequence[int], on: datetime.date, touched: Touched | None) -> set[Matter]:
    finding: Finding | None = complaint.findings.order_by("number").last() if complaint.status == S.FOUND else None
    if finding is None or finding.objection_term is None:
        return set()
    before = Due.from_json(finding.objection_term)
    after = anew(before, complaint.jurisdiction, touched)
    if after == before:
        return set()
    finding.objection_ends, finding.objection_term = after.on, after.as_json()
    finding.save(update_fields=["objection_ends", "objection_term"])
    if after.on == before.on:
        return set()
    if complaint.limit is not None:
        length, unit = complaint.limit.length, complaint.limit.unit
        move_due(complaint, due(after.on, length, unit, calendar_for(complaint.jurisdiction)))
    return {_record(complaint, "objection", before, after, years, on)}


def _record(
    complaint: Complaint, term: str, before: Due, after: Due, years: Sequence[int], on: datetime.date
) -> Matter:
    dates = {"term": term, "before": before.on.isoformat(), "after": after.on.isoformat(), "sum": after.sum}
    record("complaint.reclocked", complaint, by=SYSTEM, on=on, policy=complaint.policy, years=list(years), **dates)
    return complaint._meta.label_lower, str(complaint.pk)
