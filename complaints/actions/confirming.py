"""From a finding to its effect: served on the base, confirmed by another person. Between them: `objecting`.

Only a confirmed finding counts (G-04): the result reached the base and the days for an objection are over.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from complaints import letters, notices
from complaints.actions.handling import (
    TO_CONFIRM,
    TO_SIGN,
    desk_at,
    handling_of,
    held,
    move,
    require_desk,
    require_status,
    term,
)
from complaints.actions.opening import open_what_is_met
from complaints.actions.papers import issue
from complaints.actions.verifying import move_due, require_not_own
from complaints.models import Complaint, Finding, count_of
from complaints.states import ComplaintStatus as S
from complaints.states import Outcome
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.models import Service, Upload
from portal.documents.service import acknowledge, announce, complete_announcement, serve_on_paper
from portal.errors import DomainError
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work, close_work


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
    if by.kind == "operator":
        close_work(complaint, TO_SIGN, by=by, on=on)
    else:
        cancel_work(complaint, TO_SIGN)
    move_due(complaint, term(complaint, objection.on, law.confirm_workdays.value), task=TO_CONFIRM)
    facts = {"served_on": day, "objection_ends": objection.on, "sum": objection.sum}
    record("complaint.finding_served", complaint, by=by, on=on, policy=complaint.policy, **facts)
    return finding


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
    finding.hands.add(*by.people)
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
    if any(objection.answered_on is None for objection in finding.objections.all()):
        raise DomainError("还有异议没有答复，答复后才能确认。")


def _tell_both(complaint: Complaint, finding: Finding, *, by: Capacity, on: datetime.date) -> None:
    counted = count_of(complaint.base, on)
    issue(complaint, letters.result(complaint, finding), by=by, on=on, to_complainant=True)
    issue(complaint, letters.result_to_base(complaint, finding, counted), by=by, on=on, to_base=True)
    people = people_representing(complaint.base.operator)
    notify(notices.confirmed(complaint), to=people, about=complaint, on=on)
    overseer = desk_at(complaint.base, handling_of(complaint).overseer.value, Permission.CONFIRM_FINDING, on)
    notify(
        notices.for_the_record(complaint), to=officers_at(overseer, Permission.READ_CASES, on), about=complaint, on=on
    )
