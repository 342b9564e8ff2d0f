"""What every act of a revocation shares: hold it, its law, its desk, its clock, the register as the rules see it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from bases.models import Base, Revocation
from bases.rules import BasePolicy, GroundPolicy, Register, RevocationPolicy, Tenure, revocable
from bases.states import RevocationStatus as R
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import timeline
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, due
from portal.documents.letters import Draft, issue_letter
from portal.documents.models import Letter
from portal.documents.service import service_of
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.policies.loader import pack_of
from portal.policies.schema import Value
from portal.web.dates import minute
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem

TASKS = {
    R.OPENED: ("bases.revocation_notice", gettext_noop("写明事实和证据，制发撤销事先告知书")),
    R.NOTICE_ISSUED: ("bases.revocation_service", gettext_noop("送达撤销事先告知书，登记送达凭证")),
    R.DEFENCE: ("bases.revocation_weighing", gettext_noop("陈述申辩期满后，写出复核意见")),
    R.WEIGHED: ("bases.revocation_decision", gettext_noop("决定撤销，或终结程序")),
    R.DECIDED: ("bases.revocation_decision_service", gettext_noop("送达撤销决定书，登记送达凭证")),
}
RECEIPT = "bases.revocation_receipt"
HEARING = "bases.revocation_hearing"
HEARING_RECEIPT = "bases.revocation_hearing_receipt"
PLAQUE = "bases.plaque_recovery"
BASIS = "bases.revocation_basis"


_NOTICE, _WEIGHING, _DECISION = "notice_workdays", "weighing_workdays", "decision_workdays"
_COUNTED = {
    R.OPENED: _NOTICE,
    R.NOTICE_ISSUED: _NOTICE,
    R.DEFENCE: _WEIGHING,
    R.WEIGHED: _DECISION,
    R.DECIDED: _DECISION,
}
COUNTED_FROM = {
    **{kind: _COUNTED[status] for status, (kind, _task) in TASKS.items()},
    RECEIPT: "defence_workdays",  # the only thing it has a term for: until when the holder may speak
    HEARING: _WEIGHING,  # its day is that of the opinion, which is counted after it
    PLAQUE: "plaque_workdays",
}


@dataclass(frozen=True)
class Law:
    """What the proceedings rest on: the pack of the day they were opened, and the register as it stands now."""

    section: BasePolicy
    policy: RevocationPolicy
    ground: GroundPolicy
    register: Register
    tenure: Tenure


def law_of(revocation: Revocation) -> Law:
    """Return the law of the proceedings and the register of the base. Raises Unlawful if the pack revokes nothing."""
    section = pack_of(revocation.policy, on=revocation.opened_on).section(BasePolicy)
    register = revocation.base.register(section)
    policy, tenure = revocable(register, section.title(revocation.certification.title))
    return Law(section, policy, policy.ground(revocation.ground), register, tenure)


def term_of(policy: RevocationPolicy, item: WorkItem, status: str) -> Value[Any] | None:
    """Return the value of the pack that the term of a work item is counted from, None where nothing is counted.

    Whether to go on without a basis has no term of its own: it is asked within that of the step the case stands at.
    """
    name = _COUNTED.get(R(status)) if item.kind == BASIS else COUNTED_FROM.get(item.kind)
    found: Value[Any] | None = getattr(policy, name) if name and item.due_on else None
    return found


def held(revocation: Revocation, *, seen: int | None = None) -> Revocation:
    """Return the proceedings, with their base held first: all that counts on a base is decided one after the other.

    Raises StatusMoved if they changed since revision `seen` was shown.
    """
    Base.objects.locked(revocation.base_id)
    related = ("base__operator", "base__jurisdiction", "certification", "decider", "operator", "jurisdiction", "ban")
    locked = Revocation.objects.select_for_update(of=("self",)).select_related(*related).get(pk=revocation.pk)
    if seen is not None and locked.revision != seen:
        raise _moved(locked)
    return locked


def _moved(revocation: Revocation) -> StatusMoved:
    last = timeline(revocation).last()
    who, when = (last.actor_label, minute(last.moment)) if last else ("", "")
    now = revocation.get_status_display()
    said = f"{revocation}在您打开之后已由{who or '他人'}办理，现为“{now}”。请刷新查看。"
    return StatusMoved(said, by_whom=who, when=when, by_id=last.actor_id if last else None)


def require_decider(revocation: Revocation, by: Capacity, permission: str) -> None:
    """Raise NotAllowed unless the officer holds the permission at the very bureau that decides."""
    if by.kind != "officer" or not by.may(permission) or by.jurisdiction.pk != revocation.decider_id:
        raise NotAllowed(f"这一步由{revocation.decider.name}的{_post(permission)}办理。")


def _post(permission: str) -> str:
    return "审批岗" if permission == Permission.DECIDE_REVOCATION else "经办岗"


def require_status(revocation: Revocation, *expected: R) -> None:
    """Raise DomainError unless the proceedings stand at one of these steps."""
    if revocation.status not in expected:
        names = "、".join(f"“{status.label}”" for status in expected)
        raise DomainError(f"{revocation}现为“{revocation.get_status_display()}”，这一步只能在{names}时办理。")


def waiting_paper(revocation: Revocation) -> Letter | None:
    """Return the paper that waits to be served, None while none does."""
    if revocation.status == R.DEFENCE:
        notified = revocation.hearing_letter
        return notified if service_of(notified) is None else None
    return {R.NOTICE_ISSUED: revocation.notice, R.DECIDED: revocation.decision}.get(R(revocation.status))


def require_latest(revocation: Revocation) -> None:
    """Raise DomainError if the title was certified anew since: what came before bears on nothing that follows."""
    title = revocation.certification.title
    latest = revocation.base.certifications.filter(title=title).order_by("certified_on", "pk").last()
    if latest is not None and latest.pk != revocation.certification_id:
        raise DomainError(f"这一称号已于 {latest.certified_on} 重新认定，{revocation}不能再办理这一步。")


def require_ground(revocation: Revocation, on: datetime.date) -> None:
    """Raise DomainError unless the ground is met as the facts stand now: a notice rests on nothing that fell away.

    Who knows the facts of a ground stands above the register; the setting GROUND_CHECKS names their functions. A ground
    that nobody there knows (整改后仍未达标) was met by the act that opened the proceedings.
    """
    require_latest(revocation)
    for path in settings.GROUND_CHECKS:
        answer = import_string(path)(revocation.base, revocation.certification, revocation.ground, on)
        if answer is None and revocation.ground != "rectification_failed":
            raise DomainError("撤销事由现在已不成立（认定被推翻、更正或属同一事实），不能告知。系统将终止这件程序。")


def conclusions_of(revocation: Revocation) -> dict[str, str]:
    """Return what was found of each complaint that the proceedings rest on, by its number; see CONCLUSIONS."""
    numbers, found = [row["complaint"] for row in revocation.counted], {}
    for path in settings.CONCLUSIONS if numbers else ():
        found.update(import_string(path)(revocation.base, numbers))
    return found


def require_nameless(revocation: Revocation, refusal: str, *, by: Capacity, **texts: str) -> None:
    """Raise InvalidInput if a text that the holder or the trail gets holds a trait of somebody who complained.

    `texts` is by field; `refusal` says what was not done. Who complained is known above the register; the setting
    TRAIT_CHECKS names the functions that compare.
    """
    checks = [import_string(path) for path in settings.TRAIT_CHECKS]
    problems = {}
    for field, text in texts.items():
        kinds = "、".join(kind for check in checks for kind in check(revocation.base, text, by))
        if kinds:
            problems[field] = f"文字里有投诉人的{kinds}，对方会看到，请删去后再办理。"
    if problems:
        raise InvalidInput(refusal, problems)


def workdays(revocation: Revocation, on: datetime.date, length: int) -> Due:
    """Return a term of so many working days after an event, by the calendar of the place of the base."""
    return due(on, length, "workday", calendar_for(revocation.jurisdiction))


def move(
    revocation: Revocation, status: R, *, by: Capacity, on: datetime.date, limit: Due | None = None, **stamps: Any
) -> None:
    """Move the proceedings to a step: status, due date and the item on the desk's list, all at once."""
    leave(revocation, by=by, on=on)
    clock = {"due_on": limit.on if limit else None, "due": limit.as_json() if limit else None}
    revocation.advance(status, revision=revocation.revision + 1, **clock, **stamps)
    if status in TASKS:
        put_on_desk(revocation, limit, by=by, on=on)


def put_on_desk(revocation: Revocation, limit: Due | None, *, by: Capacity, on: datetime.date) -> None:
    """Enter what is to be done now on the list of the bureau that decides."""
    kind, task = TASKS[R(revocation.status)]
    decides = revocation.status == R.WEIGHED
    open_work(
        revocation,
        kind,
        task=task,
        title=revocation.base.name,
        reference=revocation.number,
        url=f"/desk/revocations/{revocation.pk}/",
        desk=revocation.decider,
        permission=Permission.DECIDE_REVOCATION if decides else Permission.PREPARE_REVOCATION,
        due=limit,
        clause=revocation.clause,
        policy=revocation.policy,
        by=by,
        on=on,
    )


def put_before_operator(
    revocation: Revocation, task: str, limit: Due | None, *, by: Capacity, on: datetime.date, kind: str = RECEIPT
) -> None:
    """Enter what the operator is to do: sign for a paper, or say what it has to say."""
    open_work(
        revocation,
        kind,
        task=task,
        title=revocation.base.name,
        reference=revocation.number,
        url=f"/my/revocations/{revocation.pk}/",
        operator_id=revocation.operator_id,
        due=limit,
        clause=revocation.clause,
        policy=revocation.policy,
        by=by,
        on=on,
    )


def put_lost_basis_on_desk(revocation: Revocation, *, by: Capacity, on: datetime.date) -> None:
    """Ask who decides whether to close what rests on a complaint that was overturned; the next step answers it.

    The law does not stop proceedings of which the holder was told (0208): they are closed, or go on for a reason.
    """
    cancel_work(revocation, BASIS)
    open_work(
        revocation,
        BASIS,
        task=gettext_noop("据以立案的投诉被推翻：终结程序，或写明理由继续办理"),
        title=revocation.base.name,
        reference=revocation.number,
        url=f"/desk/revocations/{revocation.pk}/",
        desk=revocation.decider,
        permission=Permission.DECIDE_REVOCATION,
        due=revocation.limit,
        clause=revocation.clause,
        policy=revocation.policy,
        by=by,
        on=on,
    )


def leave(revocation: Revocation, *, by: Capacity, on: datetime.date) -> None:
    """Take the proceedings off every list: done, or withdrawn when no officer did it."""
    if by.kind == "officer":
        for kind in (RECEIPT, HEARING, HEARING_RECEIPT):
            cancel_work(revocation, kind)
        close_work(revocation, by=by, on=on)
    else:
        cancel_work(revocation)


def issue(revocation: Revocation, draft: Draft, *, by: Capacity, on: datetime.date) -> Letter:
    """Issue a letter of the proceedings by the bureau that decides, to the holder."""
    return issue_letter(
        draft, about=revocation, at=revocation.decider, by=by, on=on, operator_id=revocation.operator_id
    )


def holders(revocation: Revocation) -> list[User]:
    """Return the people of the operator whose title is in question."""
    return people_representing(revocation.operator)


def hands(revocation: Revocation) -> frozenset[int]:
    """Return who found the facts, wrote the notice or weighed the defence, absent officers included: none decides."""
    found = {*revocation.verified_by.values_list("pk", flat=True), revocation.notice_by_id, revocation.weighed_by_id}
    return frozenset(pk for pk in found if pk is not None)
