"""From a finding to its effect: served on the base, objections answered, confirmed by another person; or overturned.

Only a confirmed finding counts (G-04): the result reached the base and the days for an objection are over.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from complaints import letters, notices
from complaints.actions.handling import (
    OBJECTION,
    TO_SIGN,
    desk_at,
    handling_of,
    held,
    move,
    require_desk,
    require_status,
    term,
)
from complaints.actions.identity import require_nameless
from complaints.actions.opening import drop_what_is_not_met, open_what_is_met
from complaints.actions.papers import issue
from complaints.actions.verifying import move_due, require_not_own
from complaints.models import Complaint, Finding, FindingObjection
from complaints.states import ComplaintStatus as S
from complaints.states import Outcome, Side
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.models import Service, Upload
from portal.documents.service import acknowledge, announce, complete_announcement, serve_on_paper
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work, close_work, open_work

SHORTEST = 10


def last_finding(complaint: Complaint) -> Finding:
    """Return the finding that counts: the last one. Raises DomainError if there is none yet."""
    finding = complaint.findings.order_by("number").last()
    if finding is None or finding.base_letter is None:
        raise DomainError(f"{complaint}还没有核实结果。")
    return finding


# --- service on the base ---


@transaction.atomic
def sign_for_finding(complaint: Complaint, *, by: Capacity, on: datetime.date) -> Finding:
    """Let the base sign for the finding (电子送达): its days for an objection begin."""
    complaint, finding = _unserved(complaint)
    if finding.base_letter is not None:
        acknowledge(finding.base_letter, by=by, on=on)
    return _served(complaint, finding, on, by=by, on=on)


@transaction.atomic
def record_finding_service(
    complaint: Complaint,
    *,
    method: str,
    arrived_on: datetime.date,
    recipient: str,
    evidence: Sequence[Upload],
    by: Capacity,
    on: datetime.date,
    tracking: str = "",
    because: str = "",
) -> Finding:
    """Record that the finding was served on the base by registered mail or by hand, with its proof."""
    complaint, finding = _unserved(complaint)
    require_desk_of_finding(complaint, by)
    if finding.base_letter is not None:
        serve_on_paper(
            finding.base_letter,
            method=method,
            arrived_on=arrived_on,
            recipient=recipient,
            evidence=evidence,
            tracking=tracking,
            because=because,
            by=by,
            on=on,
        )
    return _served(complaint, finding, arrived_on, by=by, on=on)


@transaction.atomic
def announce_finding(
    complaint: Complaint, *, because: str, evidence: Sequence[Upload], by: Capacity, on: datetime.date
) -> Service:
    """Begin to serve the finding by public announcement, where other ways have failed."""
    complaint, finding = _unserved(complaint)
    require_desk_of_finding(complaint, by)
    if finding.base_letter is None:
        raise LookupError(complaint.number)
    days = handling_of(complaint).announcement_days.value
    return announce(finding.base_letter, days=days, because=because, evidence=evidence, by=by, on=on)


@transaction.atomic
def end_finding_announcement(complaint: Complaint, proof: Service, *, by: Capacity, on: datetime.date) -> Finding:
    """Count the announced finding as served on the day its announcement was over. Raises DomainError before that."""
    complaint, finding = _unserved(complaint)
    served = complete_announcement(proof, by=by, on=on)
    return _served(complaint, finding, served.served_on or on, by=by, on=on)


def require_desk_of_finding(complaint: Complaint, by: Capacity) -> None:
    """Raise NotAllowed unless the officer belongs to the bureau that found, in either post."""
    if by.kind == "officer" and by.may(Permission.HANDLE_COMPLAINT):
        require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    else:
        require_desk(complaint, by, Permission.CONFIRM_FINDING)


def _unserved(complaint: Complaint) -> tuple[Complaint, Finding]:
    complaint = held(complaint)
    require_status(complaint, S.FOUND)
    finding = last_finding(complaint)
    if finding.served_on is not None:
        raise DomainError(f"核实结果已于 {finding.served_on} 送达基地，不用重复登记。")
    return complaint, finding


def _served(complaint: Complaint, finding: Finding, day: datetime.date, *, by: Capacity, on: datetime.date) -> Finding:
    law = handling_of(complaint)
    objection = term(complaint, day, law.objection_workdays.value)
    finding.served_on, finding.objection_ends, finding.objection_term = day, objection.on, objection.as_json()
    finding.save(update_fields=["served_on", "objection_ends", "objection_term"])
    cancel_work(complaint, TO_SIGN)
    move_due(complaint, term(complaint, objection.on, law.confirm_workdays.value))
    facts = {"served_on": day, "objection_ends": objection.on, "sum": objection.sum}
    record("complaint.finding_served", complaint, by=by, on=on, policy=complaint.policy, **facts)
    return finding


# --- objections ---


@transaction.atomic
def object_to_finding(complaint: Complaint, *, text: str, by: Capacity, on: datetime.date) -> FindingObjection:
    """Object to a finding (对核实结果的异议): the base until its days are over, the complainant by code just so.

    It holds the confirmation until it is answered. Raises InvalidInput without reasons, DomainError when it is too late
    or the side objected before.
    """
    complaint = held(complaint)
    require_status(complaint, S.FOUND)
    finding = last_finding(complaint)
    side = _side(complaint, by)
    if finding.objection_ends is not None and on > finding.objection_ends:
        raise DomainError(f"提出异议的期限至 {finding.objection_ends}（含当日），已经过了。")
    if finding.objections.filter(side=side).exists():
        raise DomainError("已经提出过异议，正在办理，不用重复提出。")
    if len(text.strip()) < SHORTEST:
        raise InvalidInput("异议没有提交。", {"text": "请写明不同意哪一点、有什么依据，至少 10 个字。"})
    objection = FindingObjection.objects.create(
        finding=finding, side=side, text=text.strip(), filed_on=on, filed_by=by.user
    )
    law = handling_of(complaint)
    open_work(
        complaint,
        OBJECTION,
        task=gettext_noop("答复对核实结果的异议"),
        title=complaint.base.name,
        reference=complaint.number,
        url=f"/desk/complaints/{complaint.pk}/",
        desk=complaint.desk,
        permission=Permission.HANDLE_COMPLAINT,
        due=term(complaint, on, law.confirm_workdays.value),
        clause=law.objection_workdays.clause,
        policy=complaint.policy,
        by=by,
        on=on,
    )
    record("complaint.objected", complaint, by=by, on=on, policy=complaint.policy, side=side)
    officers = officers_at(complaint.desk, Permission.HANDLE_COMPLAINT, on) if complaint.desk else []
    notify(notices.finding_objected(complaint), to=officers, about=complaint, on=on)
    return objection


def _side(complaint: Complaint, by: Capacity) -> Side:
    if by.kind == "operator" and by.operator is not None and by.operator.pk == complaint.base.operator_id:
        return Side.BASE
    if by.kind == "visitor":  # the caller has checked the access code
        return Side.COMPLAINANT
    raise NotAllowed("只有投诉人和被投诉的基地可以对核实结果提出异议。")


@transaction.atomic
def answer_finding_objection(
    objection: FindingObjection, *, founded: bool, answer: str, by: Capacity, on: datetime.date
) -> FindingObjection:
    """Answer an objection: unfounded, the finding stands; founded, the complaint goes back to be verified anew."""
    complaint = held(objection.finding.complaint)
    objection = FindingObjection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.FOUND)
    if objection.answered_on is not None or objection.finding_id != last_finding(complaint).pk:
        raise DomainError("这件异议已经答复过了。")
    if len(answer.strip()) < SHORTEST:
        raise InvalidInput("没有答复。", {"answer": "请写明核对的情况和理由，至少 10 个字。"})
    require_nameless(complaint, "没有答复。", by=by, answer=answer)
    objection.founded, objection.answer = founded, answer.strip()
    objection.answered_on, objection.answered_by = on, by.user
    objection.save(update_fields=["founded", "answer", "answered_on", "answered_by"])
    if not objection.finding.objections.filter(answered_on__isnull=True).exists():
        close_work(complaint, OBJECTION, by=by, on=on)
    facts = {"side": objection.side, "founded": founded}
    record("complaint.objection_answered", complaint, by=by, on=on, policy=complaint.policy, **facts)
    if founded:
        verify_anew(complaint, by=by, on=on)
    return objection


def verify_anew(complaint: Complaint, *, by: Capacity, on: datetime.date) -> None:
    """Send a complaint back to verification; the hard limit stays what it was."""
    law = handling_of(complaint)
    desk = desk_at(complaint.base, law.verifier.value, Permission.HANDLE_COMPLAINT, on)
    limit = term(complaint, on, law.verify_days.value, "day")
    move(complaint, S.VERIFYING, by=by, on=on, limit=limit, desk=desk, clause=law.verify_days.clause, closed_on=None)


# --- effect ---


@transaction.atomic
def confirm_finding(complaint: Complaint, *, by: Capacity, on: datetime.date, seen: int | None = None) -> Complaint:
    """Confirm a finding (确认核实结果): from now on it counts; the third opens proceedings in this transaction (GZ-27).

    By the approver of the verifying bureau, who took no part in it. Raises DomainError while the finding is not served,
    the days for an objection run, or one is not answered.
    """
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.CONFIRM_FINDING)
    require_status(complaint, S.FOUND)
    finding = last_finding(complaint)
    require_not_own(complaint, by, finding)
    require_settled(finding, on)
    status = S.DISMISSED if finding.outcome == Outcome.UNTRUE else S.UPHELD
    stamps: dict[str, Any] = {
        "decided_on": on,
        "decided_at": timezone.localtime(),
        "decided_by": by.person,
        "closed_on": on,
    }
    move(complaint, status, by=by, on=on, limit=None, **stamps)
    _tell_both(complaint, finding, by=by, on=on)
    verb = "complaint.upheld" if status == S.UPHELD else "complaint.dismissed"
    record(verb, complaint, by=by, on=on, policy=complaint.policy, outcome=finding.outcome)
    if status == S.UPHELD:
        open_what_is_met(complaint.base, by=by, on=on)
    return complaint


def require_settled(finding: Finding, on: datetime.date) -> None:
    """Raise DomainError while a finding is not served, may still be objected to, or an objection is not answered."""
    if finding.served_on is None or finding.objection_ends is None:
        raise DomainError("核实结果还没有送达基地，送达并过了异议期才能确认。")
    if on <= finding.objection_ends:
        raise DomainError(f"异议期至 {finding.objection_ends}（含当日），次日起才能确认。")
    if finding.objections.filter(answered_on__isnull=True).exists():
        raise DomainError("还有异议没有答复，答复后才能确认。")


def _tell_both(complaint: Complaint, finding: Finding, *, by: Capacity, on: datetime.date) -> None:
    issue(complaint, letters.result(complaint, finding), by=by, on=on, to_complainant=True)
    issue(complaint, letters.result_to_base(complaint, finding), by=by, on=on, to_base=True)
    people = people_representing(complaint.base.operator)
    notify(notices.confirmed(complaint), to=people, about=complaint, on=on)
    overseer = desk_at(complaint.base, handling_of(complaint).overseer.value, Permission.CONFIRM_FINDING, on)
    notify(
        notices.for_the_record(complaint), to=officers_at(overseer, Permission.READ_CASES, on), about=complaint, on=on
    )


@transaction.atomic
def overturn_finding(
    complaint: Complaint, *, because: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Overturn by the bureau above (推翻): an upheld complaint counts no more, a dismissed one is verified anew.

    Raises NotAllowed for any other bureau or post, InvalidInput without a reason.
    """
    complaint = held(complaint, seen=seen)
    _require_above(complaint, by, on)
    require_status(complaint, S.UPHELD, S.DISMISSED)
    if len(because.strip()) < SHORTEST:
        raise InvalidInput("没有办理。", {"because": "请写明推翻原认定的事实和理由，至少 10 个字，会告诉双方。"})
    require_nameless(complaint, "没有办理。", by=by, because=because)
    if complaint.status == S.DISMISSED:
        verify_anew(complaint, by=by, on=on)
        record("complaint.ordered_anew", complaint, by=by, on=on, policy=complaint.policy, because=because.strip())
        return complaint
    stamps: dict[str, Any] = {"overturned_on": on, "overturned_at": timezone.localtime(), "overturned_by": by.person}
    move(complaint, S.OVERTURNED, by=by, on=on, overturned_because=because.strip(), **stamps)
    issue(complaint, letters.overturned(complaint), by=by, on=on, to_complainant=True)
    issue(complaint, letters.overturned_to_base(complaint), by=by, on=on, to_base=True)
    record("complaint.overturned", complaint, by=by, on=on, policy=complaint.policy, because=because.strip())
    drop_what_is_not_met(complaint.base, because=f"{complaint.number} 的认定被推翻", on=on)
    return complaint


def _require_above(complaint: Complaint, by: Capacity, on: datetime.date) -> None:
    verifier = _verifier_of(complaint, on)
    if not _is_above(verifier, complaint, by):
        raise NotAllowed(f"推翻核实结果由{verifier.name}的上级机关审批岗办理。")


def may_overturn(complaint: Complaint, *, by: Capacity, on: datetime.date) -> bool:
    """Whether a finding may be overturned now by this officer: an approver of a bureau above the one that verified."""
    return complaint.status in {S.UPHELD, S.DISMISSED} and _is_above(_verifier_of(complaint, on), complaint, by)


def _verifier_of(complaint: Complaint, on: datetime.date) -> Jurisdiction:
    return desk_at(complaint.base, handling_of(complaint).verifier.value, Permission.CONFIRM_FINDING, on)


def _is_above(verifier: Jurisdiction, complaint: Complaint, by: Capacity) -> bool:
    if by.kind != "officer" or not by.may(Permission.CONFIRM_FINDING):
        return False
    return by.jurisdiction.covers(complaint.region_code) and len(by.jurisdiction.prefix) < len(verifier.prefix)
