"""The operator's side: start, fill in, attach, submit, withdraw."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from applications import dossier, letters, notices
from applications.actions.answering import closed_fields, open_places, require_answers
from applications.actions.carrying import carry_over, earlier_answers
from applications.actions.door import Door, door, require_open_door, snapshot
from applications.actions.moving import (
    enter_step,
    held,
    leave_step,
    policy_of,
    procedure_of,
    require_operator,
    stale,
)
from applications.actions.papers import lacking, proof_of
from applications.models import Application, Attachment, Call, SectionAnswer, Submission
from applications.procedure import RequiredDocument
from applications.states import FINAL, ApplicationStatus
from bases.models import Base
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.letters import agency_of, issue_letter, take_number
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify

EDITABLE = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.RETURNED})
REFERENCE_SERIES = "SQ"


@transaction.atomic
def start_application(
    call: Call, *, base: Base, by: Capacity, at: datetime.datetime, carry: bool = False
) -> Application:
    """Open a draft for a base under a call, after the door was found open; with `carry`, filled as the one before it.

    Raises NotAllowed for other people's bases; DomainError if the call is not open, does not reach the base, another
    application for the title is under way, or the door is shut (bans, titles, prerequisites; reasons and clauses said).
    """
    on = at.date()
    base = Base.objects.locked(base.pk)
    if by.kind != "operator" or by.operator is None or base.operator_id != by.operator.pk:
        raise NotAllowed("只能为本单位的基地申报。")
    _require_open(call, at)
    if call.jurisdiction not in base.jurisdiction.lineage():
        raise DomainError(f"“{call.name}”只受理{call.jurisdiction.name}的基地，{base}在{base.jurisdiction.full_name}。")
    if existing := under_way(base, call.title):
        raise DomainError(f"{base}已有一件同一称号的申报（{existing.get_status_display()}），请继续办那一件。")
    require_open_door(call, base, on=on)
    earlier = earlier_answers(base) if carry else None
    application = Application.objects.create(
        jurisdiction=base.jurisdiction,
        call=call,
        base=base,
        operator=base.operator,
        title=call.title,
        policy=call.policy,
        started_by=by.person,
        started_on=on,
        demo=settings.DEMO or base.demo,
    )
    record("application.started", application, by=by, on=on, policy=call.policy, call=call.pk)
    if earlier is not None:
        carry_over(earlier, application, by=by, at=at)
    return application


def under_way(base: Base, title: str) -> Application | None:
    """Return the application of the base for the title that is not ended; there is one at most."""
    return base.applications.filter(title=title).exclude(status__in=FINAL).first()


def _require_open(call: Call, at: datetime.datetime) -> None:
    if call.is_open(at):
        return
    closes = call.closes_at.astimezone(at.tzinfo)
    if call.status in {"published", "closed"} and at > call.closes_at:
        raise DomainError(
            f"“{call.name}”已于 {closes:%Y-%m-%d %H:%M:%S} 截止，现在是 {at:%Y-%m-%d %H:%M:%S}，不能再提交。"
            f"草稿会保留；需要延期请联系{agency_of(call.jurisdiction).name}{call.contact and '，' + call.contact}。"
        )
    if call.status == "published":
        raise DomainError(f"“{call.name}”{call.opens_at.astimezone(at.tzinfo):%Y-%m-%d %H:%M} 才开始申报，请到时再来。")
    raise DomainError(f"“{call.name}”{call.get_status_display()}，现在不受理申报。")


@transaction.atomic
def save_section(
    application: Application,
    *,
    section: str,
    typed: dict[str, Any],
    by: Capacity,
    at: datetime.datetime,
    seen: int | None = None,
) -> dossier.Checked:
    """Keep what was typed in one section, right or wrong, and say what is wrong with it (暂存、自动保存).

    A section saved unchanged keeps its day: the stamped page is held against it (`written_after_stamp`). `seen` is the
    revision of the section that the page showed: raises StatusMoved if a colleague saved in between.
    Of a returned application only the fields on the correction list are read; the others keep what was filed.
    Raises DomainError when the application is not with the operator, or the list names nothing in the section.
    """
    application = held(application, seen=None)
    require_operator(application, by)
    _require_editable(application)
    _require_open_for_correction(application, section)
    row = SectionAnswer.objects.filter(application=application, section=section).first()
    if row is not None and seen is not None and row.revision != seen:
        raise stale(application)
    row = row or SectionAnswer(application=application, section=section)
    checked = _check(application, dossier.section(section), typed, row.data, at.date())
    if row.pk is None or row.data != checked.values:
        row.data, row.saved_at, row.saved_by = checked.values, at, by.person
    row.complete, row.revision = not checked.problems, row.revision + 1
    row.save()
    return checked


def _check(
    application: Application,
    each: dossier.Section,
    typed: dict[str, Any],
    kept: dict[str, Any],
    on: datetime.date,
) -> dossier.Checked:
    """Check a section; its closed fields stay as they were kept, and what is wrong with those alone is not asked."""
    closed = closed_fields(application, each)
    typed = typed | {code: kept.get(code) for code in closed}
    values, problems = dossier.check_section(each, typed, policy_of(application).lists, on, closed)
    values |= {code: kept[code] for code in closed & kept.keys()}
    return dossier.Checked(values, {code: says for code, says in problems.items() if code not in closed})


def _require_editable(application: Application) -> None:
    if application.status not in EDITABLE:
        raise DomainError(
            f"这件申报{application.get_status_display()}，已提交的内容不能改；需要修改请等补正通知，或撤回后重报。"
        )


def _require_open_for_correction(application: Application, place: str) -> None:
    """Refuse a slot the list does not name, or a section in which it names nothing."""
    places = open_places(application)
    if places is not None and not any(each == place or each.startswith(f"{place}.") for each in places):
        raise DomainError("补正清单没有列这一项，不能改。只改清单列出的内容，有其他要说明的请写在说明里。")


@transaction.atomic
def attach_file(
    application: Application, *, slot: str, upload: Upload, by: Capacity, at: datetime.datetime
) -> Attachment:
    """Put an accepted upload into a slot of the list of papers. A slot for one file replaces the one it held.

    Raises DomainError for a slot that is not on the list or not open for correction, or a file it holds already.
    """
    application = held(application, seen=None)
    require_operator(application, by)
    _require_editable(application)
    _require_open_for_correction(application, slot)
    document = _slot(application, slot)
    there = application.attachments.filter(slot=slot, removed_at__isnull=True)
    if not document.many:
        there.update(removed_at=at)
    elif twin := there.select_related("upload").filter(upload__sha256=upload.sha256).first():
        names = f"“{upload.original_name}”与已上传的“{twin.upload.original_name}”"
        raise DomainError(f"{names}是同一个文件，没有再收。要补充的，请选另一个文件。")
    return Attachment.objects.create(application=application, slot=slot, upload=upload, added_at=at)


def _slot(application: Application, slot: str) -> RequiredDocument:
    for document in procedure_of(application).uploads():
        if document.slot == slot:
            return document
    raise DomainError("申报材料清单里没有这一项，请按清单上传。")


@transaction.atomic
def detach_file(attachment: Attachment, *, by: Capacity, at: datetime.datetime) -> None:
    """Take a file out of its slot; what was submitted with it before keeps it."""
    application = held(attachment.application, seen=None)
    require_operator(application, by)
    _require_editable(application)
    _require_open_for_correction(application, attachment.slot)
    Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=at)


def answers_of(application: Application) -> dict[str, dict[str, Any]]:
    """Return what is written now, by section."""
    return {row.section: row.data for row in application.answers.all()}


def files_of(application: Application) -> list[dict[str, Any]]:
    """Return the files in their slots now, in the order of the list of papers: slot, name, size, digest, key."""
    order = {document.slot: number for number, document in enumerate(procedure_of(application).documents)}
    there = application.attachments.filter(removed_at__isnull=True).select_related("upload").order_by("pk")
    rows = sorted(there, key=lambda row: order.get(row.slot, len(order)))
    return [
        {
            "slot": row.slot,
            "name": row.upload.original_name,
            "size": row.upload.size,
            "sha256": row.upload.sha256,
            "key": str(row.upload.key),
            "pages": row.upload.pages,
        }
        for row in rows
    ]


def missing(application: Application, *, on: datetime.date) -> dict[str, str]:
    """Return every place that keeps the application from being submitted, with a sentence for each.

    Of a returned one only what the list opened is looked at: the rest was complete when it was filed, and is locked.
    """
    answers = answers_of(application)
    problems: dict[str, str] = {}
    for each in dossier.SECTIONS:
        kept = answers.get(each.code, {})
        checked = _check(application, each, kept, kept, on)
        problems |= {f"{each.code}.{place}": sentence for place, sentence in checked.problems.items()}
    return problems | lacking(application, on)


def _require_complete(application: Application, *, declared: bool, on: datetime.date) -> None:
    if problems := missing(application, on=on):
        raise InvalidInput(f"还有 {len(problems)} 处没有填好，没有提交。", problems)
    if not declared:
        raise InvalidInput("没有提交。", {"declared": "请确认所填内容和材料真实，再提交。"})


@transaction.atomic
def submit_application(
    application: Application,
    *,
    by: Capacity,
    at: datetime.datetime,
    declared: bool,
    replies: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Submission:
    """Hand the dossier in, whole: snapshot, reference, receipt letter, the first desk's work item; or nothing at all.

    `replies` explain items of the correction list, by place. Raises InvalidInput naming every missing place, every
    item of the list neither changed nor explained, or the declaration that is not ticked; DomainError if the call
    closed (a resubmission is due by its own term instead) or the door is shut; StatusMoved on a second click.
    """
    on = at.date()
    application = held(application, seen=seen)
    require_operator(application, by)
    if application.status not in EDITABLE:
        raise stale(application)
    first = application.status == ApplicationStatus.DRAFT
    if first:
        _require_open(_kept_as_it_is(application.call_id), at)
    _require_complete(application, declared=declared, on=on)
    explained = require_answers(application, replies or {})
    verdict = _check_door(application, first=first, on=on)
    submission = _file(application, verdict, explained, by=by, at=at)
    _send_on(application, first=first, by=by, at=at)
    _acknowledge(submission, first=first, by=by, on=on)
    _tell(application, submission, on=on)
    return submission


def _acknowledge(submission: Submission, *, first: bool, by: Capacity, on: datetime.date) -> None:
    """Issue the receipt, and enter the filing in the record."""
    application = submission.application
    submission.receipt = issue_letter(
        letters.receipt(submission),
        about=application,
        at=application.call.jurisdiction,
        by=by,
        on=on,
        operator_id=application.operator_id,
    )
    submission.save(update_fields=["receipt"])
    record(
        "application.submitted" if first else "application.resubmitted",
        application,
        by=by,
        on=on,
        policy=application.policy,
        number=submission.number,
        receipt=submission.receipt.reference,
    )


def _kept_as_it_is(call: int) -> Call:
    """Return the call as it stands, so held that nobody withdraws it before this filing is done; others file beside."""
    return Call.objects.raw("SELECT * FROM applications_call WHERE id = %s FOR SHARE", [call])[0]


def _check_door(application: Application, *, first: bool, on: datetime.date) -> Door:
    answers = answers_of(application)
    if first:
        base = Base.objects.locked(application.base_id)  # a ban served this second must be seen
        return require_open_door(application.call, base, on=on, answers=answers)
    return door(application.call, application.base, on=on, answers=answers, filed=application.first_submitted_on)


def _file(
    application: Application, verdict: Door, replies: list[dict[str, str]], *, by: Capacity, at: datetime.datetime
) -> Submission:
    return Submission.objects.create(
        application=application,
        number=application.submissions.count() + 1,
        submitted_at=at,
        submitted_by=by.person,
        answers=answers_of(application),
        files=files_of(application),
        findings=snapshot(verdict) | {"proven": proof_of(application)},
        replies=replies,
    )


def _send_on(application: Application, *, first: bool, by: Capacity, at: datetime.datetime) -> None:
    """Put the application on the first desk, or back on the desk that returned it."""
    procedure, on = procedure_of(application), at.date()
    stamps: dict[str, Any] = {"submitted_at": at}
    if first:
        _series, number = take_number(application.jurisdiction, REFERENCE_SERIES, on.year)
        stamps |= {
            "reference": f"{REFERENCE_SERIES}-{application.region_code}-{on.year}-{number:04d}",
            "first_submitted_on": on,
        }
        application.reference = stamps["reference"]
        step = procedure.first_step()
    else:
        step = procedure.step(application.returned_from)
        application.corrections.filter(answered_on__isnull=True, lapsed_on__isnull=True).update(answered_on=on)
    enter_step(application, step, by=by, on=on, **stamps)


def _tell(application: Application, submission: Submission, *, on: datetime.date) -> None:
    people = people_representing(application.operator)
    notify(notices.submitted(application, submission), to=people, about=application, on=on)
    if application.desk is not None:
        officers = officers_at(application.desk, Permission.GIVE_OPINION, on)
        notify(notices.arrived(application, submission), to=officers, about=application, on=on)


@transaction.atomic
def withdraw_application(
    application: Application, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Application:
    """Withdraw (撤回): allowed to the operator until the decision; the base may apply again while the call is open."""
    application = held(application, seen=seen)
    require_operator(application, by)
    filed, step = application.status != ApplicationStatus.DRAFT, application.status
    if filed and not reason.strip():
        raise InvalidInput("没有撤回。", {"reason": "请写明撤回原因，办理机关会看到。"})
    leave_step(application, by=by, on=on)
    desk = application.desk
    application.advance(
        ApplicationStatus.WITHDRAWN, desk=None, decided_on=on, due_on=None, due=None, revision=application.revision + 1
    )
    record("application.withdrawn", application, by=by, on=on, step=step, reason=reason.strip())
    if filed:
        issue_letter(
            letters.withdrawal(application),
            about=application,
            at=application.call.jurisdiction,
            by=by,
            on=on,
            operator_id=application.operator_id,
        )
    if desk is not None:
        officers = officers_at(desk, Permission.GIVE_OPINION, on)
        notify(notices.withdrawn(application, reason.strip()), to=officers, about=application, on=on)
    return application
