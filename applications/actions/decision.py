"""The decision: approval by another person than the reviewers, refusal with reasons and remedies, or back to review."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.utils import timezone
from django.utils.translation import gettext_noop

from applications import letters, notices
from applications.actions.door import require_open_door, snapshot
from applications.actions.moving import (
    STEP_PERMISSION,
    decision_kind,
    enter_step,
    held,
    leave_step,
    procedure_of,
    question_of,
    require_desk,
)
from applications.models import Application, Decision, DifferenceCheck
from applications.states import ApplicationStatus, ObjectionStatus
from bases.actions import enter_from_dossier, recognise_base
from bases.models import Base, Certification
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record, timeline
from portal.documents.letters import issue_letter
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.worklist.items import close_work

PARTS = (
    gettext_noop("审核"),
    gettext_noop("考察"),
    gettext_noop("补正"),
    gettext_noop("改动核对"),
    gettext_noop("公示"),
    gettext_noop("公示异议"),
)
SHORTEST_GROUNDS = 10  # letters: fewer name no condition and no fact
REFUSABLE = frozenset(
    {
        ApplicationStatus.SITE_VISIT,
        ApplicationStatus.REVIEW,
        ApplicationStatus.PUBLIC_NOTICE,
        ApplicationStatus.IN_NOTICE,
        ApplicationStatus.APPROVAL,
    }
)


def took_part(application: Application) -> set[int]:
    """Return the ids of everybody who had a hand in the case: none of them may decide it. One query."""
    return set(hands_in(application))


def hands_in(application: Application) -> dict[int, list[str]]:
    """Return by id what everybody who had a hand in the case did, each of `PARTS` once, in their order. One query.

    Who reviewed or visited, asked for corrections, proposed or consented to them or went on without, judged changes,
    published a notice or answered an objection, also before the case was last sent back to review.
    """
    review, visit, correction, check, notice, objection = (Value(part, CharField()) for part in PARTS)
    hands = (
        application.visits.values_list("recorded_by", visit),
        application.visits.values_list("officers", visit),
        application.corrections.values_list("asked_by", correction),
        application.corrections.values_list("consent_by", correction),
        application.corrections.values_list("lapsed_by", correction),
        application.proposals.values_list("proposed_by", correction),
        DifferenceCheck.objects.filter(submission__application=application).values_list("checked_by", check),
        application.publications.values_list("notice__published_by", notice),
        application.objections.values_list("answered_by", objection),
    )
    found: dict[int, list[str]] = {}
    for person, part in application.opinions.order_by().values_list("given_by", review).union(*hands):
        if person is not None:
            found.setdefault(person, []).append(part)
    return {person: sorted(parts, key=PARTS.index) for person, parts in found.items()}


def own_hands(application: Application, by: Capacity) -> tuple[bool, list[str]]:
    """Return whether it was the officer in person, not whom they stand in for, and what was done; nothing if neither
    had a hand in the case. One query.
    """
    hands = hands_in(application)
    own = hands.get(by.user_id or 0, [])
    return bool(own), own or [part for person in by.people for part in hands.get(person, [])]


def _require_other_person(application: Application, by: Capacity) -> None:
    in_person, parts = own_hands(application, by)
    if parts:
        who = "您" if in_person else "委托您代办的人"
        raise NotAllowed(f"{who}经手过这件申报的{'、'.join(parts)}，不能再作决定，请由另一位审批人员办理。")


@transaction.atomic
def approve_application(
    application: Application, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Certification:
    """Approve (批准认定): decision, approval letter, certification with certificate, all of it or none.

    Raises NotAllowed for anybody who took part before; DomainError while the notice runs or an objection is open, or if
    the base is barred today (a ban served since, a title granted since); StatusMoved for the second of two approvers.
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.APPROVE)
    if application.status != ApplicationStatus.APPROVAL:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不能批准。")
    _require_other_person(application, by)
    if not reason.strip():
        raise InvalidInput("没有批准。", {"reason": "请写明批准的理由，会记入办件记录，不写进批复。"})
    _require_notice_over(application, on)
    base = Base.objects.locked(application.base_id)
    answers, filed = application.submissions.latest("number").answers, application.first_submitted_on
    verdict = require_open_door(application.call, base, on=on, answers=answers, filed=filed)
    decision = _decide(application, "approved", reason, by=by, on=on, receipt=snapshot(verdict))
    certification = recognise_base(
        base,
        title=application.title,
        policy=application.policy,
        recogniser=application.call.jurisdiction,
        by=by,
        on=on,
        filed=filed,
    )
    _issue_approval(application, decision, certification, by=by, on=on)
    _end(application, ApplicationStatus.APPROVED, by=by, on=on, certification=certification)
    _keep_certified_day(application, base, answers, by=by, on=on)
    facts = {"letter": certification.letter.reference if certification.letter else ""}
    facts["certificate"] = certification.number
    record("application.approved", application, by=by, on=on, policy=application.policy, **facts)
    return certification


def _keep_certified_day(
    application: Application, base: Base, answers: dict[str, Any], *, by: Capacity, on: datetime.date
) -> None:
    """Let the register say the opening day that was filed, checked and certified; the day before it stays on record.

    A day that a bureau put right in the register after the dossier came in is the later finding, and stands.
    """
    assert application.submitted_at is not None
    said_so = ("base.amended", "base.entered_from_dossier")
    corrected = timeline(base).filter(verb__in=said_so, on__gt=timezone.localdate(application.submitted_at))
    if corrected.filter(facts__after__has_key="opened_on").exists():
        return
    said = answers.get("unit", {}).get("opened_on")
    opened_on = datetime.date.fromisoformat(said) if said else None
    if opened_on is not None and opened_on != base.opened_on:
        enter_from_dossier(base, by=by, on=on, opened_on=opened_on)


def _issue_approval(
    application: Application, decision: Decision, certification: Certification, *, by: Capacity, on: datetime.date
) -> None:
    letter = issue_letter(
        letters.approval(application, certification),
        about=application,
        at=application.call.jurisdiction,
        by=by,
        on=on,
        operator_id=application.operator_id,
    )
    decision.letter = certification.letter = letter
    decision.save(update_fields=["letter"])
    certification.save(update_fields=["letter"])


def _end(application: Application, status: str, *, by: Capacity, on: datetime.date, **stamps: Any) -> None:
    """Take the case off every desk, decided; with it the question of a negative word (0159) is answered."""
    did = gettext_noop("批准认定") if status == ApplicationStatus.APPROVED else gettext_noop("决定不予认定")
    close_work(application, decision_kind(application), by=by, on=on, did=did)
    leave_step(application, by=by, on=on, did=did)
    ended = {"desk": None, "due_on": None, "due": None, "decided_on": on, "revision": application.revision + 1}
    application.advance(status, **ended, **stamps)


def _require_notice_over(application: Application, on: datetime.date) -> None:
    notice = application.notice
    if notice is None or on <= notice.ends_on:
        until = f"至 {notice.ends_on}" if notice else "尚未开始"
        raise DomainError(f"公示{until}，期满后才能批准。")
    open_objections = application.objections.filter(status=ObjectionStatus.OPEN).count()
    if open_objections:
        raise DomainError(f"还有 {open_objections} 件公示异议没有答复，答复后才能批准。")


def _decide(
    application: Application, outcome: str, reason: str, *, by: Capacity, on: datetime.date, receipt: dict[str, Any]
) -> Decision:
    return Decision.objects.create(
        application=application,
        outcome=outcome,
        step=application.status,
        reason=reason.strip(),
        clause=procedure_of(application).clause,
        receipt=receipt,
        decided_by=by.person,
        decided_on=on,
    )


def ungrounded(reason: str) -> str:
    """Return what is wrong with the reason of a refusal: too short to name a condition and a fact; empty if nothing."""
    length = len(reason.strip())
    if length >= SHORTEST_GROUNDS:
        return ""
    wanted = f"请写明不符合哪一项条件、查明的事实是什么，至少 {SHORTEST_GROUNDS} 个字，会写进决定书。"
    return f"只写了 {length} 个字。{wanted}" if length else wanted


@transaction.atomic
def refuse_application(
    application: Application, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Decision:
    """Refuse (不予认定): by the bureau that would certify, with reasons and remedies in a letter.

    Raises InvalidInput without a reason, NotAllowed for another bureau or somebody who took part.
    """
    application = held(application, seen=seen)
    if by.kind != "officer" or not by.may(Permission.APPROVE) or application.call.jurisdiction_id != by.jurisdiction.pk:
        raise NotAllowed(f"不予认定由{application.call.jurisdiction.name}的审批岗决定。")
    if application.status not in REFUSABLE:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不能作不予认定决定。")
    _require_other_person(application, by)
    if wrong := ungrounded(reason):
        raise InvalidInput("没有作出决定。", {"reason": wrong})
    decision = _decide(application, "refused", reason, by=by, on=on, receipt={})
    decision.letter = issue_letter(
        letters.refusal(decision),
        about=application,
        at=application.call.jurisdiction,
        by=by,
        on=on,
        operator_id=application.operator_id,
    )
    decision.save(update_fields=["letter"])
    _end(application, ApplicationStatus.REFUSED, by=by, on=on)
    record(
        "application.refused",
        application,
        by=by,
        on=on,
        policy=application.policy,
        letter=decision.letter.reference,
        reason=reason.strip(),
    )
    notify(notices.refused(decision), to=people_representing(application.operator), about=application, on=on)
    return decision


@transaction.atomic
def let_go_on(
    application: Application, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Application:
    """Let a case go on although the own bureau's word was negative (同意继续办理), with a reason: the step where it
    waits is done as any other, and the title is decided at its end (0159).

    Raises NotAllowed for anybody who took part, DomainError where nothing of the kind waits, InvalidInput unreasoned.
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.APPROVE)
    if question_of(application) is None:
        raise DomainError("这件申报现在没有等审批岗决定的“不同意”意见，不用办这一项。")
    _require_other_person(application, by)
    if not reason.strip():
        raise InvalidInput("没有办理。", {"reason": "请写明为什么可以继续办理，经办岗照此办下一步。"})
    close_work(application, decision_kind(application), by=by, on=on, did=gettext_noop("同意继续办理"))
    application.revision += 1  # a colleague who still has the question before them decides on what is no longer open
    application.save(update_fields=["revision"])
    record("application.let_go_on", application, by=by, on=on, policy=application.policy, reason=reason.strip())
    assert application.desk is not None
    officers = officers_at(application.desk, STEP_PERMISSION[ApplicationStatus(application.status)], on)
    notify(notices.let_go_on(application, by.label, reason.strip()), to=officers, about=application, on=on)
    return application


@transaction.atomic
def send_back_to_review(
    application: Application, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Application:
    """Send a case from the approver back to review (退回复审), for example after a founded objection, with a reason."""
    application = held(application, seen=seen)
    require_desk(application, by, Permission.APPROVE)
    if application.status != ApplicationStatus.APPROVAL:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不能退回复审。")
    if not reason.strip():
        raise InvalidInput("没有退回。", {"reason": "请写明退回复审的理由，复审人员照此办理。"})
    review, did = procedure_of(application).step("review"), gettext_noop("退回复审")
    enter_step(application, review, by=by, on=on, did=did, notice=None)
    record("application.sent_back", application, by=by, on=on, policy=application.policy, reason=reason.strip())
    officers = officers_at(application.desk, Permission.GIVE_OPINION, on) if application.desk else []
    notify(notices.sent_back(application, reason.strip()), to=officers, about=application, on=on)
    return application
