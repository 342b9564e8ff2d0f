"""What the complainant is asked to add (一次性告知): once and all at once; what does not come is decided without."""

import datetime

from django.db import transaction

from complaints import letters
from complaints.actions.handling import handling_of, held, leave, move, require_desk, require_status, term
from complaints.actions.identity import require_nameless
from complaints.actions.papers import issue
from complaints.models import Complaint, Supplement
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import DomainError, InvalidInput

SHORTEST = 10


def require_askable(complaint: Complaint, asked: str, *, by: Capacity) -> None:
    """Raise InvalidInput if what is to be added is not said, or holds a trait of the complainant."""
    if len(asked.strip()) < SHORTEST:
        raise InvalidInput("没有发出。", {"asked": "请一次写全要补充什么、为什么，至少 10 个字。"})
    require_nameless(complaint, "没有发出。", by=by, asked=asked)


@transaction.atomic
def ask_for_supplement(
    complaint: Complaint, *, asked: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Supplement:
    """Ask the complainant to add what is missing, once and all at once (一次性告知). A second time is refused."""
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.RECEIVED)
    if Supplement.objects.filter(complaint=complaint).exists():
        raise DomainError("补充材料只能一次告知，这件投诉已经告知过，请直接决定是否受理。")
    require_askable(complaint, asked, by=by)
    law = handling_of(complaint)
    limit = term(complaint, on, law.supplement_workdays.value)
    asking = Supplement.objects.create(
        complaint=complaint,
        asked_on=on,
        asked=asked.strip(),
        asked_by=by.person,
        due_on=limit.on,
        term=limit.as_json(),
    )
    asking.letter = issue(complaint, letters.supplement(asking), by=by, on=on, to_complainant=True)
    asking.save(update_fields=["letter"])
    clause = law.supplement_workdays.clause
    move(complaint, S.SUPPLEMENTING, by=by, on=on, limit=limit, clause=clause, held_back=False)
    record("complaint.supplement_asked", complaint, by=by, on=on, policy=complaint.policy, due_on=limit.on)
    return asking


@transaction.atomic
def lapse_supplement(complaint: Complaint, *, by: Capacity, on: datetime.date) -> Complaint:
    """Put a complaint whose supplement did not come back for a decision: it is judged by what is there.

    The bureau has its full term from the day on which the supplement was due, whenever the clock ran.
    """
    complaint = held(complaint)
    require_status(complaint, S.SUPPLEMENTING)
    asking = Supplement.objects.select_for_update().get(complaint=complaint)
    if on <= asking.due_on:
        raise DomainError(f"补充材料的期限至 {asking.due_on}，还没有期满。")
    asking.lapsed_on = on
    asking.save(update_fields=["lapsed_on"])
    law = handling_of(complaint)
    limit = term(complaint, asking.due_on, law.accept_workdays.value)
    leave(complaint, by=by, on=on)
    move(complaint, S.RECEIVED, by=by, on=on, limit=limit, clause=law.accept_workdays.clause)
    record("complaint.supplement_lapsed", complaint, by=by, on=on, policy=complaint.policy)
    return complaint
