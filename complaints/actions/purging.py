"""When the time is over (保存期满): who complained, the own words and the files go; what was found stays."""

import datetime
from collections.abc import Iterator

from django.db import transaction

from bases.models import Revocation
from complaints.actions.handling import handling_of, held
from complaints.models import Complainant, Complaint, FindingObjection, Supplement
from complaints.states import OPEN, Side
from portal.accounts.capacity import Capacity
from portal.audit.recording import record
from portal.deadlines.terms import add_months
from portal.documents.models import Upload
from portal.documents.uploads import discard
from portal.encryption.walls import IDENTITIES, KEEPS, opened
from portal.errors import DomainError
from portal.jobs import one_by_one

PURGED = "保存期满已删除"


def kept_until(complaint: Complaint) -> datetime.date | None:
    """Return the last day on which identity, words and files are kept: months after the close; None while it is open.

    An overturned complaint was closed for good when it was overturned.
    """
    if complaint.closed_on is None or complaint.status in OPEN:
        return None
    closed = max(complaint.closed_on, complaint.overturned_on or complaint.closed_on)
    return add_months(closed, handling_of(complaint).identity_months.value)


def purge_identities(on: datetime.date, *, by: Capacity) -> int:
    """Purge every complaint whose time is over; return how many. Safe to run twice."""
    return one_by_one(_whose_time_is_over(on), lambda complaint: purge_complaint(complaint, by=by, on=on))


def _whose_time_is_over(on: datetime.date) -> Iterator[Complaint]:
    """Yield closed complaints kept for long enough, except about bases with proceedings, which may rest on them."""
    closed = Complaint.objects.filter(closed_on__isnull=False, purged_on__isnull=True).exclude(status__in=sorted(OPEN))
    resting = Revocation.objects.running().values("base")
    for complaint in closed.exclude(base__in=resting).order_by("closed_on", "pk"):
        until = kept_until(complaint)
        if until is not None and until < on:
            yield complaint


@transaction.atomic
def purge_complaint(complaint: Complaint, *, by: Capacity, on: datetime.date) -> bool:
    """Delete who complained, the own words and the files of one complaint; return whether there was anything to do.

    What was found stays, with the files it rests on. Safe to run twice; it is on record without a word of what was
    held. Raises DomainError while the time is not over.
    """
    complaint = held(complaint)
    if complaint.purged_on is not None:
        return False
    until = kept_until(complaint)
    if until is None or on <= until:
        raise DomainError(f"{complaint}的投诉人信息保存至 {until or '办结后'}，还没有期满。")
    with opened(KEEPS, IDENTITIES):
        Complainant.objects.filter(complaint=complaint).delete()
    said = FindingObjection.objects.filter(finding__complaint=complaint, side=Side.COMPLAINANT)
    evidence = [*complaint.evidence.all(), *Upload.objects.filter(pk__in=said.values("uploads"))]
    complaint.evidence.clear()
    for objection in said:
        objection.uploads.clear()
    gone = discard(evidence)
    Supplement.objects.filter(complaint=complaint).exclude(answer="").update(answer=PURGED)
    said.update(text=PURGED)
    complaint.told, complaint.told_index, complaint.purged_on = PURGED, "", on
    complaint.tenant, complaint.recipient_because = None, PURGED if complaint.recipient_because else ""
    fields = ["told", "told_index", "purged_on", "tenant", "recipient_because"]
    complaint.save(update_fields=fields)
    record("complaint.identity_purged", complaint, by=by, on=on, policy=complaint.policy, files=gone)
    return True
