"""What waits where nobody can do it any more (岗位空缺) goes on at a bureau that can: the nearest upwards."""

import datetime

from django.db import transaction

from bases.models import Base
from complaints import notices
from complaints.actions.handling import another_at, handling_of, held, keep_quarantine
from complaints.models import Complaint, Misconduct
from complaints.states import AT_ACCEPTOR, MisconductStatus
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work
from portal.worklist.models import WorkItem

HANDLE, CONFIRM = Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING
BECAUSE = "原办理机关已没有可以办理这一步的人员"


@transaction.atomic
def pass_on(complaint: Complaint, *, by: Capacity, on: datetime.date) -> bool:
    """Put a complaint on the desk of a bureau that can do the present step; False where its own can, or none can.

    It keeps its step and its term; what waits for an officer goes along, without the colleague who had it.
    """
    complaint = held(complaint)
    before = complaint.desk
    if before is None or not stranded(complaint, on):
        return False
    law = handling_of(complaint)
    level = law.acceptor if complaint.status in AT_ACCEPTOR else law.verifier
    lineage = complaint.base.jurisdiction.ancestor(level.value).lineage()
    after = next((bureau for bureau in lineage if _can(bureau, complaint, on)), None)
    if after is None:
        return False
    complaint.desk, complaint.arrived_on, complaint.revision = after, on, complaint.revision + 1
    complaint.save(update_fields=["desk", "arrived_on", "revision"])
    _take_along(complaint, before, after, by=by, on=on)
    facts = {"before": before.name, "desk": after.code, "because": BECAUSE}
    record("complaint.passed_on", complaint, by=by, on=on, policy=complaint.policy, **facts)
    post = CONFIRM if complaint.status == S.FOUND else HANDLE
    notify(notices.passed_on(complaint), to=officers_at(after, post, on), about=complaint, on=on)
    return True


def stranded(complaint: Complaint, on: datetime.date) -> bool:
    """Whether a complaint waits at a bureau that has nobody for its present step."""
    return complaint.desk is not None and not _can(complaint.desk, complaint, on)


def _can(bureau: Jurisdiction, complaint: Complaint, on: datetime.date) -> bool:
    """Whether the bureau has who does the present step: to confirm, and to answer objections, somebody else."""
    if complaint.status != S.FOUND:
        return bool(officers_at(bureau, HANDLE, on))
    finding = complaint.findings.order_by("number").last()
    objected = finding is not None and finding.objections.filter(answered_on__isnull=True).exists()
    confirmed = another_at(bureau, CONFIRM, on, apart_from=finding.people if finding else ())
    return confirmed and (not objected or bool(officers_at(bureau, HANDLE, on)))


def _take_along(
    complaint: Complaint, before: Jurisdiction, after: Jurisdiction, *, by: Capacity, on: datetime.date
) -> None:
    if complaint.held_back:  # one line stands for all that waits in quarantine at a bureau
        cancel_work(complaint)
        for desk in (before, after):
            keep_quarantine(desk, by=by, on=on)
        return
    about = WorkItem.objects.waiting().filter(subject_type=complaint._meta.label_lower, subject_id=str(complaint.pk))
    about.filter(desk=before).update(desk=after, assignee=None, arrived_on=on)


@transaction.atomic
def pass_misconduct_on(found: Misconduct, *, by: Capacity, on: datetime.date) -> bool:
    """Put a report of misconduct before a bureau with an approver who took no part; False where its own has one."""
    Base.objects.locked(found.base_id)
    related = ("base", "jurisdiction", "desk")
    found = Misconduct.objects.select_for_update(of=("self",)).select_related(*related).get(pk=found.pk)
    before, people = found.desk, found.people
    if found.status != MisconductStatus.REPORTED or before is None:
        return False
    lineage = before.lineage()
    after = next((bureau for bureau in lineage if another_at(bureau, CONFIRM, on, apart_from=people)), None)
    if after is None or after == before:
        return False
    found.desk = after
    found.save(update_fields=["desk"])
    about = WorkItem.objects.waiting().filter(subject_type=found._meta.label_lower, subject_id=str(found.pk))
    about.update(desk=after, assignee=None, arrived_on=on)
    facts = {"before": before.name, "desk": after.code, "because": BECAUSE}
    record("misconduct.passed_on", found, by=by, on=on, policy=found.policy, **facts)
    return True
