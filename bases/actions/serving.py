"""Service of the papers of a revocation (送达), and what it brings about: the days for a defence, or the revocation."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from bases import letters, notices
from bases.actions.hearing import TO_MOVE, put_hearing_on_desk, told_too_late
from bases.actions.proceedings import (
    HEARING_RECEIPT,
    PLAQUE,
    TASKS,
    held,
    law_of,
    move,
    put_before_operator,
    require_decider,
    require_ground,
    require_status,
    waiting_paper,
    workdays,
)
from bases.models import Ban, Operator, Revocation
from bases.rules import serve_notice, serve_revocation
from bases.states import RevocationStatus as R
from bases.states import Standing
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.people import people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.letters import issue_letter
from portal.documents.models import Letter, Service, Upload
from portal.documents.service import acknowledge, announce, complete_announcement, serve_on_paper
from portal.errors import InvalidInput
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem

WAITING = (R.NOTICE_ISSUED, R.DECIDED)
ANNOUNCED = gettext_noop("公告送达中，到期满日视为送达，由系统登记；期间用其他方式送到的，登记送达")


@transaction.atomic
def sign_for_paper(revocation: Revocation, *, by: Capacity, on: datetime.date) -> Revocation:
    """Let the holder sign for the paper that waits for it (电子送达): that day it is served."""
    revocation = _waiting(held(revocation))
    acknowledge(_paper(revocation), by=by, on=on)
    return _follow(revocation, on, by=by, on=on)


@transaction.atomic
def record_service(
    revocation: Revocation,
    *,
    method: str,
    arrived_on: datetime.date,
    recipient: str,
    evidence: Sequence[Upload],
    by: Capacity,
    on: datetime.date,
    tracking: str = "",
    because: str = "",
) -> Revocation:
    """Record that the paper that waits was served by registered mail or by hand, with its proof.

    Raises InvalidInput where the proof is not whole, NotAllowed for another bureau or post.
    """
    revocation = held(revocation)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    revocation = _waiting(revocation)
    serve_on_paper(
        _paper(revocation),
        method=method,
        arrived_on=arrived_on,
        recipient=recipient,
        evidence=evidence,
        tracking=tracking,
        because=because,
        by=by,
        on=on,
    )
    return _follow(revocation, arrived_on, by=by, on=on)


@transaction.atomic
def announce_paper(
    revocation: Revocation, *, because: str, evidence: Sequence[Upload], by: Capacity, on: datetime.date
) -> Service:
    """Begin to serve the paper that waits by public announcement (公告送达), where other ways have failed."""
    revocation = held(revocation)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    days = law_of(revocation).policy.announcement_days.value
    proof = announce(_paper(revocation), days=days, because=because, evidence=evidence, by=by, on=on)
    if revocation.status in WAITING:
        _wait_for_end(revocation, proof)
    return proof


def _wait_for_end(revocation: Revocation, proof: Service) -> None:
    """Let the item on the desk wait until the announcement is over: nobody is late while it runs."""
    waiting = WorkItem.objects.waiting().filter(subject_type="bases.revocation", subject_id=str(revocation.pk))
    waiting.filter(kind=TASKS[R(revocation.status)][0]).update(task=ANNOUNCED, due_on=proof.ends_on, due=proof.term)


@transaction.atomic
def end_announcement(revocation: Revocation, proof: Service, *, by: Capacity, on: datetime.date) -> Revocation:
    """Count the announced paper as served on the day its announcement was over. Raises DomainError before that day."""
    revocation = _waiting(held(revocation))
    served = complete_announcement(proof, by=by, on=on)
    return _follow(revocation, served.served_on or on, by=by, on=on)


@transaction.atomic
def record_plaque_recovered(
    revocation: Revocation, *, recovered_on: datetime.date, by: Capacity, on: datetime.date
) -> None:
    """Enter that plaque and certificate came back (收回牌匾证书). Raises InvalidInput for a day that cannot be."""
    revocation = held(revocation)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    require_status(revocation, R.REVOKED)
    if revocation.served_on is None or not revocation.served_on <= recovered_on <= on:
        sentence = f"收回日期应在决定送达（{revocation.served_on}）之后、今天（{on}）之前，含当日。"
        raise InvalidInput("没有登记。", {"recovered_on": sentence})
    revocation.plaque_recovered_on = recovered_on
    revocation.revision += 1
    revocation.save(update_fields=["plaque_recovered_on", "revision"])
    close_work(revocation, PLAQUE, by=by, on=on)
    record("revocation.plaque_recovered", revocation, by=by, on=on, policy=revocation.policy, recovered_on=recovered_on)


def _waiting(revocation: Revocation) -> Revocation:
    """Return proceedings whose paper waits to be served, their operator held before a word is written to the trail.

    An application that the operator makes with another base is decided before or after the ban, never meanwhile; and
    whoever certifies it holds the operator first as well, so that neither waits for the other.
    """
    _paper(revocation)
    revocation.operator = Operator.objects.select_for_update(no_key=True).get(pk=revocation.operator_id)
    return revocation


def _paper(revocation: Revocation) -> Letter:
    paper = waiting_paper(revocation)
    if paper is None:
        require_status(revocation, *WAITING)
        raise LookupError(revocation.number)
    return paper


def _follow(revocation: Revocation, day: datetime.date, *, by: Capacity, on: datetime.date) -> Revocation:
    steps = {R.NOTICE_ISSUED: _open_defence, R.DEFENCE: _notify_hearing, R.DECIDED: _revoke}
    steps[R(revocation.status)](revocation, day, by=by, on=on)
    return revocation


def _notify_hearing(revocation: Revocation, day: datetime.date, *, by: Capacity, on: datetime.date) -> None:
    """The hearing notice is served; where it came too late the hearing has to be moved (L-6-64)."""
    revocation.revision += 1
    revocation.save(update_fields=["revision"])
    if by.kind == "operator":
        close_work(revocation, HEARING_RECEIPT, by=by, on=on)
    else:
        cancel_work(revocation, HEARING_RECEIPT)
    if told_too_late(revocation, day):
        put_hearing_on_desk(revocation, TO_MOVE, by=by, on=on)
    record("revocation.hearing_notice_served", revocation, by=by, on=on, policy=revocation.policy, served_on=day)


def _open_defence(revocation: Revocation, day: datetime.date, *, by: Capacity, on: datetime.date) -> None:
    """The notice is served: proceedings run, payments stop, and the working days for a defence begin (G-06)."""
    require_ground(revocation, on)
    law = law_of(revocation)
    serve_notice(law.tenure, law.ground, day, revocation.met_on)
    defence = workdays(revocation, day, law.policy.defence_workdays.value)
    limit = workdays(revocation, defence.on, law.policy.weighing_workdays.value)
    revocation.certification.advance(Standing.IN_PROCEEDINGS)
    move(
        revocation,
        R.DEFENCE,
        by=by,
        on=on,
        limit=limit,
        notice_served_on=day,
        notice_served_at=timezone.localtime(),
        defence_ends=defence.on,
        defence_term=defence.as_json(),
    )
    put_before_operator(revocation, gettext_noop("提出陈述申辩，可以申请听证"), defence, by=by, on=on)
    facts = {"served_on": day, "defence_ends": defence.on, "sum": defence.sum}
    record("revocation.notice_served", revocation, by=by, on=on, policy=revocation.policy, **facts)
    people = people_representing(revocation.operator)
    notify(notices.defence_open(revocation, defence.on), to=people, about=revocation, on=on)


def _revoke(revocation: Revocation, day: datetime.date, *, by: Capacity, on: datetime.date) -> None:
    """The decision is served: the title is revoked that day, base and operator are barred from it (GZ-29, GZ-30)."""
    law = law_of(revocation)
    barred = serve_revocation(law.register, law.tenure, law.ground, day)
    ban = Ban.objects.create(
        jurisdiction=revocation.jurisdiction,
        base=revocation.base,
        operator_uscc=revocation.operator.uscc,
        title=barred.title,
        policy=revocation.policy,
        clause=barred.clause,
        ground=revocation.ground,
        starts_on=barred.start,
        ends_on=barred.until,
    )
    certification = revocation.certification
    certification.advance(Standing.REVOKED, ended_on=certification.ended_on or day)
    stamps: dict[str, Any] = {"served_on": day, "served_at": timezone.localtime(), "ban": ban}
    move(revocation, R.REVOKED, by=by, on=on, **stamps)
    facts = {"served_on": day, "ban_until": ban.ends_on, "ground": revocation.ground, "clause": ban.clause}
    record("base.revoked", certification, by=by, on=on, policy=revocation.policy, **facts)
    _recall_plaque(revocation, day, on=on)
    people = people_representing(revocation.operator)
    notify(notices.base_revoked(revocation), to=people, about=revocation, on=on)


def _recall_plaque(revocation: Revocation, day: datetime.date, *, on: datetime.date) -> None:
    draft = letters.plaque_recovery(revocation)
    letter = issue_letter(
        draft, about=revocation, at=revocation.decider, by=SYSTEM, on=on, operator_id=revocation.operator_id
    )
    Revocation.objects.filter(pk=revocation.pk).update(plaque_letter=letter)
    revocation.plaque_letter = letter
    open_work(
        revocation,
        PLAQUE,
        task=gettext_noop("收回牌匾和证书，登记收回日期"),
        title=revocation.base.name,
        reference=revocation.number,
        url=f"/desk/revocations/{revocation.pk}/",
        desk=revocation.decider,
        permission=Permission.PREPARE_REVOCATION,
        due=workdays(revocation, day, law_of(revocation).policy.plaque_workdays.value),
        clause=revocation.clause,
        policy=revocation.policy,
        by=SYSTEM,
        on=on,
    )
