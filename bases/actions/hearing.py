"""The hearing (听证) that the holder asked for: set and notified, its notice served, and then put on record."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from bases import letters, notices
from bases.actions.proceedings import (
    BASIS,
    HEARING,
    HEARING_RECEIPT,
    TASKS,
    hands,
    held,
    holders,
    issue,
    law_of,
    put_before_operator,
    require_decider,
    require_nameless,
    require_status,
    workdays,
)
from bases.models import Revocation
from bases.states import RevocationStatus as R
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.documents.letters import withdraw_letter
from portal.documents.models import Letter
from portal.documents.service import served_on
from portal.errors import DomainError, InvalidInput
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem

SET = ("hearing_set_for", "hearing_at", "hearing_place", "hearing_chair", "hearing_letter")
TO_SET = gettext_noop("确定听证的时间、地点和主持人，通知对方")
TO_HOLD = gettext_noop("送达听证通知书；听证举行后登记记录")
TO_MOVE = gettext_noop("听证通知书送达太晚，另定听证日期，重新通知")


@transaction.atomic
def set_hearing(
    revocation: Revocation,
    *,
    held_on: datetime.date,
    at: datetime.time,
    place: str,
    chair: str,
    by: Capacity,
    on: datetime.date,
    seen: int | None = None,
) -> Letter:
    """Set the hearing that the holder asked for and notify it (听证通知书): when, where, who presides (L-6-64).

    Set again, the hearing is moved and the former notice void. The days to weigh the defence begin anew after it.
    Raises InvalidInput for a day sooner than the law's notice or a chair with a hand in the case, NotAllowed for
    another bureau or post, DomainError where no hearing was asked for, or it was held.
    """
    revocation = held(revocation, seen=seen)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    require_status(revocation, R.DEFENCE)
    if not revocation.defences.filter(asks_hearing=True).exists():
        raise DomainError("对方没有申请听证，不用通知。")
    _require_not_held(revocation)
    said = {"place": place.strip(), "chair": chair.strip()}
    if problems := _problems(revocation, held_on, on, **said):
        raise InvalidInput("没有通知听证。", problems)
    require_nameless(revocation, "没有通知听证。", by=by, **said)
    if revocation.hearing_letter is not None:
        withdraw_letter(revocation.hearing_letter, because="听证改期，重新通知", by=by, on=on)
    revocation.hearing_set_for, revocation.hearing_at = held_on, at
    revocation.hearing_place, revocation.hearing_chair = said["place"], said["chair"]
    letter = revocation.hearing_letter = issue(revocation, letters.hearing_notice(revocation), by=by, on=on)
    _allow_for_hearing(revocation, by=by, on=on)
    record("revocation.hearing_set", revocation, by=by, on=on, policy=revocation.policy, **_facts(revocation, letter))
    notify(notices.hearing_set(revocation, letter), to=holders(revocation), about=revocation, on=on)
    return letter


def _facts(revocation: Revocation, letter: Letter) -> dict[str, Any]:
    at = f"{revocation.hearing_at:%H:%M}"
    return {"held_on": revocation.hearing_set_for, "held_at": at, "letter": letter.reference}


def _problems(
    revocation: Revocation, held_on: datetime.date, on: datetime.date, *, place: str, chair: str
) -> dict[str, str]:
    days, problems = law_of(revocation).policy.hearing_workdays.value, {}
    soonest = workdays(revocation, on, days).on
    if held_on < soonest:
        problems["held_on"] = (
            f"听证日期 {held_on} 太早：举行前须有 {days} 个工作日的通知时间，今天通知的最早为 {soonest}。"
        )
    elif not calendar_for(revocation.jurisdiction).is_workday(held_on):
        problems["held_on"] = f"{held_on} 是休息日，请改为工作日。"
    if not place:
        problems["place"] = "没有填地点，请写到门牌和房间，对方照此到场。"
    involved = [str(each) for each in User.objects.filter(pk__in=hands(revocation)) if str(each) in chair]
    if not chair:
        problems["chair"] = "没有填主持人，请写姓名和职务。"
    elif involved:
        problems["chair"] = f"{'、'.join(involved)}参加过这件的核实或告知，不能主持听证。请换一位。"
    return problems


def _require_not_held(revocation: Revocation) -> None:
    if revocation.hearing_on is not None:
        raise DomainError(f"听证已登记（{revocation.hearing_on}），不能改写。补充情况请写进复核意见。")


def _allow_for_hearing(revocation: Revocation, *, by: Capacity, on: datetime.date) -> None:
    """Put the hearing on both lists, and let the days to weigh begin once it was held and the defence is over."""
    over = max(filter(None, (revocation.hearing_set_for, revocation.defence_ends)))
    limit = workdays(revocation, over, law_of(revocation).policy.weighing_workdays.value)
    revocation.due_on, revocation.due = limit.on, limit.as_json()
    revocation.revision += 1
    revocation.save(update_fields=[*SET, "due_on", "due", "revision"])
    waiting = WorkItem.objects.waiting().filter(subject_type="bases.revocation", subject_id=str(revocation.pk))
    waiting.filter(kind__in=(TASKS[R.DEFENCE][0], BASIS)).update(due_on=limit.on, due=revocation.due)
    put_hearing_on_desk(revocation, TO_HOLD, by=by, on=on)
    cancel_work(revocation, HEARING_RECEIPT)
    task = gettext_noop("签收听证通知书")
    put_before_operator(revocation, task, None, by=by, on=on, kind=HEARING_RECEIPT)


def put_hearing_on_desk(revocation: Revocation, task: str, *, by: Capacity, on: datetime.date) -> None:
    """Enter what is to be done now about the hearing on the list of the bureau that decides; what was is done."""
    if by.kind == "officer":
        close_work(revocation, HEARING, by=by, on=on)
    else:
        cancel_work(revocation, HEARING)
    open_work(
        revocation,
        HEARING,
        task=task,
        title=revocation.base.name,
        reference=revocation.number,
        url=f"/desk/revocations/{revocation.pk}/",
        desk=revocation.decider,
        permission=Permission.PREPARE_REVOCATION,
        due=revocation.limit,
        clause=law_of(revocation).policy.weighing_workdays.clause,
        policy=revocation.policy,
        by=by,
        on=on,
    )


def told_too_late(revocation: Revocation, served: datetime.date) -> bool:
    """Tell whether a hearing notice that arrived on that day left fewer working days than the law gives (L-6-64)."""
    days = law_of(revocation).policy.hearing_workdays.value
    return revocation.hearing_set_for is not None and workdays(revocation, served, days).on > revocation.hearing_set_for


@transaction.atomic
def record_hearing(
    revocation: Revocation, *, held_on: datetime.date, minutes: str, by: Capacity, on: datetime.date
) -> Revocation:
    """Enter that the hearing was held as it was notified (听证), with its record; the holder reads it.

    Raises DomainError where it was not notified in time, InvalidInput for another day, or where the record is empty.
    """
    revocation = held(revocation)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    require_status(revocation, R.DEFENCE)
    _require_not_held(revocation)
    if sentence := not_yet_heard(revocation, on):
        raise DomainError(f"{sentence}。", clause=law_of(revocation).policy.hearing_workdays.clause)
    problems = {}
    if not minutes.strip():
        problems["minutes"] = "请写听证记录：参加人、双方意见、结论；对方没有到场的，也写明。"
    if held_on != revocation.hearing_set_for:
        problems["held_on"] = f"通知的听证日期是 {revocation.hearing_set_for}；改了日期的，先另定日期，重新通知。"
    if problems:
        raise InvalidInput("没有登记听证。", problems)
    require_nameless(revocation, "没有登记听证。", by=by, minutes=minutes)
    revocation.hearing_on, revocation.hearing_record = held_on, minutes.strip()
    revocation.revision += 1
    revocation.save(update_fields=["hearing_on", "hearing_record", "revision"])
    close_work(revocation, HEARING, by=by, on=on)
    record("revocation.heard", revocation, by=by, on=on, policy=revocation.policy, held_on=held_on)
    notify(notices.heard(revocation), to=holders(revocation), about=revocation, on=on)
    return revocation


def not_yet_heard(revocation: Revocation, on: datetime.date) -> str:
    """Return why a hearing cannot be entered as held yet; empty when it can."""
    day, served = revocation.hearing_set_for, served_on(revocation.hearing_letter)
    if day is None:
        return "还没有确定听证的时间和地点，先通知对方"
    if served is None:
        return "听证通知书还没有送达，先登记送达"
    if told_too_late(revocation, served):
        return f"听证通知书 {served} 才送达，到 {day} 不足规定的工作日，先另定日期，重新通知"
    return f"听证定于 {day}，举行以后才能登记" if on < day else ""
