"""A further list at a step that was told once for all: proposed by one, sent when an approver consents (0157)."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from applications import notices
from applications.actions.correction import asked_here, correction_items, require_returnable, send_list
from applications.actions.moving import (
    CORRECTED,
    consent_kind,
    held,
    procedure_of,
    put_on_desk,
    require_desk,
    require_nothing_proposed,
    stale,
)
from applications.models import Application, CorrectionProposal, CorrectionRequest
from applications.states import ApplicationStatus, ProposalStatus
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership, User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission, roles_with
from portal.audit.recording import record
from portal.deadlines.terms import Due
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem, WorkState


def may_consent(application: Application, by: Capacity, on: datetime.date) -> list[User]:
    """Return who may be asked to consent to a further list of that officer: the approvers of the desk, without the
    officer's own hands (a second post, a stand-in). Stand-ins are not asked by name: they answer for the holder.
    """
    posts = Membership.objects.in_force(on).filter(
        jurisdiction=application.desk, role__in=roles_with(Permission.APPROVE)
    )
    return list(
        User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(pk__in=by.people).order_by("pk")
    )


def may_answer(proposal: CorrectionProposal, by: Capacity, on: datetime.date) -> bool:
    """Whether that officer may agree to a waiting list or decline it: the approver asked, or their stand-in; any other
    approver of the desk once the one asked may not any more. Never who drew it up.
    """
    here = by.may(Permission.APPROVE) and proposal.application.desk_id == by.jurisdiction.pk
    if not here or proposal.proposed_by_id in by.people:
        return False
    return proposal.asked_of_id in by.people or asked_has_left(proposal, on)


def asked_has_left(proposal: CorrectionProposal, on: datetime.date) -> bool:
    """Whether who was asked is no approver of the desk any more (post ended, account closed), so that others answer."""
    desk = proposal.application.desk
    return desk is not None and proposal.asked_of not in officers_at(desk, Permission.APPROVE, on)


@transaction.atomic
def propose_correction(
    application: Application,
    *,
    items: Sequence[dict[str, str]],
    because: str,
    asked_of: User | None,
    by: Capacity,
    on: datetime.date,
    seen: int | None = None,
) -> CorrectionProposal:
    """Put a further list of this step before an approver of the bureau, who sends it or not (行政许可法 32).

    Nothing goes to the operator and the clock runs on; the step waits for the answer. Raises InvalidInput for an empty
    list, without a reason or an approver, DomainError where nothing was asked before or a list is waiting already.
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.GIVE_OPINION)
    require_returnable(application)
    items = correction_items(application, items)
    _require_proposal(application, items, because, asked_of, by=by, on=on)
    assert asked_of is not None
    proposal = CorrectionProposal.objects.create(
        application=application,
        revision=application.revision,
        step=application.status,
        items=items,
        because=because.strip(),
        proposed_by=by.person,
        proposed_as=by.title_on_record,
        proposed_on=on,
        asked_of=asked_of,
    )
    _put_before_approver(proposal, by=by, on=on)
    _record(proposal, "application.correction_proposed", by=by, on=on, to=asked_of.pk, reason=proposal.because)
    notify(notices.consent_asked(proposal), to=[asked_of], about=application, on=on)
    return proposal


@transaction.atomic
def agree_to_correction(proposal: CorrectionProposal, *, by: Capacity, on: datetime.date) -> CorrectionRequest:
    """Consent to a further list: the approver's own act issues the letter, in the name of who drew the list up.

    Raises NotAllowed for anybody else than may answer (`may_answer`), StatusMoved once it is closed or the case moved.
    """
    proposal = _held(proposal)
    application = proposal.application
    _require_approver(proposal, by, on)
    _close(proposal, ProposalStatus.AGREED, by=by, on=on)
    close_work(application, consent_kind(application), by=by, on=on)
    facts = {"person": proposal.proposed_by_id, "reason": proposal.because}
    _record(proposal, "application.correction_agreed", by=by, on=on, **facts)
    who = {"asked_by": proposal.proposed_by, "consent_by": by.person}
    request = send_list(application, proposal.items, again_because=proposal.because, **who, by=by, on=on)
    notify(notices.consent_given(proposal, request), to=[proposal.proposed_by], about=application, on=on)
    return request


@transaction.atomic
def decline_correction(
    proposal: CorrectionProposal, *, reason: str, by: Capacity, on: datetime.date
) -> CorrectionProposal:
    """Refuse the consent, with a reason: nothing is sent, and the step goes on with what is on file.

    Raises NotAllowed and StatusMoved as for the consent, InvalidInput without a reason.
    """
    proposal = _held(proposal)
    _require_approver(proposal, by, on)
    if not reason.strip():
        raise InvalidInput("没有办理。", {"reason": "请写明为什么不同意再次补正，经办人照此继续办理。"})
    _close(proposal, ProposalStatus.DECLINED, by=by, on=on, reason=reason.strip())
    close_work(proposal.application, consent_kind(proposal.application), by=by, on=on)
    _give_back(proposal, by=by, on=on)
    _record(proposal, "application.correction_declined", by=by, on=on, reason=reason.strip())
    notify(notices.consent_refused(proposal), to=[proposal.proposed_by], about=proposal.application, on=on)
    return proposal


@transaction.atomic
def take_back_proposal(proposal: CorrectionProposal, *, by: Capacity, on: datetime.date) -> CorrectionProposal:
    """Take a further list back before the approver answered; every officer of the step at that desk may.

    Raises NotAllowed for other desks and posts, StatusMoved once it is closed or the case moved.
    """
    proposal = _held(proposal)
    require_desk(proposal.application, by, Permission.GIVE_OPINION)
    _close(proposal, ProposalStatus.TAKEN_BACK, by=by, on=on)
    cancel_work(proposal.application, consent_kind(proposal.application))
    _give_back(proposal, by=by, on=on)
    _record(proposal, "application.correction_taken_back", by=by, on=on)
    notify(notices.consent_spared(proposal), to=[proposal.asked_of], about=proposal.application, on=on)
    return proposal


def _require_proposal(
    application: Application,
    items: Sequence[dict[str, str]],
    because: str,
    asked_of: User | None,
    *,
    by: Capacity,
    on: datetime.date,
) -> None:
    require_nothing_proposed(application)
    if not asked_here(application):
        raise DomainError("这一环节还没有告知过补正，可以直接发出补正告知书，不用审批岗同意。")
    if not items:
        raise InvalidInput("没有送出。", {"items": "补正清单是空的，请勾选要改的内容并写明怎样改。"})
    if not because.strip():
        raise InvalidInput(
            "没有送出。", {"again_because": "这一环节已经一次性告知过。再次退回要写明上次为什么没有发现。"}
        )
    heads = may_consent(application, by, on)
    if not heads:
        raise InvalidInput("没有送出。", {"asked_of": "本单位现在没有可以同意的审批岗人员，不能再次退回。"})
    if asked_of is None or asked_of.pk not in {head.pk for head in heads}:
        raise InvalidInput("没有送出。", {"asked_of": "再次退回须经本单位另一位审批岗人员本人同意，请从名单中选择。"})


def _put_before_approver(proposal: CorrectionProposal, *, by: Capacity, on: datetime.date) -> None:
    """Take the step off the desk's list and enter the consent instead, with the same day: the clock runs on."""
    application = proposal.application
    step, did = f"applications.{application.status}", gettext_noop("送审批岗同意再次补正")
    close_work(application, step, by=by, on=on, did=did)
    open_work(
        application,
        consent_kind(application),
        task=gettext_noop("看过再次补正清单，同意或者不同意"),
        title=application.base.name,
        reference=application.reference or "",
        url=f"/desk/correction-proposals/{proposal.pk}/",
        desk=application.desk,
        permission=Permission.APPROVE,
        assignee=proposal.asked_of,
        due=application.limit,
        clause=procedure_of(application).step(proposal.step).workdays.clause,
        policy=application.policy,
        by=by,
        on=on,
    )


def _give_back(proposal: CorrectionProposal, *, by: Capacity, on: datetime.date) -> None:
    """Put the step on the list again of who had it, else of the whole desk, with the day it had."""
    application = proposal.application
    assert application.desk is not None
    assert application.due is not None
    item = put_on_desk(
        application,
        task=CORRECTED[ApplicationStatus(application.status)],
        desk=application.desk,
        limit=Due.from_json(application.due),
        clause=procedure_of(application).step(proposal.step).workdays.clause,
        by=by,
        on=on,
    )
    same = WorkItem.objects.filter(subject_type=item.subject_type, subject_id=item.subject_id, kind=item.kind)
    closed = same.filter(desk=application.desk, state=WorkState.DONE).order_by("pk").last()  # for the consent
    if closed and closed.assignee in officers_at(application.desk, item.permission, on):
        item.assignee, item.handed_by = closed.assignee, closed.handed_by
        item.save(update_fields=["assignee", "handed_by"])


def _held(proposal: CorrectionProposal) -> CorrectionProposal:
    """Return the proposal and its case, locked. Raises StatusMoved once it is closed or the case has moved."""
    application = held(proposal.application, seen=None)
    proposal = CorrectionProposal.objects.get(pk=proposal.pk)
    proposal.application = application
    if proposal.status in {ProposalStatus.WAITING, ProposalStatus.OVERTAKEN}:
        if application.revision != proposal.revision:
            raise stale(application)
        return proposal
    what, who = proposal.get_status_display(), str(proposal.closed_by)
    raise StatusMoved(f"这份清单{who}于 {proposal.closed_on} 办过了：{what}。您的操作没有生效。", by_whom=who)


def _require_approver(proposal: CorrectionProposal, by: Capacity, on: datetime.date) -> None:
    require_desk(proposal.application, by, Permission.APPROVE)
    if proposal.proposed_by_id in by.people:
        raise NotAllowed("这份清单是您自己送的，须由本单位另一位审批岗人员办理。")
    if not may_answer(proposal, by, on):
        raise NotAllowed(f"这份清单送的是{proposal.asked_of}，由本人或其代办人办理。改送他人的，请经办人撤回后重新送。")


def _close(proposal: CorrectionProposal, status: str, *, by: Capacity, on: datetime.date, reason: str = "") -> None:
    proposal.advance(status, closed_by=by.person, closed_on=on, reason=reason)


def _record(proposal: CorrectionProposal, verb: str, *, by: Capacity, on: datetime.date, **facts: object) -> None:
    application = proposal.application
    facts = {"step": proposal.step, "places": [item["place"] for item in proposal.items], **facts}
    record(verb, application, by=by, on=on, policy=application.policy, **facts)
