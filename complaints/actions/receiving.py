"""From the public form or an officer's hand to acceptance (收到、补充、受理、不予受理、转交、撤回)."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bases.models import VERIFY_ALPHABET, Base
from complaints import letters, notices
from complaints.actions.handling import (
    QUARANTINE,
    clocks_from,
    desk_at,
    handling_of,
    held,
    keep_quarantine,
    move,
    put_on_desk,
    require_desk,
    require_status,
    term,
)
from complaints.actions.identity import require_nameless
from complaints.actions.papers import issue
from complaints.actions.receipt_day import wrong_day
from complaints.models import Complainant, Complaint, Supplement
from complaints.rules import ComplaintPolicy
from complaints.states import WITHDRAWABLE, Channel
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.documents.letters import take_number
from portal.documents.models import Upload
from portal.encryption.blind_index import blind_index
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.policies.loader import pack_in_force
from portal.policies.packs import Pack
from portal.worklist.items import close_work

SERIES = "投诉"
CODE_LENGTH = 26  # of 31 letters: more than 128 bits, so that nobody guesses one
SHORTEST = 10
MOST_FILES = 20  # of one complaint in all, however often something is added
MOST_TOLD = 20_000  # characters of one complaint in all


@dataclass(frozen=True)
class Person:
    """Who complains; everything may be empty for somebody who stays anonymous."""

    name: str = ""
    phone: str = ""
    mail: str = ""
    business: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the complainant gets: the complaint and, this once, the code that opens it."""

    complaint: Complaint
    code: str


@transaction.atomic
def receive_complaint(
    base: Base,
    *,
    told: str,
    by: Capacity,
    on: datetime.date,
    person: Person | None = None,
    evidence: Sequence[Upload] = (),
    channel: str = Channel.WEB,
    received_on: datetime.date | None = None,
    flags: Sequence[str] = (),
    hold_back: bool = False,
    sure: bool = False,
) -> Receipt:
    """Take a complaint in (收到投诉), from the public form or entered by an officer; anonymous where nobody is named.

    `flags` is what machines noticed; with `hold_back` it waits in quarantine, where its clock runs all the same. Raises
    InvalidInput where too little is told, a name comes without a contact, or the day an officer enters is wrong (still
    to come, long past without being `sure`); NotAllowed for an officer of elsewhere; NoPolicyInForce without a policy.
    """
    person = person if person is not None and person.name.strip() else Person()  # anonymous: nothing is kept of it
    _require_hand(base, by)
    _require_told(told, person, wrong_day(base, received_on, by=by, on=on, sure=sure))
    pack = pack_in_force(at=base.jurisdiction, on=received_on or on)
    noticed = {"channel": channel, "flags": list(flags), "held_back": hold_back}
    receipt = _enter(base, pack, told, person, received_on or on, by=by, on=on, **noticed)
    complaint = receipt.complaint
    complaint.evidence.set(evidence)
    _keep_identity(complaint, person)
    issue(complaint, letters.receipt(complaint), by=by, on=on, to_complainant=True)
    _announce(complaint, clause=handling_of(complaint).accept_workdays.clause, by=by, on=on)
    facts = {"channel": channel, "anonymous": complaint.anonymous, "held_back": hold_back, "due_on": complaint.due_on}
    record("complaint.received", complaint, by=by, on=on, policy=pack.id, **facts)
    return receipt


def _enter(
    base: Base,
    pack: Pack,
    told: str,
    person: Person,
    day: datetime.date,
    *,
    by: Capacity,
    on: datetime.date,
    **noticed: Any,
) -> Receipt:
    law = pack.section(ComplaintPolicy).handling
    desk = desk_at(base, law.acceptor.value, Permission.HANDLE_COMPLAINT, on)
    limit = due(day, law.accept_workdays.value, "workday", calendar_for(base.jurisdiction))
    code = "".join(secrets.choice(VERIFY_ALPHABET) for _place in range(CODE_LENGTH))
    _series, number = take_number(desk, SERIES, on.year)
    complaint = Complaint.objects.create(
        jurisdiction=base.jurisdiction,
        number=f"TS-{desk.code}-{on.year}-{number:04d}",
        base=base,
        policy=pack.id,
        anonymous=not person.name.strip(),
        access_hash=hash_of(code),
        told=told.strip(),
        told_index=blind_index(told, purpose="complaint.told"),
        received_on=day,
        received_at=timezone.localtime(),
        entered_by=by.user if by.kind == "officer" else None,
        desk=desk,
        arrived_on=on,
        due_on=limit.on,
        due=limit.as_json(),
        demo=settings.DEMO or base.demo,
        **noticed,
    )
    return Receipt(complaint, code)


def hash_of(code: str) -> str:
    """Return what is kept of an access code; spaces, dashes and case are the reader's."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"complaint:{plain}".encode()).hexdigest()


def _require_hand(base: Base, by: Capacity) -> None:
    enters = by.kind == "officer" and by.may(Permission.HANDLE_COMPLAINT)
    if by.kind == "operator" or (by.kind == "officer" and not (enters and by.jurisdiction.covers(base.region_code))):
        raise NotAllowed("投诉由基地所在地或其上级机关的经办岗登记。")


def _require_told(told: str, person: Person, wrong: dict[str, str]) -> None:
    problems = dict(wrong)
    if len(told.strip()) < SHORTEST:
        problems["told"] = "请把经过写具体些，至少 10 个字：什么时候、答应了什么、实际怎样。"
    if person.name.strip() and not (person.phone.strip() or person.mail.strip()):
        problems["phone"] = "实名投诉请留电话或邮箱中的一个，以便核实和告知结果；不想留，可以选匿名。"
    if problems:
        raise InvalidInput("投诉没有提交。", problems)


def _keep_identity(complaint: Complaint, person: Person) -> None:
    given = {field: getattr(person, field).strip() for field in ("name", "phone", "mail", "business")}
    if not any(given.values()):
        return
    indexes = {
        f"{field}_index": blind_index(given[field], purpose=f"complaint.{field}") if given[field] else ""
        for field in ("phone", "mail")
    }
    Complainant.objects.create(complaint=complaint, jurisdiction=complaint.jurisdiction, **given, **indexes)


def _announce(complaint: Complaint, *, clause: str, by: Capacity, on: datetime.date) -> None:
    if complaint.held_back and complaint.desk is not None:
        keep_quarantine(complaint.desk, by=by, on=on)
        return
    put_on_desk(complaint, complaint.limit, clause=clause, by=by, on=on)
    officers = officers_at(complaint.desk, Permission.HANDLE_COMPLAINT, on) if complaint.desk else []
    notify(notices.received(complaint), to=officers, about=complaint, on=on)


@transaction.atomic
def release_from_quarantine(complaint: Complaint, *, by: Capacity, on: datetime.date) -> Complaint:
    """Let a complaint out of quarantine onto the desk: an officer has looked and found that it is meant."""
    complaint = held(complaint)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    if not complaint.held_back:
        raise DomainError(f"{complaint}不在待甄别之列，不用再次放行。")
    complaint.held_back, complaint.released_by = False, by.person
    complaint.save(update_fields=["held_back", "released_by"])
    close_work(complaint, QUARANTINE, by=by, on=on)
    clause = handling_of(complaint).accept_workdays.clause
    put_on_desk(complaint, complaint.limit, clause=clause, by=by, on=on)
    if complaint.desk is not None:
        keep_quarantine(complaint.desk, by=by, on=on)
    record("complaint.released", complaint, by=by, on=on, policy=complaint.policy, flags=complaint.flags)
    return complaint


@transaction.atomic
def add_to_complaint(
    complaint: Complaint, *, text: str, by: Capacity, on: datetime.date, evidence: Sequence[Upload] = ()
) -> Complaint:
    """Take what the complainant adds (补充): the answer to what was asked, or more, while nothing is decided.

    With the answer the complaint is back for acceptance, with the full term from that day. The desk is told once a
    day, and of what waits in quarantine not at all. Raises InvalidInput if nothing or too much is added, DomainError
    once the verification is over.
    """
    complaint = held(complaint)
    require_status(complaint, *sorted(WITHDRAWABLE))
    _require_room(complaint, text.strip(), evidence)
    complaint.evidence.add(*evidence)
    asking = Supplement.objects.filter(complaint=complaint).first()
    if complaint.status == S.SUPPLEMENTING and asking is not None:
        asking.answered_on, asking.answer = on, text.strip()
        asking.save(update_fields=["answered_on", "answer"])
        law = handling_of(complaint)
        limit = term(complaint, on, law.accept_workdays.value)
        move(complaint, S.RECEIVED, by=by, on=on, limit=limit, clause=law.accept_workdays.clause)
    else:
        complaint.told = f"{complaint.told}\n\n{on} 补充：{text.strip()}" if text.strip() else complaint.told
        complaint.revision += 1
        complaint.save(update_fields=["told", "revision"])
    record("complaint.supplemented", complaint, by=by, on=on, policy=complaint.policy, files=len(evidence))
    if complaint.desk is not None and not complaint.held_back:
        officers = officers_at(complaint.desk, Permission.HANDLE_COMPLAINT, on)
        notify(notices.supplemented(complaint, on), to=officers, about=complaint, on=on)
    return complaint


def _require_room(complaint: Complaint, text: str, evidence: Sequence[Upload]) -> None:
    problems = {}
    if not text and not evidence:
        problems["text"] = "请写要补充的内容，或附上凭证。"
    if complaint.status != S.SUPPLEMENTING and len(complaint.told) + len(text) > MOST_TOLD:
        problems["text"] = f"连同原来的内容超过 {MOST_TOLD} 字，没有收下。请只写要点，或把材料交给受理单位。"
    there = complaint.evidence.count()
    if evidence and there + len(evidence) > MOST_FILES:
        full = f"一件投诉最多 {MOST_FILES} 个凭证，已有 {there} 个，这次 {len(evidence)} 个，没有收下。"
        problems["evidence"] = f"{full}请把多张合成一个 PDF，或把材料交给受理单位。"
    if problems:
        raise InvalidInput("没有提交。", problems)


@transaction.atomic
def accept_complaint(
    complaint: Complaint, *, category: str = "", by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Accept (受理): the clocks of verification begin; the bureau now writes the summary for the base.

    By the officer at the desk; or by the clock where silence accepts (G-05, assumed), once the last day is over: then
    it counts as accepted from the day on which the term began, that of receipt (L-4-32), whenever the clock ran.
    """
    complaint = held(complaint, seen=seen)
    law = handling_of(complaint)
    silent = by.kind == "system"
    if silent:
        if not law.silence_accepts.value or complaint.due_on is None or on <= complaint.due_on:
            raise DomainError(f"{complaint}的受理期限至 {complaint.due_on}，还没有期满。")
        require_status(complaint, S.RECEIVED)
        if complaint.held_back:  # a flood must not become accepted cases: it stays overdue until somebody looks
            raise DomainError(f"{complaint}还在甄别，逾期不视为受理，由工作人员放行或不予受理。")
    else:
        require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
        require_status(complaint, S.RECEIVED, S.SUPPLEMENTING)
    _accept(complaint, category, silent=silent, by=by, on=on)
    return complaint


def _accept(complaint: Complaint, category: str, *, silent: bool, by: Capacity, on: datetime.date) -> None:
    law, unanswered = handling_of(complaint), complaint.limit if silent else None
    accepted_on, over_on = (unanswered.start, unanswered.on) if unanswered else (on, on)
    move(
        complaint,
        S.ACCEPTED,
        by=by,
        on=on,
        limit=term(complaint, over_on, law.accept_workdays.value),
        clause=law.accept_workdays.clause,
        accepted_by_silence=silent,
        category=category or complaint.category,
        held_back=False,
        **clocks_from(complaint, accepted_on),
    )
    issue(complaint, letters.acceptance(complaint), by=by, on=on, to_complainant=True)
    verb = "complaint.accepted_by_silence" if silent else "complaint.accepted"
    aim = complaint.verify_by["on"] if complaint.verify_by else None
    facts = {"accepted_on": accepted_on, "verify_by": aim, "limit_on": complaint.limit_on}
    record(verb, complaint, by=by, on=on, policy=complaint.policy, **facts)


@transaction.atomic
def reject_complaint(
    complaint: Complaint, *, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Reject (不予受理) with a reason that the complainant is told, and whom to ask instead."""
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.RECEIVED, S.SUPPLEMENTING)
    if len(reason.strip()) < SHORTEST:
        raise InvalidInput("没有办理。", {"reason": "请写明不予受理的理由和依据，至少 10 个字，会告诉投诉人。"})
    require_nameless(complaint, "没有办理。", by=by, reason=reason)
    move(complaint, S.REJECTED, by=by, on=on, refusal=reason.strip(), closed_on=on, held_back=False)
    issue(complaint, letters.rejection(complaint), by=by, on=on, to_complainant=True)
    record("complaint.rejected", complaint, by=by, on=on, policy=complaint.policy, reason=reason.strip())
    return complaint


@transaction.atomic
def transfer_complaint(
    complaint: Complaint, *, to: str, reason: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Transfer to the department that is competent (转交), with a reason; its clock is no longer ours."""
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.RECEIVED, S.SUPPLEMENTING)
    problems = {}
    if not to.strip():
        problems["to"] = "请写明转交给哪个部门。"
    if not reason.strip():
        problems["reason"] = "请写明为什么由该部门办理，会告诉投诉人。"
    if problems:
        raise InvalidInput("没有转交。", problems)
    require_nameless(complaint, "没有转交。", by=by, to=to, reason=reason)
    stamps: dict[str, Any] = {
        "refusal": reason.strip(),
        "transferred_to": to.strip()[:80],
        "closed_on": on,
        "held_back": False,
    }
    move(complaint, S.TRANSFERRED, by=by, on=on, limit=None, **stamps)
    issue(complaint, letters.transfer(complaint), by=by, on=on, to_complainant=True)
    record("complaint.transferred", complaint, by=by, on=on, policy=complaint.policy, to=to.strip())
    return complaint
