"""The bureau above corrects (推翻、责令重新核实、责令受理): by an approver who had no hand in it, with a reason."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from complaints import letters, notices
from complaints.actions.handling import clocks_from, desk_at, handling_of, held, move, require_status, term
from complaints.actions.identity import require_nameless
from complaints.actions.objecting import verify_anew
from complaints.actions.opening import drop_what_is_not_met, tell_of_lost_basis
from complaints.actions.papers import issue
from complaints.models import Complaint
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.notify import notify

SHORTEST = 10


@transaction.atomic
def overturn_finding(
    complaint: Complaint, *, because: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Overturn by the bureau above (推翻): an upheld complaint counts no more, a dismissed one is verified anew.

    Raises NotAllowed for any other bureau or post and for who verified or confirmed it, InvalidInput without a reason.
    """
    complaint = held(complaint, seen=seen)
    require_status(complaint, S.UPHELD, S.DISMISSED)
    _require_above(complaint, by, on)
    _require_reason(complaint, because, "请写明推翻原认定的事实和理由，至少 10 个字，会告诉双方。", by)
    if complaint.status == S.DISMISSED:
        _order_anew(complaint, because.strip(), by=by, on=on)
        return complaint
    stamps: dict[str, Any] = {"overturned_on": on, "overturned_at": timezone.localtime(), "overturned_by": by.person}
    move(complaint, S.OVERTURNED, by=by, on=on, overturned_because=because.strip(), **stamps)
    issue(complaint, letters.overturned(complaint), by=by, on=on, to_complainant=True)
    issue(complaint, letters.overturned_to_base(complaint), by=by, on=on, to_base=True)
    record("complaint.overturned", complaint, by=by, on=on, policy=complaint.policy, because=because.strip())
    people = people_representing(complaint.base.operator)
    notify(notices.overturned(complaint), to=people, about=complaint, on=on)
    drop_what_is_not_met(complaint.base, because=f"{complaint.number} 的认定被推翻", on=on)
    tell_of_lost_basis(complaint, by=by, on=on)
    return complaint


def _order_anew(complaint: Complaint, because: str, *, by: Capacity, on: datetime.date) -> None:
    """Send a dismissed complaint back to be verified anew (责令重新核实) and tell both sides why."""
    verify_anew(complaint, by=by, on=on)
    issue(complaint, letters.ordered_anew(complaint, because), by=by, on=on, to_complainant=True)
    issue(complaint, letters.ordered_anew_to_base(complaint, because), by=by, on=on, to_base=True)
    record("complaint.ordered_anew", complaint, by=by, on=on, policy=complaint.policy, because=because)
    people = people_representing(complaint.base.operator)
    notify(notices.verified_anew(complaint), to=people, about=complaint, on=on)


@transaction.atomic
def order_acceptance(
    complaint: Complaint, *, because: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Order a rejected complaint to be accepted (责令受理), by an approver of a bureau above the one that rejected it.

    It counts as accepted from that day, at the desk that accepts. Raises NotAllowed for any other bureau or post,
    InvalidInput without a reason, DomainError where its words are deleted.
    """
    complaint = held(complaint, seen=seen)
    require_status(complaint, S.REJECTED)
    _require_above(complaint, by, on)
    if complaint.purged_on is not None:
        raise DomainError(f"{complaint}的内容保存期满，已于 {complaint.purged_on} 删除，不能再受理；请对方重新投诉。")
    _require_reason(complaint, because, "请写明应当受理的事实和理由，至少 10 个字，会告诉投诉人。", by)
    law = handling_of(complaint)
    move(
        complaint,
        S.ACCEPTED,
        by=by,
        on=on,
        limit=term(complaint, on, law.accept_workdays.value),
        desk=desk_at(complaint.base, law.acceptor.value, Permission.HANDLE_COMPLAINT, on),
        clause=law.accept_workdays.clause,
        closed_on=None,
        **clocks_from(complaint, on),
    )
    issue(complaint, letters.ordered_acceptance(complaint, because.strip()), by=by, on=on, to_complainant=True)
    facts = {"because": because.strip(), "accepted_on": on, "limit_on": complaint.limit_on}
    record("complaint.acceptance_ordered", complaint, by=by, on=on, policy=complaint.policy, **facts)
    officers = officers_at(complaint.desk, Permission.HANDLE_COMPLAINT, on) if complaint.desk else []
    notify(notices.ordered_to_accept(complaint), to=officers, about=complaint, on=on)
    return complaint


def _require_reason(complaint: Complaint, because: str, sentence: str, by: Capacity) -> None:
    if len(because.strip()) < SHORTEST:
        raise InvalidInput("没有办理。", {"because": sentence})
    require_nameless(complaint, "没有办理。", by=by, because=because)


def _require_above(complaint: Complaint, by: Capacity, on: datetime.date) -> None:
    closer = _closer_of(complaint, on)
    if not _is_above(closer, complaint, by):
        raise NotAllowed(f"更正这件投诉的办理结果，由{closer.name}的上级机关审批岗办理。")
    if by.people & _took_part(complaint):
        raise NotAllowed("您参加过这件投诉的核实或确认，请由另一位审批人员办理。")


def may_overturn(complaint: Complaint, *, by: Capacity, on: datetime.date) -> bool:
    """Whether a finding may be overturned now by this officer: an approver of a bureau above the one that confirmed."""
    return complaint.status in {S.UPHELD, S.DISMISSED} and _may_correct(complaint, by, on)


def may_order_acceptance(complaint: Complaint, *, by: Capacity, on: datetime.date) -> bool:
    """Whether a rejected complaint may be ordered to be accepted by this officer."""
    return complaint.status == S.REJECTED and complaint.purged_on is None and _may_correct(complaint, by, on)


def _may_correct(complaint: Complaint, by: Capacity, on: datetime.date) -> bool:
    return _is_above(_closer_of(complaint, on), complaint, by) and not by.people & _took_part(complaint)


def _took_part(complaint: Complaint) -> set[int]:
    finding = complaint.findings.order_by("number").last()
    people = {*finding.people} if finding is not None else set()
    return people | ({complaint.decided_by_id} if complaint.decided_by_id else set())


def _closer_of(complaint: Complaint, on: datetime.date) -> Jurisdiction:
    """Return the bureau that confirmed or rejected it, whoever would do so today."""
    if complaint.closed_at_desk is not None:
        return complaint.closed_at_desk
    return desk_at(complaint.base, handling_of(complaint).verifier.value, Permission.CONFIRM_FINDING, on)


def _is_above(closer: Jurisdiction, complaint: Complaint, by: Capacity) -> bool:
    if by.kind != "officer" or not by.may(Permission.CONFIRM_FINDING):
        return False
    return by.jurisdiction.covers(complaint.region_code) and len(by.jurisdiction.prefix) < len(closer.prefix)
