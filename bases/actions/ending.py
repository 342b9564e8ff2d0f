"""How proceedings end without a revocation, or a revocation is undone (事由不再成立、终结、复议或判决撤销)."""

import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from bases import letters, notices
from bases.actions.proceedings import (
    PLAQUE,
    RECEIPT,
    hands,
    held,
    holders,
    issue,
    law_of,
    move,
    require_decider,
    require_latest,
    require_nameless,
    require_status,
)
from bases.models import Revocation
from bases.rules import close_proceedings, set_aside
from bases.states import AFTER_NOTICE, BEFORE_NOTICE
from bases.states import RevocationStatus as R
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.letters import agency_of, withdraw_letter
from portal.documents.models import Letter
from portal.errors import InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.worklist.items import cancel_work

SHORTEST = 10  # characters of a reason


@transaction.atomic
def lapse_revocation(revocation: Revocation, *, because: str, by: Capacity, on: datetime.date) -> Revocation:
    """End proceedings whose ground fell away before the notice was served (事由不再成立): nothing is spent by it.

    A notice that was issued is void, and the holder, who was asked to sign for it, is told.
    """
    revocation = held(revocation)
    require_status(revocation, *sorted(BEFORE_NOTICE))
    if revocation.notice is not None:
        withdraw_letter(revocation.notice, because=because, by=by, on=on)
        notify(notices.revocation_lapsed(revocation), to=holders(revocation), about=revocation, on=on)
    _end(revocation, R.LAPSED, because, by=by, on=on)
    record("revocation.lapsed", revocation, by=by, on=on, policy=revocation.policy, because=because)
    return revocation


@transaction.atomic
def close_revocation(
    revocation: Revocation, *, because: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Letter:
    """End the proceedings without a revocation (终结), also after the decision: what stood before stands, the ground is
    spent. Raises NotAllowed for another bureau or a hand in the case, InvalidInput without a reason, DomainError before
    the notice is served.
    """
    revocation = held(revocation, seen=seen)
    require_decider(revocation, by, Permission.DECIDE_REVOCATION)
    require_status(revocation, *sorted(AFTER_NOTICE))
    if by.people & hands(revocation):
        raise NotAllowed("您参加过这件投诉的核实或撤销的办理，请由另一位审批人员决定。")
    if len(because.strip()) < SHORTEST:
        raise InvalidInput("没有终结。", {"because": "请写明不予撤销的事实和理由，至少 10 个字，会写进通知书。"})
    require_nameless(revocation, "没有终结。", by=by, because=because)
    law = law_of(revocation)
    close_proceedings(law.tenure, law.ground)
    revocation.ended_because = because.strip()
    if revocation.decision is not None:  # it was not served: nobody may sign for it, and an announcement of it ends
        withdraw_letter(revocation.decision, because="程序终结，不予撤销", by=by, on=on)
    letter = issue(revocation, letters.closing(revocation), by=by, on=on)
    revocation.certification.advance(revocation.certification.underlying)
    _end(revocation, R.CLOSED, because, by=by, on=on, ended_letter=letter)
    record("revocation.closed", revocation, by=by, on=on, policy=revocation.policy, because=because.strip())
    notify(notices.revocation_closed(revocation), to=holders(revocation), about=revocation, on=on)
    _look_for_other_grounds()
    return letter


@transaction.atomic
def set_aside_revocation(
    revocation: Revocation, *, authority: str, because: str, by: Capacity, on: datetime.date
) -> Letter:
    """Undo a revocation that reconsideration or a court annulled: the title is what it was, the ban never was.

    Raises InvalidInput without authority or reason, Unlawful where the title was certified anew since.
    """
    revocation = held(revocation)
    require_decider(revocation, by, Permission.DECIDE_REVOCATION)
    require_status(revocation, R.REVOKED)
    problems = {}
    if not authority.strip():
        problems["authority"] = "请写明由谁撤销：复议机关或法院的全称；本机关自行撤销的，写“本机关”。"
    if not because.strip():
        problems["because"] = "请写明复议决定书、判决书的文号和理由；自行撤销的，写明纠正的理由。"
    if problems:
        raise InvalidInput("没有登记。", problems)
    require_nameless(revocation, "没有登记。", by=by, because=because)
    require_latest(revocation)
    law = law_of(revocation)
    set_aside(law.register, law.tenure, law.ground)
    revocation.authority, revocation.ended_because = _in_full(revocation, authority.strip()), because.strip()
    letter = issue(revocation, letters.reversal(revocation), by=by, on=on)
    _restore(revocation)
    _leave_plaque(revocation, by=by, on=on)
    _end(revocation, R.SET_ASIDE, because, by=by, on=on, ended_letter=letter, authority=revocation.authority)
    record("revocation.set_aside", revocation, by=by, on=on, policy=revocation.policy, authority=revocation.authority)
    notify(notices.revocation_set_aside(revocation), to=holders(revocation), about=revocation, on=on)
    _look_for_other_grounds()
    return letter


def _in_full(revocation: Revocation, authority: str) -> str:
    """Return who undid the decision by its full name: what everybody reads does not say "this bureau"."""
    decider = revocation.decider
    return agency_of(decider).name if authority in letters.own_names(decider) else authority


def _leave_plaque(revocation: Revocation, *, by: Capacity, on: datetime.date) -> None:
    """Demand nothing back any more: a letter that did is void, unless it was followed or voided before."""
    paper = revocation.plaque_letter
    if paper is not None and paper.voided_on is None and revocation.plaque_recovered_on is None:
        withdraw_letter(paper, because="撤销决定已被撤销，不用交回", by=by, on=on)
    cancel_work(revocation, PLAQUE)


def _restore(revocation: Revocation) -> None:
    certification, ban = revocation.certification, revocation.ban
    before = certification.stood_as or "certified"
    ended = {} if before in {"surrendered", "not_renewed"} else {"ended_on": None}
    certification.advance(before, **ended)
    if ban is not None:
        ban.lifted_on, ban.lifted_because = ban.starts_on, revocation.ended_because[:200]
        ban.save(update_fields=["lifted_on", "lifted_because"])


def _end(revocation: Revocation, status: R, because: str, *, by: Capacity, on: datetime.date, **stamps: Any) -> None:
    ended: dict[str, Any] = {
        "ended_on": on,
        "ended_at": timezone.localtime(),
        "ended_because": because.strip(),
        "ended_by": by.user,
    }
    move(revocation, status, by=by, on=on, **ended, **stamps)
    cancel_work(revocation, RECEIPT)


def _look_for_other_grounds() -> None:
    """Other grounds may be met that waited for these proceedings to end; the daily job looks too, if this is lost."""
    transaction.on_commit(
        lambda: current_app.send_task("complaints.tasks.open_what_is_met_now", retry=False), robust=True
    )
