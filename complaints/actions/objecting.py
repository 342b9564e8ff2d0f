"""Objections to a finding (对核实结果的异议): by either side, also on paper; answered before it is confirmed."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from complaints import notices
from complaints.actions.confirming import last_finding
from complaints.actions.handling import (
    OBJECTION,
    days_from,
    desk_at,
    handling_of,
    held,
    move,
    require_desk,
    require_status,
    term,
)
from complaints.actions.identity import require_nameless
from complaints.models import Complaint, Finding, FindingObjection
from complaints.states import ComplaintStatus as S
from complaints.states import Side
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.worklist.items import close_work, open_work

SHORTEST = 10
TOGETHER = "另一方的异议成立，本件退回重新核实，您的异议一并核实；对新的核实结果可以再提异议。"

SENT_BACK = "审批人员没有确认核实结果，本件退回重新核实，您的异议一并核实；对新的核实结果可以再提异议。"


@transaction.atomic
def object_to_finding(
    complaint: Complaint,
    *,
    text: str,
    by: Capacity,
    on: datetime.date,
    side: str = "",
    filed_on: datetime.date | None = None,
    uploads: Sequence[Upload] = (),
) -> FindingObjection:
    """Object to a finding (对核实结果的异议): the base until its days are over, the complainant by code just so.

    An officer at the desk enters what came on paper, with `side`, the day it came and a scan. It holds the confirmation
    until it is answered. Raises InvalidInput without reasons, DomainError when it is too late, the side objected before
    or the base has not signed for what it objects to.
    """
    complaint = held(complaint)
    require_status(complaint, S.FOUND)
    finding = last_finding(complaint)
    whose, came = _side(complaint, by, side), filed_on or on
    _require_whole(finding, text, uploads, came, by=by, on=on)
    _require_timely(finding, whose, came, by)
    entered = by.kind == "officer"
    objection = FindingObjection.objects.create(
        finding=finding, side=whose, text=text.strip(), filed_on=came, filed_by=by.user, entered=entered
    )
    objection.uploads.set(uploads)
    if finding.objections.filter(answered_on__isnull=True).count() == 1:  # both sides' wait as one line on the list
        _put_before_desk(complaint, by=by, on=on)
    facts = {"side": whose, "entered": entered, "filed_on": came}
    record("complaint.objected", complaint, by=by, on=on, policy=complaint.policy, **facts)
    officers = officers_at(complaint.desk, Permission.HANDLE_COMPLAINT, on) if complaint.desk else []
    notify(notices.finding_objected(complaint), to=officers, about=complaint, on=on)
    return objection


def _side(complaint: Complaint, by: Capacity, side: str) -> Side:
    if by.kind == "operator" and by.operator is not None and by.operator.pk == complaint.base.operator_id:
        return Side.BASE
    if by.kind == "visitor":  # the caller has checked the access code
        return Side.COMPLAINANT
    if by.kind == "officer" and side in Side.values:
        require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
        return Side(side)
    raise NotAllowed("只有投诉人和被投诉的基地可以对核实结果提出异议；书面提出的，由办理机关的经办岗登记。")


def _require_whole(
    finding: Finding, text: str, uploads: Sequence[Upload], came: datetime.date, *, by: Capacity, on: datetime.date
) -> None:
    problems = {}
    if len(text.strip()) < SHORTEST:
        problems["text"] = "请写明不同意哪一点、有什么依据，至少 10 个字。"
    if by.kind == "officer" and not uploads:
        problems["uploads"] = "请附上书面异议的扫描件或照片。"
    if not finding.recorded_on <= came <= on:
        problems["filed_on"] = f"收到日期{days_from(finding.recorded_on, on)}。"
    if problems:
        raise InvalidInput("异议没有提交。", problems)


def _require_timely(finding: Finding, whose: Side, came: datetime.date, by: Capacity) -> None:
    if by.kind == "operator" and finding.served_on is None:  # it may object once, and not to what it has not read
        raise DomainError("请先签收核实结果，看过以后再提异议。")
    if finding.objection_ends is not None and came > finding.objection_ends:
        raise DomainError(f"提出异议的期限至 {finding.objection_ends}（含当日），已经过了。")
    if finding.objections.filter(side=whose).exists():
        raise DomainError("已经提出过异议，正在办理，不用重复提出。")


def _put_before_desk(complaint: Complaint, *, by: Capacity, on: datetime.date) -> None:
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


@transaction.atomic
def answer_finding_objection(
    objection: FindingObjection, *, founded: bool, answer: str, by: Capacity, on: datetime.date
) -> FindingObjection:
    """Answer an objection: unfounded, the finding stands; founded, the complaint goes back to be verified anew.

    Then what the other side objected to the same finding is answered with it: it is looked into together.
    """
    complaint = held(objection.finding.complaint)
    objection = FindingObjection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.FOUND)
    if objection.answered_on is not None or objection.finding_id != last_finding(complaint).pk:
        raise DomainError("这件异议已经答复过了。")
    if len(answer.strip()) < SHORTEST:
        raise InvalidInput("没有答复。", {"answer": "请写明核对的情况和理由，至少 10 个字。"})
    require_nameless(complaint, "没有答复。", by=by, answer=answer)
    _give(complaint, objection, answer.strip(), founded=founded, by=by, on=on)
    waiting = objection.finding.objections.filter(answered_on__isnull=True)
    for other in waiting if founded else ():
        _give(complaint, other, TOGETHER, founded=None, by=by, on=on)
    if not waiting.exists():
        close_work(complaint, OBJECTION, by=by, on=on)
    if founded:
        verify_anew(complaint, by=by, on=on)
    return objection


def _give(
    complaint: Complaint,
    objection: FindingObjection,
    answer: str,
    *,
    founded: bool | None,
    by: Capacity,
    on: datetime.date,
) -> None:
    objection.founded, objection.answer = founded, answer
    objection.answered_on, objection.answered_by = on, by.user
    objection.save(update_fields=["founded", "answer", "answered_on", "answered_by"])
    facts = {"side": objection.side, "founded": founded}
    record("complaint.objection_answered", complaint, by=by, on=on, policy=complaint.policy, **facts)


def answer_with_it(complaint: Complaint, finding: Finding, *, by: Capacity, on: datetime.date) -> None:
    """Answer what is objected to a finding that an approver sends back: it is looked into with the rest."""
    for objection in finding.objections.filter(answered_on__isnull=True):
        _give(complaint, objection, SENT_BACK, founded=None, by=by, on=on)


def verify_anew(complaint: Complaint, *, by: Capacity, on: datetime.date, because: str = "") -> None:
    """Send a complaint back to verification, and tell who verifies; the hard limit stays what it was.

    `because` is why an approver sent it back.
    """
    law = handling_of(complaint)
    desk = desk_at(complaint.base, law.verifier.value, Permission.HANDLE_COMPLAINT, on)
    limit = term(complaint, on, law.verify_days.value, "day")
    move(complaint, S.VERIFYING, by=by, on=on, limit=limit, desk=desk, clause=law.verify_days.clause, closed_on=None)
    officers = officers_at(desk, Permission.HANDLE_COMPLAINT, on)
    notify(notices.to_verify(complaint, because), to=officers, about=complaint, on=on)
