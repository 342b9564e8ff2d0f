"""Calls (申报批次): drafted, published by another person, extended, withdrawn, closed by their hour."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications import letters, notices
from applications.actions.announcing import announce
from applications.letters.sources import reason_at_publication
from applications.models import Call
from applications.rules import ApplicationPolicy
from applications.states import ApplicationStatus, CallStatus
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record, timeline
from portal.documents.letters import issue_letter
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.notify import notify
from portal.policies.loader import pack_in_force, pack_of
from portal.policies.packs import Pack
from portal.web.dates import minute
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem

SHORTEST_BASIS = 8  # letters: fewer are no name of a document
PUBLICATION, RETURNED = "calls.publication", "calls.returned"


def _require(by: Capacity, permission: str, call: Call | None = None) -> None:
    if by.kind != "officer" or not by.may(permission):
        raise NotAllowed("您现在的岗位不能办理申报通知，可以切换身份，或请有权限的同事办理。")
    if call is not None and call.jurisdiction_id != by.jurisdiction.pk:
        raise NotAllowed(f"这份申报通知由{call.jurisdiction.name}办理，您现在的身份是{by.jurisdiction.name}。")


def _problems(values: dict[str, Any], now: datetime.datetime) -> dict[str, str]:
    problems, on = {}, now.date()
    opens, closes = values.get("opens_at"), values.get("closes_at")
    if "name" in values and not str(values["name"]).strip():
        problems["name"] = "没有填通知名称，例如“2026 年度创业孵化示范基地申报”。"
    if opens and timezone.localtime(opens).date() < on:
        past = f"{timezone.localtime(opens):%Y-%m-%d %H:%M} 已经过去，今天是 {on}"
        problems["opens_at"] = f"{past}。通知发布之前不能开始申报，请改为今天或以后的时间。"
    if opens and closes and opens >= closes:
        early = f"{timezone.localtime(closes):%Y-%m-%d %H:%M} 不晚于开始时间 {timezone.localtime(opens):%Y-%m-%d %H:%M}"
        problems["closes_at"] = f"{early}，请改其中一项。"
    elif closes and closes <= now:
        past = f"{timezone.localtime(closes):%Y-%m-%d %H:%M} 已经过去，现在是 {now:%Y-%m-%d %H:%M}"
        problems["closes_at"] = f"{past}，发布后没有人能申报。请改为以后的时间。"
    if values.get("quota") is not None and values["quota"] < 1:
        problems["quota"] = "名额至少为 1；不限名额就留空。"
    return problems


def wrong_with(title: str, values: dict[str, Any], *, at: Jurisdiction, now: datetime.datetime) -> dict[str, str]:
    """Return all that is wrong with a call as far as it is written, by field: what could not be read is left out."""
    return _problems(values, now) | (unreasoned(title, values, at=at, on=now.date()) if title else {})


@transaction.atomic
def draft_call(*, title: str, by: Capacity, at: datetime.datetime, **values: Any) -> Call:
    """Draft the call for a title at the officer's bureau; papers come from the pack in force.

    `values`: name, year, opens_at, closes_at, quota, timetable, introduction, contact, reason. Raises InvalidInput, and
    DomainError where the pack has no procedure for the title or gives the decision to another level.
    """
    _require(by, Permission.DRAFT_CALL)
    on = at.date()
    pack = pack_in_force(at=by.jurisdiction, on=on)
    try:
        procedure = pack.section(ApplicationPolicy).procedure(title)
    except LookupError:
        raise DomainError(f"政策包 {pack.id} 没有“{title}”的申报流程，不能发起申报。") from None
    last = procedure.steps[-1]
    if last.level != by.jurisdiction.level:
        raise NotAllowed(f"这一称号由{last.name}环节所在的层级认定，不能由{by.jurisdiction.name}发起申报。")
    if problems := wrong_with(title, values, at=by.jurisdiction, now=at):
        raise InvalidInput("申报通知有误，没有保存。", problems)
    documents = [
        {"slot": each.slot, "name": each.name, "required": each.required, "hint": each.hint, "clause": each.clause}
        for each in procedure.documents
    ]
    call = Call.objects.create(
        jurisdiction=by.jurisdiction,
        title=title,
        policy=pack.id,
        documents=documents,
        drafted_by=by.person,
        demo=settings.DEMO,
        **values,
    )
    record("call.drafted", call, by=by, on=on, policy=pack.id, title=title)
    _ask_for_publication(call, by=by, on=on)
    return call


def _ask_for_publication(call: Call, *, by: Capacity, on: datetime.date) -> None:
    _put_work(call, PUBLICATION, gettext_noop("审核并发布申报通知"), Permission.PUBLISH_CALL, by=by, on=on)


def _put_work(call: Call, kind: str, task: str, permission: str, *, by: Capacity, on: datetime.date) -> None:
    open_work(
        call,
        kind,
        task=task,
        title=call.name,
        url=f"/desk/calls/{call.pk}/",
        desk=call.jurisdiction,
        permission=permission,
        policy=call.policy,
        by=by,
        on=on,
    )


@transaction.atomic
def amend_call(call: Call, *, by: Capacity, at: datetime.datetime, **values: Any) -> Call:
    """Change a call that is still a draft. Raises InvalidInput, or StatusMoved once it is published."""
    call, on = Call.objects.select_for_update().get(pk=call.pk), at.date()
    _require(by, Permission.DRAFT_CALL, call)
    if call.status != CallStatus.DRAFT:
        raise published_since(call)
    merged = {field: getattr(call, field) for field in ("name", "year", "opens_at", "closes_at", "quota", "reason")}
    merged |= values
    if problems := wrong_with(call.title, merged, at=call.jurisdiction, now=at):
        raise InvalidInput("申报通知有误，没有保存。", problems)
    for field, value in values.items():
        setattr(call, field, value)
    call.save(update_fields=[*values])
    call.amended_by.add(by.person)
    record("call.amended", call, by=by, on=on, changed=sorted(values))
    if close_work(call, RETURNED, by=by, on=on):
        _ask_for_publication(call, by=by, on=on)
    return call


def published_since(call: Call) -> StatusMoved:
    """Return the refusal to change a call that says who published it and when: it is no draft any more."""
    last = timeline(call).filter(verb="call.published").last()
    if last is None:
        return StatusMoved(f"申报通知{call.get_status_display()}，不能再改内容。")
    moment = minute(last.moment)
    return StatusMoved(
        f"{last.actor_label}于 {moment} 已发布这份申报通知，内容不能再改。要延期或者撤回的，由审批岗办理。",
        by_whom=last.actor_label,
        when=moment,
        by_id=last.actor_id,
    )


@transaction.atomic
def return_call(call: Call, *, reason: str, by: Capacity, on: datetime.date) -> Call:
    """Return a draft to who drafted it (退回起草人), with what is to be changed; saving it asks for publication again.

    Raises InvalidInput without a reason, DomainError for a call that is no draft or was returned already.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)
    _require(by, Permission.PUBLISH_CALL, call)
    if call.status != CallStatus.DRAFT:
        raise DomainError(f"申报通知{call.get_status_display()}，不能退回起草人；需要时请延期或撤回。")
    if not reason.strip():
        raise InvalidInput("没有退回。", {"reason": "请写明要改什么，起草人照此修改。"})
    if not close_work(call, PUBLICATION, by=by, on=on, did=gettext_noop("退回起草人修改")):
        raise DomainError("这份申报通知已经退回起草人，等修改后再审核。")
    _put_work(call, RETURNED, gettext_noop("按审批意见修改申报通知"), Permission.DRAFT_CALL, by=by, on=on)
    record("call.returned", call, by=by, on=on, reason=reason.strip())
    people = {call.drafted_by, *call.amended_by.all()}
    notify(notices.call_returned(call, reason.strip()), to=people, about=call, on=on)
    return call


def returned_because(call: Call) -> str:
    """Return why the draft lies with its drafter again; empty where it waits for publication."""
    waits = WorkItem.objects.waiting().filter(kind=RETURNED, subject_id=str(call.pk))
    last = timeline(call).filter(verb="call.returned").last() if waits.exists() else None
    return str(last.facts["reason"]) if last else ""


def writers_of(call: Call) -> set[int]:
    """Return the ids of those who drafted the call or changed the draft: none of them may publish it."""
    return {call.drafted_by_id, *call.amended_by.values_list("pk", flat=True)}


@transaction.atomic
def publish_call(call: Call, *, by: Capacity, at: datetime.datetime) -> Call:
    """Publish the call: its notice gets a number, and it stands on the public site. Another person than who wrote it.

    Raises NotAllowed for who drafted or changed it; DomainError if it was published before, if the window is over at
    that moment or began on an earlier day, if another call of the year was published since this one was drafted without
    a reason (GZ-31), or if its policy has ended meanwhile.
    """
    call, on = Call.objects.select_for_update().get(pk=call.pk), at.date()
    _require(by, Permission.PUBLISH_CALL, call)
    _require_draft(call)
    if writers_of(call) & by.people:
        raise NotAllowed("起草人不能自己发布，改过草稿的人也不能，请由另一位审批人员发布。")
    if returned_because(call):
        raise DomainError("这份申报通知已退回起草人，等起草人修改后再发布。")
    _require_time_ahead(call, at)
    said = {"year": call.year, "reason": call.reason}
    if further := unreasoned(call.title, said, at=call.jurisdiction, on=on):
        raise DomainError(f"{further['reason']}请退回起草人补写。")
    call.advance(CallStatus.PUBLISHED, published_by=by.person, published_on=on)
    call.letter = issue_letter(letters.call_notice(call), about=call, at=call.jurisdiction, by=by, on=on, public=True)
    call.save(update_fields=["letter"])
    close_work(call, by=by, on=on)
    record("call.published", call, by=by, on=on, policy=call.policy, letter=call.letter.reference)
    announce(call, on=on)
    return call


def _require_draft(call: Call) -> None:
    if call.status != CallStatus.DRAFT and call.published_by:
        raise DomainError(f"{call.published_by}已于 {call.published_on} 发布这份申报通知，不用再发布。")


def _require_time_ahead(call: Call, now: datetime.datetime) -> None:
    """Raise DomainError where the window is over by now, or began on a day before the notice is published."""
    if call.closes_at <= now:
        past = f"申报截止时间 {timezone.localtime(call.closes_at):%Y-%m-%d %H:%M} 已过，现在是 {now:%Y-%m-%d %H:%M}"
        raise DomainError(f"{past}，现在发布就没有人能申报。请退回起草人修改申报期再发布。")
    if timezone.localtime(call.opens_at).date() < now.date():
        past = f"申报开始时间 {timezone.localtime(call.opens_at):%Y-%m-%d %H:%M} 已过，今天是 {now.date()}"
        raise DomainError(f"{past}，现在发布，通知写的申报期就与发布日期矛盾。请退回起草人修改申报期再发布。")


def reason_shown(call: Call) -> str:
    """Return why a call was withdrawn, else the reason it was published with; empty where it needed none."""
    return call.reason if call.status == CallStatus.WITHDRAWN else reason_at_publication(call)


def reason_in_words(call: Call) -> str:
    """Return what the reason of a call was given for: withdrawal, a policy that ended, a further call."""
    if call.status == CallStatus.WITHDRAWN:
        return _("撤回原因")
    day = call.published_on or timezone.localdate(call.opens_at)
    return _("增开原因") if pack_of(call.policy, on=day).applies_on(day) else _("继续适用的依据")


def unreasoned(title: str, values: dict[str, Any], *, at: Jurisdiction, on: datetime.date) -> dict[str, str]:
    """Return what is wrong with a call that needs a reason and gives none.

    That is a further call in the year (GZ-31: one a year as a rule), and one under a policy whose period is over:
    nothing new arises from it without the document by which it still applies (decision 0152). A year that could not be
    read counts as the present one.
    """
    pack = pack_in_force(at=at, on=on)
    limit, year = pack.section(ApplicationPolicy).procedure(title).calls_per_year, values.get("year") or on.year
    reason = str(values.get("reason", "")).strip()
    if not pack.applies_on(on):
        return {} if len(reason) >= SHORTEST_BASIS else {"reason": _no_document(pack, reason)}
    if reason or limit is None:
        return {}
    if Call.objects.of_the_year(year, title, at).count() < limit.value:
        return {}
    sentence = (
        f"{year} 年这一称号已经发布过申报通知，原则上每年 {limit.value} 次。增开请先写明原因，会写进通知并公开显示。"
    )
    return {"reason": sentence}


def _no_document(pack: Pack, reason: str) -> str:
    """Return that a policy has ended and that nothing typed so far names the document by which it still applies."""
    ended = f"《{pack.short_title}》已于 {pack.applies_until.value} 期满。"
    found = f"现在填的是“{reason}”，看不出是哪份文件。" if reason else ""
    return (
        f"{ended}{found}继续受理，请写明继续适用的依据文件的名称或文号，至少 {SHORTEST_BASIS} 个字，"
        "例如“《关于继续执行……的通知》（×人社发〔2026〕1号）”；会写进通知并公开显示。"
    )


@transaction.atomic
def extend_call(call: Call, *, closes_at: datetime.datetime, reason: str, by: Capacity, at: datetime.datetime) -> Call:
    """Give more time (延期), also after closing as long as nothing was decided. Drafts under it live on.

    The notice of the call stays as it was issued; one of its own says what it is extended to.

    Raises InvalidInput for a moment that is past or not later, or without a reason; DomainError for a call that is not
    published, or under which something was decided.
    """
    call, on = Call.objects.select_for_update().get(pk=call.pk), at.date()
    _require(by, Permission.PUBLISH_CALL, call)
    if call.status not in {CallStatus.PUBLISHED, CallStatus.CLOSED}:
        raise DomainError(f"申报通知{call.get_status_display()}，不能延期。已发布或已截止的才可以延期。")
    _require_more_time(call, closes_at, reason, at)
    if call.applications.filter(status__in=[ApplicationStatus.APPROVED, ApplicationStatus.REFUSED]).exists():
        raise DomainError("这一批次已有办结的申报，不能再延期；需要时请增开一个批次。")
    if call.status == CallStatus.CLOSED:
        call.advance(CallStatus.PUBLISHED)
    before, call.closes_at, call.extension_reason = call.closes_at, closes_at, reason.strip()
    call.save(update_fields=["closes_at", "extension_reason"])
    draft = letters.extension_notice(call, before)
    letter = issue_letter(draft, about=call, at=call.jurisdiction, by=by, on=on, public=True)
    said = {"reason": call.extension_reason, "letter": letter.reference}
    record("call.extended", call, by=by, on=on, before=before, after=closes_at, **said)
    _tell_applicants(call, notices.call_extended(call), on=on)
    return call


def _require_more_time(call: Call, closes_at: datetime.datetime, reason: str, now: datetime.datetime) -> None:
    """Raise InvalidInput for a closing time that is past or not later, or without a reason."""
    problems = {}
    if closes_at <= now:
        past = f"{timezone.localtime(closes_at):%Y-%m-%d %H:%M} 已经过去，现在是 {now:%Y-%m-%d %H:%M}"
        problems["closes_at"] = f"{past}，请改为以后的时间。"
    elif closes_at <= call.closes_at:
        problems["closes_at"] = f"请写晚于原截止时间 {call.closes_at.astimezone():%Y-%m-%d %H:%M} 的时间。"
    if not reason.strip():
        problems["reason"] = "请写明延期原因，会公开显示。"
    if problems:
        raise InvalidInput("没有延期。", problems)


@transaction.atomic
def withdraw_call(call: Call, *, reason: str, by: Capacity, on: datetime.date) -> Call:
    """Withdraw a call (撤回), with a public reason; drafts under it can no longer be submitted."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    _require(by, Permission.PUBLISH_CALL, call)
    if not reason.strip():
        raise InvalidInput("没有撤回。", {"reason": "请写明撤回原因，会公开显示。"})
    if call.applications.exclude(status__in=[ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN]).exists():
        raise DomainError("已有单位提交申报，不能撤回这一批次；请把已提交的申报办结，或延长申报期。")
    call.advance(CallStatus.WITHDRAWN, reason=reason.strip())
    cancel_work(call)
    record("call.withdrawn", call, by=by, on=on, reason=reason.strip())
    _tell_applicants(call, notices.call_withdrawn(call), on=on)
    return call


def _tell_applicants(call: Call, notice: Any, *, on: datetime.date) -> None:
    for application in call.applications.exclude(status=ApplicationStatus.WITHDRAWN).select_related("operator"):
        notify(notice, to=people_representing(application.operator), about=application, on=on)


@transaction.atomic
def close_call(call: Call, *, by: Capacity, on: datetime.date) -> bool:
    """Mark a call as closed once its last day is over; return whether this run did. Filing is judged by the hour."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    if call.status != CallStatus.PUBLISHED or call.closes_at.astimezone().date() >= on:
        return False
    call.advance(CallStatus.CLOSED)
    record("call.closed", call, by=by, on=on)
    notify(
        notices.call_closed(call),
        to=officers_at(call.jurisdiction, Permission.DRAFT_CALL, on),
        about=call,
        on=on,
    )
    return True
