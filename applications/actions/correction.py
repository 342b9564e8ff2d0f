"""One complete list of what is to be corrected (一次性告知): asked once, with the clock paused until it comes back."""

import datetime
from collections.abc import Sequence

from django.db import transaction

from applications import dossier, letters, notices
from applications.actions.moving import held, leave_step, policy_of, procedure_of, require_desk
from applications.actions.review import OPINION_STEPS
from applications.models import Application, CorrectionRequest
from applications.states import ApplicationStatus
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, due
from portal.documents.letters import issue_letter
from portal.errors import DomainError, InvalidInput
from portal.notifications.notify import notify
from portal.worklist.items import open_work

RETURNING_STEPS = OPINION_STEPS | {ApplicationStatus.SITE_VISIT}
CORRECTION_KINDS = {"incorrect": "有误", "incomplete": "不全", "outdated": "已过期"}


@transaction.atomic
def return_for_correction(
    application: Application,
    *,
    items: Sequence[dict[str, str]],
    by: Capacity,
    on: datetime.date,
    again_because: str = "",
    consent_by: User | None = None,
    seen: int | None = None,
) -> CorrectionRequest:
    """Return the application with one complete list (一次性告知); the clock of this step pauses until it comes back.

    `items`: place (`section.field` or a slot), kind (incorrect, incomplete, outdated), note. Raises InvalidInput for an
    empty list or an item without place or note; for a second list at the same step, a reason and the consent of an
    approver of the same bureau are needed (行政许可法 32).
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.GIVE_OPINION)
    if application.status not in RETURNING_STEPS:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不能退回补正。")
    items = [correction_item(application, item) for item in items]
    if not items:
        raise InvalidInput("没有退回。", {"items": "补正清单是空的，请勾选要改的内容并写明怎样改。"})
    earlier = application.corrections.filter(step=application.status).exists()
    if earlier:
        _require_consent(application, again_because, consent_by, on)
    request = _write(application, items, again_because, consent_by, by=by, on=on)
    leave_step(application, by=by, on=on)
    application.advance(
        ApplicationStatus.RETURNED,
        returned_from=request.step,
        due_on=request.due_on,
        due=request.term,
        revision=application.revision + 1,
    )
    _issue(request, by=by, on=on)
    _put_before_operator(request, by=by, on=on)
    notify(notices.returned(request), to=people_representing(application.operator), about=application, on=on)
    return request


def _write(
    application: Application,
    items: list[dict[str, str]],
    again_because: str,
    consent_by: User | None,
    *,
    by: Capacity,
    on: datetime.date,
) -> CorrectionRequest:
    limit = correction_term(application, on)
    return CorrectionRequest.objects.create(
        application=application,
        number=application.corrections.count() + 1,
        step=application.status,
        items=items,
        asked_by=by.person,
        asked_on=on,
        arrived_on=application.arrived_on or on,
        due_on=limit.on,
        term=limit.as_json(),
        again_because=again_because.strip(),
        consent_by=consent_by,
    )


def _issue(request: CorrectionRequest, *, by: Capacity, on: datetime.date) -> None:
    application = request.application
    draft = letters.correction(request)
    reader = application.operator_id
    request.letter = issue_letter(draft, about=application, at=by.jurisdiction, by=by, on=on, operator_id=reader)
    request.save(update_fields=["letter"])
    facts = {"step": request.step, "places": [item["place"] for item in request.items], "due_on": request.due_on}
    reference = request.letter.reference
    record("application.returned", application, by=by, on=on, policy=application.policy, letter=reference, **facts)


def _put_before_operator(request: CorrectionRequest, *, by: Capacity, on: datetime.date) -> None:
    application = request.application
    open_work(
        application,
        "applications.returned",
        task=f"补正 {len(request.items)} 处，重新提交",
        title=application.base.name,
        reference=application.reference or "",
        url=f"/my/applications/{application.pk}/",
        operator_id=application.operator_id,
        due=Due.from_json(request.term),
        clause=procedure_of(application).correction_workdays.clause,
        policy=application.policy,
        by=by,
        on=on,
    )


def correction_term(application: Application, on: datetime.date) -> Due:
    """Return until when the operator corrects what is returned on that day."""
    days = procedure_of(application).correction_workdays.value
    return due(on, days, "workday", calendar_for(application.jurisdiction))


def correction_item(application: Application, item: dict[str, str]) -> dict[str, str]:
    """Return the item with its label. Raises InvalidInput for a strange place or kind, or without what to change."""
    place, note, kind = item.get("place", ""), item.get("note", "").strip(), item.get("kind", "incorrect")
    labels = places_of(application)
    if place not in labels:
        raise InvalidInput("没有退回。", {"items": f"申报书里没有“{place}”这一处，请从目录中勾选。"})
    if kind not in CORRECTION_KINDS:
        raise InvalidInput("没有退回。", {place: "请选择问题类型：有误、不全或已过期。"})
    if not note:
        raise InvalidInput("没有退回。", {place: f"“{labels[place]}”没有写怎样改，请写明，申报单位照此补正。"})
    return {"place": place, "label": labels[place], "kind": kind, "note": note}


def places_of(application: Application) -> dict[str, str]:
    """Return every place of the dossier an officer may ask to correct, with its label, in the order of the form."""
    policy = policy_of(application)
    labels = {
        f"{each.code}.{field.code}": field.label
        for each in dossier.SECTIONS
        for field in dossier.asked(each, policy.lists)
    }
    return labels | {document.slot: document.name for document in policy.procedure(application.title).uploads()}


def _require_consent(application: Application, again_because: str, consent_by: User | None, on: datetime.date) -> None:
    if not again_because.strip():
        raise InvalidInput(
            "没有退回。", {"again_because": "这一环节已经一次性告知过。再次退回要写明上次为什么没有发现。"}
        )
    heads = officers_at(application.desk, Permission.APPROVE, on) if application.desk else []
    if consent_by is None or consent_by.pk not in {head.pk for head in heads}:
        raise InvalidInput("没有退回。", {"consent_by": "再次退回须经本单位审批岗同意，请选择同意的负责人。"})
