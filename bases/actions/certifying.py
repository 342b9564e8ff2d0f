"""How a base comes by a title: granted in the portal (认定), or granted elsewhere and entered from its document."""

import datetime

from celery import current_app
from django.db import transaction
from django.db.models import ProtectedError, Q

from bases import letters, notices
from bases.models import Base, Certification, Operator, Revocation, number_as_kept
from bases.rules import BasePolicy, TitlePolicy, Unlawful, certify
from bases.states import Standing
from portal.accounts.capacity import Capacity
from portal.accounts.people import people_representing
from portal.accounts.roles import Permission
from portal.audit.models import AuditEvent
from portal.audit.recording import record
from portal.documents.letters import agency_of, issue_letter, take_number
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.jurisdictions.models import Jurisdiction, Level
from portal.notifications.notify import notify
from portal.policies.loader import pack_of
from portal.policies.packs import Pack

CERTIFICATE_SERIES = "认定证书"
SHORTEST_DOCUMENT = 4  # letters and digits; what is shorter names no document


@transaction.atomic
def recognise_base(
    base: Base,
    *,
    title: str,
    policy: str,
    recogniser: Jurisdiction,
    by: Capacity,
    on: datetime.date,
    filed: datetime.date | None = None,
) -> Certification:
    """Grant a title (认定): certificate with number and public code, period by the pack, everything in one transaction.

    `policy` is the pack the case is judged by as it stood when it was `filed`, `recogniser` the bureau that decides.
    `subsidies` enters the awards that follow. Raises Unlawful if the title stands, is banned, or has a case opened.
    """
    base = Base.objects.locked(base.pk)  # two approvals at once would each find the title free
    Operator.objects.select_for_update(no_key=True).get(pk=base.operator_id)  # a ban may be falling on it elsewhere
    pack = pack_of(policy, on=filed or on)
    section = pack.section(BasePolicy)
    tenure = certify(base.register(section), section.title(title), on)
    _require_no_case(base, tenure.title)
    certification = _enter(base, tenure.title, pack, recogniser=recogniser, on=on, period_ends=tenure.period_ends)
    draft, reader = letters.certificate(certification), base.operator_id
    certification.certificate = issue_letter(
        draft, about=certification, at=recogniser, by=by, on=on, operator_id=reader
    )
    certification.save(update_fields=["certificate"])
    record(
        "base.recognised",
        certification,
        by=by,
        on=on,
        policy=policy,
        title=title,
        number=certification.number,
        period_ends=certification.period_ends,
        clause=tenure.title.clause,
    )
    _announce(certification, on)
    return certification


def _require_no_case(base: Base, title: TitlePolicy) -> None:
    """Raise Unlawful while a revocation of the title is opened, also before its holder was told (GZ-27, GZ-30).

    A title given up or not renewed could be granted anew meanwhile: the case would end on it, and no ban follow.
    """
    case = Revocation.objects.running().filter(base=base, certification__title=title.code).first()
    if case is not None:
        raise Unlawful(
            f"{base}的“{title.label}”有撤销程序尚未结束（{case.number}），不能认定；须先送达决定或终结程序。",
            clause=case.clause,
        )


def _announce(certification: Certification, on: datetime.date) -> None:
    people = people_representing(certification.base.operator)
    notify(notices.base_recognised(certification), to=people, about=certification, on=on)
    # A certification is itself the promise that awards are looked at; the sweep keeps it when this message is lost.
    transaction.on_commit(lambda: current_app.send_task("subsidies.tasks.enter_entitlements", retry=False), robust=True)


@transaction.atomic
def record_certification(
    base: Base,
    *,
    title: str,
    policy: str,
    certified_on: datetime.date,
    document: str,
    by: Capacity,
    on: datetime.date,
    number: str = "",
) -> Certification:
    """Enter a title that was granted outside the portal, by its document (登记已有认定).

    `number` stands on its certificate; without one the title has our register's number alone and no certificate that
    could be verified. Only the bureau that grants the title may enter it. Raises NotAllowed, InvalidInput (no document,
    a day to come, a number entered before) or Unlawful (the title stands already, or was banned that day, or a
    revocation of it is opened).
    """
    base = Base.objects.locked(base.pk)
    pack = pack_of(policy, on=on)
    section = pack.section(BasePolicy)
    titled = section.title(title)
    _require_recogniser(base, titled, by)
    paper = {"document": document.strip(), "paper_number": number_as_kept(number)}
    if problems := _problems_of_paper(certified_on, by.jurisdiction, on, 0, **paper):
        raise InvalidInput("认定登记有误，没有保存。", problems)
    ends = certify(base.register(section), titled, certified_on).period_ends
    _require_no_case(base, titled)
    certification = _enter(base, titled, pack, recogniser=by.jurisdiction, on=certified_on, period_ends=ends, **paper)
    earlier = {"before_policy_of": pack.applies_from.value} if certified_on < pack.applies_from.value else {}
    record("base.certification_recorded", certification, by=by, on=on, policy=policy, title=title, **paper, **earlier)
    return certification


@transaction.atomic
def correct_recorded_certification(
    certification: Certification,
    *,
    certified_on: datetime.date,
    document: str,
    because: str,
    by: Capacity,
    on: datetime.date,
    number: str = "",
) -> Certification:
    """Correct what was entered of a title granted elsewhere (更正登记); old and new values and the reason go on record.

    Raises NotAllowed for other bureaus and posts and for whoever entered it; InvalidInput without a reason or for what
    could not have been entered; DomainError if nothing would change; Unlawful if the title could not have been
    granted on that day.
    """
    certification = _recorded_elsewhere(certification, because, by)
    paper = {"document": document.strip(), "paper_number": number_as_kept(number)}
    at, base = certification.recogniser_at, certification.base
    if problems := _problems_of_paper(certified_on, at, on, certification.pk, **paper):
        raise InvalidInput("没有更正。", problems)
    section = pack_of(certification.policy, on=on).section(BasePolicy)
    register = base.register(section)
    register.tenures.pop(certification.title, None)
    changes = {"certified_on": certified_on, **paper}
    changes["period_ends"] = certify(register, section.title(certification.title), certified_on).period_ends
    changes = {field: value for field, value in changes.items() if getattr(certification, field) != value}
    if not changes:
        raise DomainError("内容与现在登记的一样，没有要保存的更正。改了内容再保存，不改的请返回。")
    before = {field: getattr(certification, field) for field in changes}
    for field, value in changes.items():
        setattr(certification, field, value)
    certification.save(update_fields=[*changes])
    facts = {"before": before, "after": changes, "because": because.strip()}
    record("base.certification_corrected", certification, by=by, on=on, policy=certification.policy, **facts)
    return certification


@transaction.atomic
def strike_recorded_certification(
    certification: Certification, *, because: str, by: Capacity, on: datetime.date
) -> None:
    """Take a title that was entered by mistake out of the register again (注销误登); what it said stays on record.

    Raises NotAllowed for other bureaus and posts and for whoever entered it, InvalidInput without a reason, DomainError
    if something was already decided from it.
    """
    certification = _recorded_elsewhere(certification, because, by)
    fields = ("title", "certified_on", "document", "paper_number", "number")
    facts = {field: getattr(certification, field) for field in fields} | {"because": because.strip()}
    record("base.certification_struck", certification.base, by=by, on=on, policy=certification.policy, **facts)
    try:
        certification.delete()
    except ProtectedError as used:
        raise DomainError("这项认定已产生补助资格或其他后续事项，不能注销登记；内容有误的，请更正。") from used


def _recorded_elsewhere(certification: Certification, because: str, by: Capacity) -> Certification:
    """Return the row, held, if this officer may correct it. Whoever entered it does not correct it alone."""
    Base.objects.locked(certification.base_id)
    found = Certification.objects.select_related("base__operator", "recogniser_at").get(pk=certification.pk)
    if not found.document:
        raise NotAllowed("这项认定是在本平台作出的，不是登记的，不能在这里更正。")
    keeps = by.kind == "officer" and (by.may(Permission.MANAGE_REGISTER) or by.may(Permission.APPROVE))
    if not keeps or by.jurisdiction.pk != found.recogniser_at_id:
        raise NotAllowed(f"这项认定由{found.recogniser_at.name}的主管部门登记，请由其经办岗或审批岗更正。")
    if found.status != Standing.CERTIFIED:
        raise DomainError(f"这项认定现为“{found.get_status_display()}”，已有后续程序，不能更正登记。")
    about = AuditEvent.objects.filter(subject_type="bases.certification", subject_id=str(found.pk))
    if about.filter(verb="base.certification_recorded", actor_id__in=by.people).exists():
        raise NotAllowed("这项认定是您登记的，请由本单位另一位经办岗或审批岗核对原件后更正。")
    if not because.strip():
        raise InvalidInput("没有保存。", {"because": "没有写更正原因，请写明核对了什么文件、哪里有误。"})
    return found


def _problems_of_paper(
    certified_on: datetime.date,
    at: Jurisdiction,
    on: datetime.date,
    except_for: int,
    *,
    document: str,
    paper_number: str,
) -> dict[str, str]:
    problems = {}
    if certified_on > on:
        problems["certified_on"] = f"认定日期 {certified_on} 晚于今天 {on}，请核对认定文件。"
    if not document:
        problems["document"] = "没有填认定文件的文号或名称，请照文件填写。"
    elif sum(character.isalnum() for character in document) < SHORTEST_DOCUMENT:
        problems["document"] = f"“{document}”不像文号或文件名称，请照文件写全，例如 ×人社发〔2024〕12 号。"
    if paper_number and not any(character.isalnum() for character in paper_number):
        problems["number"] = f"“{paper_number}”里没有文字和数字，请照证书原件填写；证书没有编号的，请空着。"
    elif paper_number and (holder := _other_holder(paper_number, at, except_for)):
        problems["number"] = (
            f"证书编号 {paper_number} 已登记给“{holder.base}”的“{holder.titled}”，"
            "一个编号只属于一项认定，请与证书原件核对。"
        )
    return problems


def _other_holder(number: str, at: Jurisdiction, except_for: int) -> Certification | None:
    """Return another title with that number: on a paper of the same bureau, or on a certificate the portal issued."""
    taken = Q(recogniser_at=at, paper_number=number) | Q(number=number)
    return Certification.objects.filter(taken).exclude(pk=except_for).select_related("base").first()


def _require_recogniser(base: Base, title: TitlePolicy, by: Capacity) -> None:
    if not by.may(Permission.MANAGE_REGISTER) or not by.jurisdiction.covers(base.region_code):
        raise NotAllowed("您现在的岗位不能登记这家基地的认定，请由认定机关的经办岗登记。")
    if by.jurisdiction.level != title.level.value:
        level = Level(title.level.value).label
        raise NotAllowed(f"“{title.label}”由{level}认定机关登记，您现在的身份是{by.jurisdiction.name}。")


def _enter(
    base: Base,
    title: TitlePolicy,
    pack: Pack,
    *,
    recogniser: Jurisdiction,
    on: datetime.date,
    period_ends: datetime.date | None,
    **paper: str,
) -> Certification:
    """Write the row of a certification, with the names as they are in force and a number that is never used twice."""
    _series, number = take_number(recogniser, CERTIFICATE_SERIES, on.year)
    return Certification.objects.create(
        jurisdiction=base.jurisdiction,
        base=base,
        operator=base.operator,
        title=title.code,
        policy=pack.id,
        category_name=title.name.value,
        plaque_text=title.plaque.value if title.plaque else title.name.value,
        recogniser=agency_of(recogniser).name,
        recogniser_at=recogniser,
        certified_on=on,
        period_ends=period_ends,
        number=f"{recogniser.code}-{on.year}-{number:04d}",
        demo=base.demo,
        **paper,
    )
