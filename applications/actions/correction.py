"""One complete list of what is to be corrected (一次性告知): asked once, with the clock paused until it comes back."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_noop

from applications import dossier, letters, notices
from applications.actions.answering import STAMPED
from applications.actions.moving import (
    enter_step,
    held,
    leave_step,
    policy_of,
    procedure_of,
    require_desk,
    stay_began,
)
from applications.actions.papers import proven, proven_at_the_door
from applications.models import Application, CorrectionRequest
from applications.states import REVIEWING, ApplicationStatus, CorrectionKind
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, due
from portal.documents.letters import issue_letter
from portal.documents.wording import in_chinese
from portal.errors import DomainError, InvalidInput
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work, open_work
from portal.worklist.models import WorkItem
from portal.worklist.tasks import overdue_key

OVERDUE = "applications.correction_overdue"
K = CorrectionKind
OPEN_ENDED = frozenset({"text", "long", "many"})  # answers something may be left out of
RUNS_OUT = frozenset({"premises.lease_ends"})
RESTAMP = "盖章页上印着所填内容。所填内容改了以后，请重新打印、盖章、上传；都没有改的，不用重传。"


@transaction.atomic
def return_for_correction(
    application: Application,
    *,
    items: Sequence[dict[str, str]],
    by: Capacity,
    on: datetime.date,
    seen: int | None = None,
) -> CorrectionRequest:
    """Return the application with one complete list (一次性告知); the clock of this step pauses until it comes back.

    `items`: place (`section.field` or a slot), kind (one that `kinds_of` has for it), note. Raises InvalidInput for an
    empty list or an item without place or note, DomainError for a second list at the same step: that one is proposed,
    and sent by the consent of an approver of the same bureau (0157; 行政许可法 32).
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.GIVE_OPINION)
    require_returnable(application)
    items = correction_items(application, items)
    if not items:
        raise InvalidInput("没有退回。", {"items": "补正清单是空的，请勾选要改的内容并写明怎样改。"})
    if asked_here(application):
        raise DomainError("这一环节已经一次性告知过。再次退回要写明理由，送本单位审批岗，本人同意后才发出。")
    return send_list(application, items, asked_by=by.person, by=by, on=on)


def require_returnable(application: Application) -> None:
    """Raise DomainError unless the case stands at a step that may ask for corrections."""
    if application.status not in REVIEWING:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不能退回补正。")


def asked_here(application: Application) -> bool:
    """Whether the present step has told the operator once what to correct: a further list needs consent (0157)."""
    return application.corrections.filter(step=application.status).exists()


def send_list(
    application: Application,
    items: list[dict[str, str]],
    *,
    asked_by: User,
    by: Capacity,
    on: datetime.date,
    again_because: str = "",
    consent_by: User | None = None,
) -> CorrectionRequest:
    """Issue the list as it stands, by its letter, and put it before the operator. Only for acts that may send it."""
    request = list_of(application, items, asked_by=asked_by, again_because=again_because, on=on)
    request.consent_by = consent_by
    request.save()
    leave_step(application, by=by, on=on, did=gettext_noop("退回补正"))
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


@transaction.atomic
def report_overdue_correction(request: CorrectionRequest, *, by: Capacity, on: datetime.date) -> bool:
    """Put a correction whose last day is over before the desk that asked for it, overdue since that day; return whether
    this run did.

    Nothing else happens: until the desk goes on, the operator may still resubmit.
    """
    application = held(request.application, seen=None)
    request = CorrectionRequest.objects.get(pk=request.pk)
    waits = application.status == ApplicationStatus.RETURNED and not (request.answered_on or request.lapsed_on)
    known = WorkItem.objects.waiting().filter(kind=OVERDUE, subject_id=str(application.pk))
    if not waits or on <= request.due_on or application.desk is None or known.exists():
        return False
    item = open_work(
        application,
        OVERDUE,
        task=gettext_noop("补正逾期，按现有材料继续办理"),
        title=application.base.name,
        reference=application.reference or "",
        url=f"/desk/applications/{application.pk}/",
        desk=application.desk,
        permission=Permission.GIVE_OPINION,
        due=Due.from_json(request.term),
        clause=procedure_of(application).correction_workdays.clause,
        policy=application.policy,
        by=by,
        on=on,
    )
    record("application.correction_overdue", application, by=by, on=on, policy=application.policy, due=request.due_on)
    officers = officers_at(application.desk, Permission.GIVE_OPINION, on)
    said = replace(notices.correction_overdue(request), dedupe=overdue_key(item))
    notify(said, to=officers, about=application, on=on)
    return True


@transaction.atomic
def go_on_without_correction(
    application: Application, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Application:
    """Go on with what is on file after the last day of a correction (逾期依据现有材料作出处理), at the step that asked.

    Raises NotAllowed for another desk, DomainError while the operator still has time, InvalidInput without a reason.
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.GIVE_OPINION)
    request = application.corrections.order_by("number").last()
    if application.status != ApplicationStatus.RETURNED or request is None:
        raise DomainError(f"这件申报{application.get_status_display()}，没有等待补正。")
    if on <= request.due_on:
        raise DomainError(f"补正期限到 {request.due_on}（含当日），期满以前不能按现有材料办理。")
    if not reason.strip():
        raise InvalidInput("没有办理。", {"reason": "请写明逾期未补正的情况，申报单位会看到。"})
    request.lapsed_on, request.lapsed_by = on, by.person
    request.save(update_fields=["lapsed_on", "lapsed_by"])
    cancel_work(application, "applications.returned")
    enter_step(application, procedure_of(application).step(request.step), by=by, on=on)
    facts = {"number": request.number, "due": request.due_on, "reason": reason.strip()}
    record("application.correction_lapsed", application, by=by, on=on, policy=application.policy, **facts)
    people = people_representing(application.operator)
    notify(notices.gone_on_without(request, reason.strip()), to=people, about=application, on=on)
    return application


def list_of(
    application: Application, items: list[dict[str, str]], *, asked_by: User, again_because: str = "", on: datetime.date
) -> CorrectionRequest:
    """Return the list as it would be sent on that day, unsaved: what its letter is made from."""
    limit = correction_term(application, on)
    return CorrectionRequest(
        application=application,
        number=application.corrections.count() + 1,
        step=application.status,
        items=items,
        asked_by=asked_by,
        asked_on=on,
        arrived_on=stay_began(application, on),
        due_on=limit.on,
        term=limit.as_json(),
        again_because=again_because.strip(),
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
        task=f"补正 {len(request.listed)} 处，重新提交",
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


def correction_items(application: Application, items: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return the whole list: the items with their labels, and with an answer the stamped page that prints it.

    The page is signed for what the dossier says; a list that left it out could not ask for it again (0156). Raises
    InvalidInput as `_item` does.
    """
    listed = [_item(application, item) for item in items]
    places = {each["place"] for each in listed}
    if STAMPED in places or STAMPED not in places_of(application) or not any("." in place for place in places):
        return listed
    kind = kinds_of(application)[STAMPED][0]
    page = _item(application, {"place": STAMPED, "kind": kind, "note": RESTAMP})
    return [*listed, page | {"follows": "answers"}]


def _item(application: Application, item: dict[str, str]) -> dict[str, str]:
    """Return the item with its label.

    Raises InvalidInput for a place that cannot be asked for (`askable`), a kind that cannot apply to it (`kinds_of`),
    or without what to change.
    """
    place, note, kind = item.get("place", ""), item.get("note", "").strip(), item.get("kind", "incorrect")
    labels = places_of(application)
    if place not in labels:
        raise InvalidInput("没有退回。", {"items": f"申报书里没有“{place}”这一处，请从目录中勾选。"})
    if place not in askable(application):
        raise InvalidInput("没有退回。", {place: f"“{labels[place]}”{_instead(place)}"})
    offered = kinds_of(application)[place]
    if kind not in offered:
        names = "、".join(in_chinese(each.label) for each in offered)
        raise InvalidInput("没有退回。", {place: f"“{labels[place]}”的问题类型只能选：{names}。"})
    if not note:
        raise InvalidInput("没有退回。", {place: f"“{labels[place]}”没有写怎样改，请写明，申报单位照此补正。"})
    return {"place": place, "label": labels[place], "kind": kind, "note": note}


def places_of(application: Application) -> dict[str, str]:
    """Return every place of the dossier an officer may ask to correct, with its label, in the order of the form."""
    policy = policy_of(application)
    labels = {
        f"{each.code}.{field.code}": dossier.called(f"{each.code}.{field.code}")
        for each in dossier.SECTIONS
        for field in dossier.asked(each, policy.lists)
    }
    return labels | {document.slot: document.name for document in policy.procedure(application.title).uploads()}


def askable(application: Application) -> dict[str, str]:
    """Return the places that can be on a list, with their labels: all of `places_of` but what nobody can change.

    That is what follows from other answers, and a paper nobody filed because the register proves it.
    """
    filed = application.submissions.order_by("-number").first()
    on = application.first_submitted_on or application.started_on
    proof = proven(application).keys() | proven_at_the_door(application.call, on)
    exempt = proof - {row["slot"] for row in (filed.files if filed else [])}
    return {place: label for place, label in places_of(application).items() if not (place in exempt or derived(place))}


def derived(place: str) -> bool:
    """Whether a place follows from other answers and is never typed."""
    section, dot, code = place.partition(".")
    return bool(dot) and dossier.section(section).field(code).derived


def _instead(place: str) -> str:
    """Return why a place cannot be on a list, and what to tick instead."""
    if derived(place):
        names = "、".join(map(dossier.called, dossier.fields_with(place)))
        return f"由系统算出，不能单独改，请勾选它所依据的：{names}。"
    return "名册里已经登记，申报单位不用交，请不要勾选。"


def kinds_of(application: Application) -> dict[str, tuple[CorrectionKind, ...]]:
    """Return what may be wrong at each place an officer may ask to correct: what was never filed can only be missing.

    An answer in words or a choice of several can be incomplete; the end of a lease, or a paper, can have run out.
    """
    filed = application.submissions.order_by("-number").first()
    answers, slots = (filed.answers, {row["slot"] for row in filed.files}) if filed else ({}, set())
    found: dict[str, tuple[CorrectionKind, ...]] = {}
    for place in places_of(application):
        section, dot, code = place.partition(".")
        held = answers.get(section, {}).get(code) not in (None, "", []) if dot else place in slots
        found[place] = (_kinds_of_answer(place) if dot else tuple(K)) if held else (K.MISSING,)
    return found


def _kinds_of_answer(place: str) -> tuple[CorrectionKind, ...]:
    section, _dot, code = place.partition(".")
    if place in RUNS_OUT:
        return K.INCORRECT, K.OUTDATED
    open_ended = dossier.section(section).field(code).kind in OPEN_ENDED
    return (K.INCORRECT, K.INCOMPLETE) if open_ended else (K.INCORRECT,)
