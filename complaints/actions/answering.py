"""What the base is told and what it answers (情况摘要、基地答复): a summary without a trace of who complained."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from complaints import letters, notices
from complaints.actions.handling import (
    TO_ANSWER,
    desk_at,
    handling_of,
    held,
    move,
    put_before_base,
    require_desk,
    require_status,
    term,
)
from complaints.actions.identity import require_nameless, traits_in
from complaints.actions.papers import issue
from complaints.models import Answer, Complaint
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.terms import Due
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.typed_text import copied, quoted
from portal.worklist.items import close_work

SHORTEST = 10
THEIR_OWN_WORDS = 15  # letters in a row: so many are no coincidence


@transaction.atomic
def release_summary(
    complaint: Complaint,
    *,
    summary: str,
    by: Capacity,
    on: datetime.date,
    category: str = "",
    seen: int | None = None,
) -> Complaint:
    """Release the summary to the base (发给基地答复): what it is about, without name, words or evidence.

    `category` is for what was accepted by silence: nobody said then what it is about.
    Raises InvalidInput where the summary is too short, copies a sentence of the complaint, or holds the name, a number
    or an address of the complainant.
    """
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.ACCEPTED)
    require_untraceable(complaint, summary, "summary", by)
    law = handling_of(complaint)
    limit = term(complaint, on, law.answer_workdays.value)
    stamps: dict[str, Any] = {"summary": summary.strip(), "summary_on": on, "summary_by": by.person}
    stamps["category"] = category or complaint.category
    move(complaint, S.ANSWERING, by=by, on=on, limit=limit, clause=law.answer_workdays.clause, **stamps)
    issue(complaint, letters.summary(complaint), by=by, on=on, to_base=True)
    put_before_base(complaint, TO_ANSWER, gettext_noop("答复投诉情况摘要"), limit, by=by, on=on)
    record("complaint.summary_released", complaint, by=by, on=on, policy=complaint.policy, due_on=limit.on)
    people = people_representing(complaint.base.operator)
    notify(notices.to_answer(complaint, limit.on), to=people, about=complaint, on=on)
    return complaint


def require_untraceable(complaint: Complaint, text: str, field: str, by: Capacity) -> None:
    """Raise InvalidInput if a text for the base is empty, holds a trait of the complainant (name, phone, firm …) or
    their words: the form promises that the base reads neither, and who wrote a sentence is known by it.
    """
    if len(text.strip()) < SHORTEST:
        raise InvalidInput("没有发出。", {field: "请用自己的话写明反映的事项，至少 10 个字；基地照此答复。"})
    found = traits_in(complaint, text, by=by)
    if found:
        raise InvalidInput("没有发出。", {field: f"文字里有投诉人的{'、'.join(found)}，基地会看到，请删去后再发。"})
    base = complaint.base
    theirs = copied(text, complaint.told, run=THEIR_OWN_WORDS, apart_from=(base.name, base.operator.name))
    if theirs:
        raise InvalidInput("没有发出。", {field: f"“{quoted(theirs)}”照抄了投诉人原话，基地会看到，请换成自己的话。"})


@transaction.atomic
def answer_complaint(
    complaint: Complaint, *, text: str, by: Capacity, on: datetime.date, uploads: Sequence[Upload] = ()
) -> Answer:
    """Answer the summary (基地答复), by the operator of the base; then the complaint goes on to verification."""
    complaint = held(complaint)
    if by.kind != "operator" or by.operator is None or by.operator.pk != complaint.base.operator_id:
        raise NotAllowed("只有被投诉基地的运营机构可以答复。")
    require_status(complaint, S.ANSWERING)
    if len(text.strip()) < SHORTEST:
        raise InvalidInput("没有提交。", {"text": "请写明事情的经过、你们的做法和依据，至少 10 个字。"})
    answer = Answer.objects.create(complaint=complaint, text=text.strip(), answered_on=on, answered_by=by.person)
    answer.uploads.set(uploads)
    close_work(complaint, TO_ANSWER, by=by, on=on)
    _to_verification(complaint, by=by, on=on)
    record("complaint.answered", complaint, by=by, on=on, policy=complaint.policy)
    return answer


@transaction.atomic
def go_on_unanswered(complaint: Complaint, *, by: Capacity, on: datetime.date) -> Complaint:
    """Go on to verification without an answer, once the days for it are over (基地逾期未答复)."""
    complaint = held(complaint)
    require_status(complaint, S.ANSWERING)
    if complaint.due_on is None or on <= complaint.due_on:
        raise DomainError(f"基地答复期限至 {complaint.due_on}，还没有期满。")
    _to_verification(complaint, by=by, on=on)
    record("complaint.not_answered", complaint, by=by, on=on, policy=complaint.policy)
    people = people_representing(complaint.base.operator)
    notify(notices.answer_over(complaint), to=people, about=complaint, on=on)
    return complaint


@transaction.atomic
def verify_at_once(
    complaint: Complaint, *, because: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Go to verification without asking the base first, where asking would give the complainant away, with a reason."""
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.ACCEPTED)
    if len(because.strip()) < SHORTEST:
        raise InvalidInput("没有办理。", {"because": "请写明为什么不先请基地答复，至少 10 个字。"})
    require_nameless(complaint, "没有办理。", by=by, because=because)
    _to_verification(complaint, by=by, on=on)
    record("complaint.verified_at_once", complaint, by=by, on=on, policy=complaint.policy, because=because.strip())
    return complaint


def _to_verification(complaint: Complaint, *, by: Capacity, on: datetime.date) -> None:
    law = handling_of(complaint)
    desk = desk_at(complaint.base, law.verifier.value, Permission.HANDLE_COMPLAINT, on)
    limit = Due.from_json(complaint.verify_by) if complaint.verify_by else None
    move(complaint, S.VERIFYING, by=by, on=on, limit=limit, desk=desk, clause=law.verify_days.clause)
    officers = officers_at(desk, Permission.HANDLE_COMPLAINT, on)
    notify(notices.to_verify(complaint), to=officers, about=complaint, on=on)
