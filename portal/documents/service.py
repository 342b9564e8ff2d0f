"""Service of letters (送达): four ways, each with its proof. What follows from service is the act's own business.

An act that needs a letter to have arrived asks `served_on`; the acts that serve call these functions inside their
transaction, so that the proof and what it brings about are one. Every function refuses a letter that was voided or
served before; one whose announcement is over was served on its last day, even where the daily job is late (0211).
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.capacity import Capacity
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.documents.models import Letter, Service, ServiceMethod, Upload
from portal.errors import DomainError, InvalidInput, NotAllowed

SHORTEST_REASON = 10


def service_of(letter: Letter | None) -> Service | None:
    """Return the proof that a letter was served, None while there is none."""
    return letter.services.filter(served_on__isnull=False).first() if letter else None


def served_on(letter: Letter | None) -> datetime.date | None:
    """Return the day on which a letter was served, None while there is no proof."""
    proof = service_of(letter)
    return proof.served_on if proof else None


@transaction.atomic
def acknowledge(letter: Letter, *, by: Capacity, on: datetime.date) -> Service:
    """Serve a letter electronically (电子送达): the addressee opens it and confirms receipt, which is the proof.

    Raises NotAllowed for anybody but a representative of the operator it is addressed to, DomainError where its
    announcement is over.
    """
    if by.kind != "operator" or by.operator is None or by.operator.pk != letter.operator_id:
        raise NotAllowed("只有收件单位自己的人员可以签收这份文书。")
    _require_not_over(letter, on)
    proof = _begin(letter, ServiceMethod.ELECTRONIC, by=by, on=on)
    return _complete(proof, on, recipient=str(by.person), by=by, on=on)


@transaction.atomic
def serve_on_paper(
    letter: Letter,
    *,
    method: str,
    arrived_on: datetime.date,
    recipient: str,
    evidence: Sequence[Upload],
    by: Capacity,
    on: datetime.date,
    tracking: str = "",
    because: str = "",
) -> Service:
    """Record service by registered mail (挂号邮寄) or by hand (直接送达), with the day it arrived and its proof.

    Raises InvalidInput without recipient, tracking number (mail) or evidence, and for a day before the letter was
    issued or still to come; DomainError for a day after the end of its announcement.
    """
    if method not in {ServiceMethod.MAIL, ServiceMethod.HAND}:
        raise DomainError("送达方式只能是挂号邮寄或直接送达；电子送达由收件单位签收，公告送达另行办理。")
    if problems := _problems_on_paper(letter, method, arrived_on, recipient, evidence, tracking, on):
        raise InvalidInput("送达没有登记。", problems)
    _require_not_over(letter, arrived_on)
    proof = _begin(letter, method, by=by, on=letter.issued_on, tracking=tracking.strip(), because=because.strip())
    proof.evidence.set(evidence)
    return _complete(proof, arrived_on, recipient=recipient.strip(), by=by, on=on)


def _problems_on_paper(
    letter: Letter,
    method: str,
    arrived_on: datetime.date,
    recipient: str,
    evidence: Sequence[Upload],
    tracking: str,
    on: datetime.date,
) -> dict[str, str]:
    problems = {}
    if arrived_on > on:
        problems["arrived_on"] = f"送达日期 {arrived_on} 晚于今天 {on}，请照回执或送达回证上的签收日期填写。"
    if arrived_on < letter.issued_on:
        problems["arrived_on"] = (
            f"送达日期 {arrived_on} 早于文书印发日期 {letter.issued_on}，请照回执或送达回证上的签收日期填写。"
        )
    if not recipient.strip():
        problems["recipient"] = "没有填签收人，请照回执或送达回证填写。"
    if method == ServiceMethod.MAIL and not tracking.strip():
        problems["tracking"] = "没有填挂号邮件号，请照邮局收据填写。"
    if not evidence:
        problems["evidence"] = "没有附送达凭证，请上传回执或送达回证的照片或扫描件。"
    return problems


@transaction.atomic
def announce(
    letter: Letter, *, days: int, because: str, evidence: Sequence[Upload], by: Capacity, on: datetime.date
) -> Service:
    """Begin service by public announcement (公告送达): the letter counts as served when so many days have passed.

    `because` says which other ways failed. Raises InvalidInput without that reason or the evidence of the attempts.
    """
    problems = {}
    if len(because.strip()) < SHORTEST_REASON:
        problems["because"] = "请写明为什么采用公告送达：用过哪些方式、何时、为何没有送到，至少 10 个字。"
    if not evidence:
        problems["evidence"] = "请上传此前送达不成的凭证，例如退回的邮件、两人在场的送达记录。"
    if problems:
        raise InvalidInput("没有公告。", problems)
    term = due(on, days, "day", calendar_for(letter.jurisdiction), moves=False)
    proof = _begin(
        letter,
        ServiceMethod.ANNOUNCEMENT,
        by=by,
        on=on,
        ends_on=term.on,
        term=term.as_json(),
        because=because.strip(),
    )
    proof.evidence.set(evidence)
    record("letter.announced", letter, by=by, on=on, ends_on=term.on, because=because.strip())
    return proof


@transaction.atomic
def complete_announcement(proof: Service, *, by: Capacity, on: datetime.date) -> Service:
    """Count an announced letter as served on the day its announcement was over. Raises DomainError before that day."""
    held = Service.objects.select_for_update(of=("self",)).select_related("letter").get(pk=proof.pk)
    if held.ends_on is None or on <= held.ends_on:
        raise DomainError(f"公告至 {held.ends_on} 届满，届满后才视为送达。")
    _require_unserved(held.letter)
    return _complete(held, held.ends_on, recipient="", by=by, on=on)


def _begin(letter: Letter, method: str, *, by: Capacity, on: datetime.date, **details: Any) -> Service:
    held = Letter.objects.select_for_update().get(pk=letter.pk)  # two proofs at once would each find it unserved
    _require_unserved(held)
    try:
        with transaction.atomic():
            return Service.objects.create(
                jurisdiction=held.jurisdiction,
                letter=held,
                method=method,
                began_on=on,
                recorded_by=by.user,
                recorded_at=timezone.localtime(),
                **details,
            )
    except IntegrityError as twice:
        raise DomainError(f"{held.reference}正在公告送达，不用重复公告。") from twice


def _require_unserved(letter: Letter) -> None:
    if letter.voided_on is not None:
        raise DomainError(f"{letter.reference}已作废，不能送达。")
    if found := service_of(letter):
        raise DomainError(f"{letter.reference}已于 {found.served_on} {found.get_method_display()}，不用重复登记。")


def _require_not_over(letter: Letter, day: datetime.date) -> None:
    """Raise DomainError where the letter was announced and by that counts as served before that day."""
    over = letter.services.filter(method=ServiceMethod.ANNOUNCEMENT, served_on__isnull=True, ends_on__lt=day).first()
    if over is not None:
        raise DomainError(
            f"{letter.reference}的公告已于 {over.ends_on} 期满，当天视为送达，不能再按之后的日期送达。"
            "系统每天凌晨登记期满的公告，登记以后就能看全文。"
        )


def _complete(proof: Service, day: datetime.date, *, recipient: str, by: Capacity, on: datetime.date) -> Service:
    proof.served_on, proof.recipient = day, recipient[:60]
    proof.save(update_fields=["served_on", "recipient"])
    facts: dict[str, Any] = {"method": proof.method, "served_on": day, "reference": proof.letter.reference}
    record("letter.served", proof.letter, by=by, on=on, **facts)
    return proof
