"""Public notice (公示) and objections (异议): each is answered before anything is approved."""

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from applications import letters, notices
from applications.actions.moving import enter_step, leave_step, procedure_of, require_desk
from applications.models import Application, Call, Objection, Opinion, Publication, PublicNotice
from applications.states import ApplicationStatus, ObjectionStatus, Verdict
from bases.models import random_code
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, due
from portal.documents.letters import agency_of, issue_letter
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import Notice, notify
from portal.typed_text import quoted
from portal.worklist.items import close_work, open_work

NO_NAMES = frozenset({"匿名", "匿名者", "匿名用户", "不具名", "无名", "无名氏", "保密", "不愿透露"})  # typed for a name


def notice_term(application: Application, on: datetime.date) -> Due:
    """Return the term of a notice published on that day: the working days after it; it may not end early."""
    days = procedure_of(application).notice_workdays.value
    return due(on, days, "workday", calendar_for(application.call.jurisdiction))


@transaction.atomic
def publish_notice(
    call: Call,
    *,
    applications: Sequence[Application],
    contact: str,
    by: Capacity,
    on: datetime.date,
    discipline_contact: str = "",
    because: str = "",
) -> PublicNotice:
    """Publish the list of those to be certified (公示): one notice, one term, a contact for objections.

    Raises InvalidInput for an empty list or no contact, or no reason (`because`) to list one the review was against;
    DomainError if one is not waiting for its notice, lies under another call, or the list is longer than the quota.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)  # two lists at once would each find room in the quota
    held = _held(applications)
    _require_list(call, held, contact, by)
    against = _require_reason(held, because)
    limit = notice_term(held[0], on)
    notice = PublicNotice.objects.create(
        jurisdiction=call.jurisdiction,
        call=call,
        title=letters.notice_title(call, held),
        published_on=on,
        ends_on=limit.on,
        term=limit.as_json(),
        contact=contact.strip(),
        discipline_contact=discipline_contact.strip(),
        published_by=by.person,
        demo=settings.DEMO,
    )
    for application in held:
        _put_on_notice(application, notice, because.strip() if application.pk in against else "", by=by, on=on)
    draft = letters.public_notice(notice, held)
    notice.letter = issue_letter(draft, about=notice, at=call.jurisdiction, by=by, on=on, public=True)
    notice.save(update_fields=["letter"])
    record("notice.published", notice, by=by, on=on, policy=call.policy, applications=[each.pk for each in held])
    _tell_applicants(notice, held, on=on)
    return notice


def _held(applications: Sequence[Application]) -> list[Application]:
    chosen = [application.pk for application in applications]
    return list(Application.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk"))


def _tell_applicants(notice: PublicNotice, held: Sequence[Application], *, on: datetime.date) -> None:
    for application in held:
        people = people_representing(application.operator)
        notify(notices.publicised(application, notice), to=people, about=application, on=on)


def _require_list(call: Call, held: Sequence[Application], contact: str, by: Capacity) -> None:
    problems = {}
    if not held:
        problems["applications"] = "公示名单是空的，请勾选要公示的申报。"
    if not contact.strip():
        problems["contact"] = "没有填受理异议的电话和地址，公众要据此反映。"
    if problems:
        raise InvalidInput("没有发布公示。", problems)
    for application in held:
        require_desk(application, by, Permission.PUBLICISE)
        if application.status != ApplicationStatus.PUBLIC_NOTICE or application.call_id != call.pk:
            status = application.get_status_display()
            raise DomainError(f"{application}现为“{status}”，不能列入这一批公示，请从名单中去掉。")
    _require_quota(call, held)


def reviewed_against(applications: Sequence[Application]) -> set[int]:
    """Return the ids of those whose last review said that the title should not be granted (复审不同意)."""
    reviews = Opinion.objects.filter(application__in=applications, step=ApplicationStatus.REVIEW).order_by("pk")
    last = dict(reviews.values_list("application", "verdict"))
    return {pk for pk, verdict in last.items() if verdict == Verdict.AGAINST}


def _require_reason(held: Sequence[Application], because: str) -> set[int]:
    """Return the ids of those listed against their review. Raises InvalidInput if nobody says why."""
    against = reviewed_against(held)
    if against and not because.strip():
        names = "、".join(str(each.base) for each in held if each.pk in against)
        sentence = f"{names}的复审意见是“不同意”。请写明仍然列入公示的理由，或从名单中去掉。"
        raise InvalidInput("没有发布公示。", {"because": sentence})
    return against


def _put_on_notice(
    application: Application, notice: PublicNotice, because: str, *, by: Capacity, on: datetime.date
) -> None:
    leave_step(application, by=by, on=on)
    Publication.objects.create(notice=notice, application=application, because=because)
    application.advance(
        ApplicationStatus.IN_NOTICE,
        notice=notice,
        arrived_on=on,
        due_on=notice.ends_on,
        due=notice.term,
        revision=application.revision + 1,
    )
    facts = {"ends_on": notice.ends_on} | ({"because": because} if because else {})
    record("application.publicised", application, by=by, on=on, policy=application.policy, **facts)


def places_taken(call: Call) -> int:
    """Return how many places of the call's quota are taken: on a notice, and neither refused nor withdrawn since."""
    given_up = [ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN]
    return Application.objects.filter(call=call, notice__isnull=False).exclude(status__in=given_up).count()


def _require_quota(call: Call, held: Sequence[Application]) -> None:
    if call.quota is None:
        return
    earlier = places_taken(call)
    if earlier + len(held) > call.quota:
        raise DomainError(
            f"本批次名额 {call.quota} 家，已公示 {earlier} 家，这次勾选 {len(held)} 家，"
            f"超出 {earlier + len(held) - call.quota} 家。"
        )


@transaction.atomic
def receive_objection(
    notice: PublicNotice,
    *,
    application: Application,
    name: str,
    contact: str,
    reason: str,
    by: Capacity,
    on: datetime.date,
    evidence: Sequence[Upload] = (),
) -> Objection:
    """Take an objection (异议), from the public form or entered by an officer; it holds the approval until answered.

    Raises InvalidInput without name, contact or reason; DomainError outside the notice's days or for a base that is not
    on its list.
    """
    notice = PublicNotice.objects.select_for_update().get(pk=notice.pk)  # it may be closing this second
    if not notice.published_on <= on <= notice.ends_on or notice.closed_on is not None:
        raise DomainError(
            f"公示期为 {notice.published_on} 至 {notice.ends_on}，现在不在公示期内。您仍可拨打公示上的电话反映情况。"
        )
    _require_particulars(notice, application, name, contact, reason)
    objection = Objection.objects.create(
        jurisdiction=notice.jurisdiction,  # who objects is known there alone, and its calendar counts the term
        notice=notice,
        application=application,
        code=random_code(12),
        name=name.strip(),
        contact=contact.strip(),
        reason=reason.strip(),
        received_on=on,
        entered_by=by.user if by.kind == "officer" else None,
    )
    objection.evidence.set(evidence)
    limit = _open_objection(objection, by=by, on=on)
    record("objection.received", objection, by=by, on=on, policy=application.policy, notice=notice.pk)
    officers = officers_at(notice.jurisdiction, Permission.HANDLE_OBJECTION, on)
    notify(notices.objected(objection, limit.on), to=officers, about=objection, on=on)
    _tell_operator(objection, notices.objection_heard(objection, limit.on), on=on)
    return objection


def _tell_operator(objection: Objection, said: Notice, *, on: datetime.date) -> None:
    application = objection.application
    notify(said, to=people_representing(application.operator), about=application, on=on)


def unfit_name(name: str) -> str:
    """Return why somebody who objects cannot be called that: nobody objects without a name; empty if they can."""
    name = name.strip()
    if not name:
        return "请写姓名或单位名称。公示异议须实名，只有办理人员能看到。"
    if len(name) < 2:
        return f"“{name}”只有 1 个字。公示异议须实名，请写全姓名或单位名称，只有办理人员能看到。"
    if not any(letter.isalpha() for letter in name):
        return f"“{quoted(name)}”不是姓名或单位名称。公示异议须实名，不能只写数字或符号，请写全名。"
    if name in NO_NAMES:
        return f"“{name}”不是姓名或单位名称。公示异议须实名，请写全名；姓名依法保密，不会公开。"
    return ""


def _require_particulars(notice: PublicNotice, application: Application, name: str, contact: str, reason: str) -> None:
    if application.notice_id != notice.pk:
        raise DomainError("这家基地不在这份公示的名单里，请从名单中选择。")
    problems = {"name": sentence} if (sentence := unfit_name(name)) else {}
    if not contact.strip():
        problems["contact"] = "请留下电话或邮箱，以便核实和答复。"
    if len(reason.strip()) < 10:
        problems["reason"] = "请把理由写具体些，至少 10 个字：哪家基地、什么事、有什么依据。"
    if problems:
        raise InvalidInput("异议没有提交。", problems)


def _open_objection(objection: Objection, *, by: Capacity, on: datetime.date) -> Due:
    application, notice = objection.application, objection.notice
    limit = due(on, procedure_of(application).objection_workdays.value, "workday", calendar_for(notice.jurisdiction))
    open_work(
        objection,
        "applications.objection",
        task=gettext_noop("核实并答复公示异议"),
        title=application.base.name,
        reference=objection.number,
        url=f"/desk/objections/{objection.pk}/",
        desk=notice.jurisdiction,
        place=application.base.jurisdiction,
        permission=Permission.HANDLE_OBJECTION,
        due=limit,
        clause=procedure_of(application).objection_workdays.clause,
        policy=application.policy,
        by=by,
        on=on,
    )
    return limit


@transaction.atomic
def answer_objection(objection: Objection, *, founded: bool, answer: str, by: Capacity, on: datetime.date) -> Objection:
    """Answer an objection (答复): founded or not, with reasons. A founded one leaves the decision to the approver.

    Raises InvalidInput without an answer, NotAllowed for another desk, StatusMoved when it was answered already.
    """
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if by.kind != "officer" or not by.may(Permission.HANDLE_OBJECTION):
        raise NotAllowed("您现在的岗位不能答复异议。")
    if objection.notice.jurisdiction_id != by.jurisdiction.pk:
        raise NotAllowed(f"这件异议由{objection.notice.jurisdiction.name}答复。")
    if not answer.strip():
        raise InvalidInput("没有答复。", {"answer": "请写明核实的经过、结果和依据。"})
    status = ObjectionStatus.FOUNDED if founded else ObjectionStatus.UNFOUNDED
    objection.advance(status, answer=answer.strip(), answered_by=by.user, answered_on=on)
    objection.letter = issue_letter(
        letters.objection_answer(objection), about=objection, at=objection.notice.jurisdiction, by=by, on=on
    )
    objection.save(update_fields=["letter"])
    close_work(objection, by=by, on=on)
    record("objection.answered", objection, by=by, on=on, policy=objection.application.policy, founded=founded)
    _tell_operator(objection, notices.objection_answered(objection), on=on)
    conclude_notice(objection.notice, by=by, on=on)
    return objection


@transaction.atomic
def conclude_notice(notice: PublicNotice, *, by: Capacity, on: datetime.date) -> int:
    """Pass on every application whose notice ran its full term and has no open objection; return how many.

    The term runs through its last day: nothing moves before the day after. Called daily and after each answer.
    """
    notice = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if on <= notice.ends_on:
        return 0
    moved = 0
    waiting = Application.objects.select_for_update(of=("self",)).filter(
        notice=notice, status=ApplicationStatus.IN_NOTICE
    )
    for application in waiting.order_by("pk"):
        if application.objections.filter(status=ObjectionStatus.OPEN).exists():
            continue
        enter_step(application, procedure_of(application).step("approval"), by=by, on=on)
        record("application.notice_over", application, by=by, on=on, policy=application.policy, notice=notice.pk)
        officers = officers_at(application.desk, Permission.APPROVE, on) if application.desk else []
        answered = application.objections.filter(notice=notice).count()
        notify(notices.for_approval(application, answered), to=officers, about=application, on=on)
        moved += 1
    if notice.closed_on is None and not Application.objects.filter(notice=notice, status="in_notice").exists():
        notice.closed_on = on
        notice.save(update_fields=["closed_on"])
        record("notice.concluded", notice, by=by, on=on)
    return moved


def discipline_contact(call: Call) -> str:
    """Return the phone of supervision the bureau filled in, as a notice prints it; empty where there is none."""
    return agency_of(call.jurisdiction).discipline_phone


def notice_contact(call: Call) -> str:
    """Return the bureau's phone and address as the notice prints them; empty where the bureau filled nothing in."""
    agency = agency_of(call.jurisdiction)
    return "，".join(part for part in (agency.phone, agency.address) if part)
