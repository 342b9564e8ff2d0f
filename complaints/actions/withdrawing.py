"""Withdrawal (撤回): the complainant's own wish; what was said stays on record, and a base that was told is told."""

import datetime

from django.db import transaction

from complaints import notices
from complaints.actions.handling import held, move, require_desk, require_status
from complaints.models import Complaint
from complaints.states import WITHDRAWABLE
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.people import people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import NotAllowed
from portal.notifications.notify import notify


@transaction.atomic
def withdraw_complaint(complaint: Complaint, *, by: Capacity, on: datetime.date) -> Complaint:
    """Withdraw (撤回) at the complainant's wish, until the verification is over; it does not count. Kept on record.

    The caller has checked the access code; an officer enters it for somebody who wrote or phoned. A base that was
    told of it learns that nothing more is to be done.
    """
    complaint = held(complaint)
    if by.kind == "officer":
        require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    elif by.kind != "visitor":
        raise NotAllowed("只有投诉人可以撤回投诉。")
    require_status(complaint, *sorted(WITHDRAWABLE))
    before = complaint.status
    move(complaint, S.WITHDRAWN, by=by, on=on, closed_on=on, held_back=False)
    record("complaint.withdrawn", complaint, by=by, on=on, policy=complaint.policy, before=before)
    if complaint.summary_on is not None or complaint.findings.exists():
        people = people_representing(complaint.base.operator)
        notify(notices.withdrawn(complaint), to=people, about=complaint, on=on)
    return complaint
