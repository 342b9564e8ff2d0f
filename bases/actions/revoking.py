"""Revocation (撤销), step by step: opened, notice, service, defence, weighed, decided, served; or not (see `ending`).

Each step asks for proof of the one before, and the rules of `bases.rules` decide on the register as it stands. Nothing
public changes before a decision is served.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from bases import letters, notices
from bases.actions.hearing import TO_SET, put_hearing_on_desk
from bases.actions.proceedings import (
    hands,
    held,
    holders,
    issue,
    law_of,
    move,
    put_before_operator,
    put_on_desk,
    require_decider,
    require_ground,
    require_nameless,
    require_status,
    workdays,
)
from bases.models import Base, Certification, Defence, Revocation
from bases.rules import BasePolicy, decide_revocation, revocable
from bases.states import RevocationStatus as R
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.terms import Due
from portal.documents.letters import take_number, withdraw_letter
from portal.documents.models import Letter, Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.policies.loader import pack_of

SERIES = "撤销案"
SHORTEST = 10  # characters of a fact, an opinion or a reason


@transaction.atomic
def open_revocation(
    certification: Certification,
    *,
    ground: str,
    met_on: datetime.date,
    basis: dict[str, Any],
    by: Capacity,
    on: datetime.date,
    since: datetime.date | None = None,
    verified_by: Iterable[User] = (),
) -> Revocation | None:
    """Open proceedings on a ground that is met (立案); None where they run already or the title is revoked (GZ-27).

    Called inside the transaction that meets the ground, so that it is never met without proceedings; and by the daily
    job, which finds what is met and not yet opened. The days for the notice run from `since`, the day on which the law
    opened them, else from `on`: a job that was late gives nobody more time. Raises Unlawful for a title that this
    policy does not revoke.
    """
    base = Base.objects.locked(certification.base_id)
    pack = pack_of(certification.policy, on=on)
    section = pack.section(BasePolicy)
    policy, tenure = revocable(base.register(section), section.title(certification.title))
    certification = Certification.objects.select_related("recogniser_at", "operator").get(pk=certification.pk)
    if tenure.revocation is not None or certification.revocations.running().exists():
        return None
    facts = {"ground": ground, "met_on": met_on, "basis": basis, "clause": policy.ground(ground).clause}
    revocation = _enter(certification, base, by=by, on=on, policy=pack.id, **facts)
    revocation.verified_by.set(verified_by)
    _begin(revocation, workdays(revocation, since or on, policy.notice_workdays.value), by=by, on=on)
    return revocation


def _enter(certification: Certification, base: Base, *, by: Capacity, on: datetime.date, **facts: Any) -> Revocation:
    decider = certification.recogniser_at
    _series, number = take_number(decider, SERIES, on.year)
    return Revocation.objects.create(
        jurisdiction=base.jurisdiction,
        number=f"CX-{decider.code}-{on.year}-{number:04d}",
        certification=certification,
        base=base,
        operator=base.operator,
        decider=decider,
        opened_on=on,
        opened_at=timezone.localtime(),
        opened_by=by.user,
        demo=base.demo,
        **facts,
    )


def _begin(revocation: Revocation, limit: Due, *, by: Capacity, on: datetime.date) -> None:
    revocation.due_on, revocation.due = limit.on, limit.as_json()
    revocation.save(update_fields=["due_on", "due"])
    put_on_desk(revocation, limit, by=by, on=on)
    facts = {"ground": revocation.ground, "met_on": revocation.met_on, "number": revocation.number}
    basis = {name: fact for name, fact in revocation.basis.items() if name != "conclusion"}  # the trail holds no text
    record("revocation.opened", revocation, by=by, on=on, policy=revocation.policy, **facts, basis=basis)
    officers = officers_at(revocation.decider, Permission.PREPARE_REVOCATION, on)
    notify(notices.revocation_opened(revocation), to=officers, about=revocation, on=on)


@transaction.atomic
def issue_prior_notice(
    revocation: Revocation, *, facts: str, evidence: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Letter:
    """Issue the prior notice (撤销事先告知书, G-06): facts, evidence, grounds and rights; it has yet to be served.

    A notice that is not served yet is replaced: the former is void. Raises InvalidInput where facts or evidence are
    missing, NotAllowed for another bureau or post, DomainError if the ground is no longer met.
    """
    revocation = held(revocation, seen=seen)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    require_status(revocation, R.OPENED, R.NOTICE_ISSUED)
    require_ground(revocation, on)
    problems = {}
    if len(facts.strip()) < SHORTEST:
        problems["facts"] = "请写明核实的事实：什么时候、什么事、怎样核实的，至少 10 个字，会写进告知书。"
    if not evidence.strip():
        problems["evidence"] = "请列明证据，例如投诉受理号、核实记录、协议或票据。"
    if problems:
        raise InvalidInput("没有制发告知书。", problems)
    require_nameless(revocation, "没有制发告知书。", by=by, facts=facts, evidence=evidence)
    if revocation.notice is not None:
        withdraw_letter(revocation.notice, because="更正后重新制发", by=by, on=on)
    revocation.verified_by.add(*by.people)
    revocation.facts, revocation.evidence = facts.strip(), evidence.strip()
    letter = issue(revocation, letters.prior_notice(revocation), by=by, on=on)
    stamps = {"facts": revocation.facts, "evidence": revocation.evidence, "notice": letter, "notice_by": by.person}
    move(revocation, R.NOTICE_ISSUED, by=by, on=on, limit=revocation.limit, **stamps)
    put_before_operator(revocation, gettext_noop("签收撤销事先告知书"), None, by=by, on=on)
    record("revocation.notice_issued", revocation, by=by, on=on, policy=revocation.policy, letter=letter.reference)
    notify(notices.paper_to_sign(revocation, letter), to=holders(revocation), about=revocation, on=on)
    return letter


@transaction.atomic
def file_defence(
    revocation: Revocation,
    *,
    statement: str,
    by: Capacity,
    on: datetime.date,
    asks_hearing: bool = False,
    uploads: Sequence[Upload] = (),
    filed_on: datetime.date | None = None,
) -> Defence:
    """File what the holder says to the notice (陈述申辩); one that comes late is still weighed if nothing is yet.

    By a representative of the operator, or by an officer of the deciding bureau from paper that came in `filed_on`.
    Raises InvalidInput without a statement or for a day that cannot be, NotAllowed for anybody else.
    """
    revocation = held(revocation)
    mine = by.kind == "operator" and by.operator is not None and by.operator.pk == revocation.operator_id
    if not mine:
        require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    require_status(revocation, R.DEFENCE)
    day = on if mine or filed_on is None else filed_on
    if problems := _problems_of_defence(revocation, statement, day, on):
        raise InvalidInput("没有提交。", problems)
    filed = Defence.objects.create(
        revocation=revocation,
        statement=statement.strip(),
        asks_hearing=asks_hearing,
        filed_on=day,
        filed_by=by.person,
        entered=not mine,
    )
    filed.uploads.set(uploads)
    late = revocation.defence_ends is not None and day > revocation.defence_ends
    facts = {"asks_hearing": asks_hearing, "late": late, "filed_on": day}
    record("revocation.defence_filed", revocation, by=by, on=on, policy=revocation.policy, **facts)
    officers = officers_at(revocation.decider, Permission.PREPARE_REVOCATION, on)
    notify(notices.defence_filed(revocation, filed), to=officers, about=revocation, on=on)
    if asks_hearing and not late and revocation.hearing_set_for is None:
        put_hearing_on_desk(revocation, TO_SET, by=by, on=on)
    return filed


def _problems_of_defence(
    revocation: Revocation, statement: str, day: datetime.date, on: datetime.date
) -> dict[str, str]:
    problems = {}
    if len(statement.strip()) < SHORTEST:
        problems["statement"] = "请写明您的意见和理由，至少 10 个字。"
    served = revocation.notice_served_on
    if served is not None and not served <= day <= on:
        problems["filed_on"] = (
            f"收到日期 {day} 不对：应在告知书送达（{served}）以后、今天（{on}）以前，含当日。请照收件登记填写。"
        )
    return problems


@transaction.atomic
def weigh_defence(
    revocation: Revocation, *, opinion: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Revocation:
    """Weigh the defence in writing (复核), once the days for it are over; then it is for the approver to decide.

    Raises DomainError on or before the last day for a defence, or while a hearing was asked for and not held.
    """
    revocation = held(revocation, seen=seen)
    require_decider(revocation, by, Permission.PREPARE_REVOCATION)
    require_status(revocation, R.DEFENCE)
    law = law_of(revocation)
    if revocation.defence_ends is None or on <= revocation.defence_ends:
        raise DomainError(
            f"陈述申辩期至 {revocation.defence_ends}（含当日），次日起才能复核。",
            clause=law.policy.defence_workdays.clause,
        )
    asked = revocation.defences.filter(asks_hearing=True, filed_on__lte=revocation.defence_ends)
    if revocation.hearing_on is None and (revocation.hearing_set_for is not None or asked.exists()):
        raise DomainError("对方申请了听证，请先组织听证并登记听证记录，再写复核意见。")
    if len(opinion.strip()) < SHORTEST:
        sentence = "请逐条写明采纳或不采纳陈述申辩的理由，至少 10 个字；对方没有提出的，也请写明。"
        raise InvalidInput("没有保存。", {"opinion": sentence})
    require_nameless(revocation, "没有保存。", by=by, opinion=opinion)
    limit = workdays(revocation, on, law.policy.decision_workdays.value)
    revocation.verified_by.add(*by.people)
    stamps = {"weighed": opinion.strip(), "weighed_by": by.person, "weighed_on": on}
    move(revocation, R.WEIGHED, by=by, on=on, limit=limit, **stamps)
    record("revocation.weighed", revocation, by=by, on=on, policy=revocation.policy)
    officers = officers_at(revocation.decider, Permission.DECIDE_REVOCATION, on)
    notify(notices.to_decide(revocation), to=officers, about=revocation, on=on)
    return revocation


@transaction.atomic
def decide_to_revoke(
    revocation: Revocation, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Letter:
    """Decide the revocation (决定): by the approver of the recognising bureau, who neither verified nor prepared it.

    It takes effect when it is served; a decision that is not served yet is replaced, the former is void. Raises
    NotAllowed for another bureau or a hand in the case, InvalidInput without a reason, Unlawful where the notice was
    not served.
    """
    revocation = held(revocation, seen=seen)
    require_decider(revocation, by, Permission.DECIDE_REVOCATION)
    require_status(revocation, R.WEIGHED, R.DECIDED)
    if by.people & hands(revocation):
        raise NotAllowed("您参加过这件投诉的核实或撤销的办理，请由另一位审批人员决定。")
    if len(reason.strip()) < SHORTEST:
        raise InvalidInput("没有作出决定。", {"reason": "请写明撤销的理由，至少 10 个字，会写进决定书。"})
    require_nameless(revocation, "没有作出决定。", by=by, reason=reason)
    law = law_of(revocation)
    if revocation.decision is not None:
        withdraw_letter(revocation.decision, because="更正后重新制发", by=by, on=on)
    else:
        decide_revocation(law.tenure, law.ground, on)
    revocation.reason = reason.strip()
    letter = issue(revocation, letters.decision(revocation), by=by, on=on)
    limit = workdays(revocation, on, law.policy.decision_workdays.value)
    stamps = {"reason": revocation.reason, "decision": letter, "decided_by": by.person, "decided_on": on}
    move(revocation, R.DECIDED, by=by, on=on, limit=limit, decided_at=timezone.localtime(), **stamps)
    put_before_operator(revocation, gettext_noop("签收撤销决定书"), None, by=by, on=on)
    record("revocation.decided", revocation, by=by, on=on, policy=revocation.policy, letter=letter.reference)
    notify(notices.paper_to_sign(revocation, letter), to=holders(revocation), about=revocation, on=on)
    return letter
