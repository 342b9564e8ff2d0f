"""Verification (核实): whether the complainant is served by the base, whether the fact is new, and what was found."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.utils.translation import gettext_noop

from bases.models import Tenant
from complaints import letters, notices
from complaints.actions.answering import require_untraceable
from complaints.actions.handling import (
    TO_SIGN,
    days_from,
    desk_apart,
    handling_of,
    held,
    keep_hands,
    move,
    put_before_base,
    require_desk,
    require_status,
    term,
    work_cases_at,
)
from complaints.actions.identity import identity_of, masked, may_reveal, require_nameless, stated, traits_of
from complaints.actions.opening import drop_what_is_not_met
from complaints.actions.papers import issue
from complaints.models import Complaint, Finding
from complaints.states import OPEN, Outcome
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.terms import Due
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.worklist.models import WorkItem

SHORTEST = 10


def likely_tenants(complaint: Complaint, *, by: Capacity) -> list[Tenant]:
    """Return the tenants of the base, present or former, that the complainant may belong to, by what was stated.

    Matched by name without telling the base: nothing is written.
    """
    return _likely(complaint, traits_of(complaint, by=by))


def masked_and_likely(complaint: Complaint, *, by: Capacity) -> tuple[dict[str, str], list[Tenant]]:
    """Return who complains, masked, and who of the roster that may be, while this is to be settled; read once.

    Both empty for who may not reveal it.
    """
    if not may_reveal(complaint, by):
        return {}, []
    identity = identity_of(complaint, by)
    waits = complaint.status in OPEN and complaint.named and complaint.service_recipient is None
    return masked(identity), _likely(complaint, stated(identity)) if waits else []


def _likely(complaint: Complaint, traits: Iterable[tuple[str, str]]) -> list[Tenant]:
    said = [_plain(text) for kind, text in traits if kind in {"企业或项目名称", "姓名"}]
    roster = Tenant.objects.filter(base=complaint.base, struck_on__isnull=True).order_by("name", "pk")
    return [tenant for tenant in roster if any(_alike(tenant, text) for text in said if text)]


def _alike(tenant: Tenant, text: str) -> bool:
    name, contact = _plain(tenant.name), _plain(tenant.contact)
    return (len(text) > 1 and (text in name or name in text)) or (bool(contact) and text == contact)


def _plain(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")").lower()


@transaction.atomic
def settle_recipient(
    complaint: Complaint,
    *,
    service_recipient: bool,
    because: str,
    by: Capacity,
    on: datetime.date,
    tenant: Tenant | None = None,
    seen: int | None = None,
) -> Complaint:
    """Settle whether the complainant is or was served by the base (服务对象, G-04), on the roster or other evidence.

    Raises InvalidInput without the evidence, NotAllowed for a bureau that does not have the complaint, StatusMoved if
    the complaint changed since revision `seen`.
    """
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.RECEIVED, S.ACCEPTED, S.ANSWERING, S.VERIFYING)
    if tenant is not None and tenant.base_id != complaint.base_id:
        raise DomainError("所选的在孵实体不在被投诉基地的名册里，请重新选择。")
    if not because.strip():
        sentence = "请写明认定的依据，例如“名册第 3 户，2025-03 入驻”或“入驻协议”。"
        raise InvalidInput("没有保存。", {"because": sentence})
    complaint.tenant, complaint.service_recipient = tenant, service_recipient
    complaint.recipient_because = because.strip()[:200]
    complaint.revision += 1
    complaint.save(update_fields=["tenant", "service_recipient", "recipient_because", "revision"])
    facts = {"service_recipient": service_recipient, "by_roster": tenant is not None}
    record("complaint.recipient_settled", complaint, by=by, on=on, policy=complaint.policy, **facts)
    return complaint


@transaction.atomic
def link_same_fact(
    complaint: Complaint, *, first: Complaint | None, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Say that a complaint is about the same fact as an earlier one (同一事实), or, with None, that it is not.

    The same fact counts once (G-04). Raises DomainError for a complaint about another base or one that came later, and
    where complaints that were decided on rest on this one: linking never changes what is decided. Raises StatusMoved if
    the complaint changed since revision `seen`.
    """
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.RECEIVED, S.ACCEPTED, S.ANSWERING, S.VERIFYING)
    if first is not None:  # as it stands now that the base is held: it may have been linked since it was shown
        first = Complaint.objects.select_related("same_fact_as").get(pk=first.pk)
    root = first.same_fact_as or first if first is not None else None
    if root is not None and (root.base_id != complaint.base_id or root.pk >= complaint.pk):
        raise DomainError("只能关联到同一基地、更早收到的投诉，请重新选择。")
    decided = list(complaint.repeats.filter(decided_on__isnull=False).order_by("pk"))
    if decided and root is not None:
        numbers = "、".join(str(each) for each in decided)
        raise DomainError(f"{numbers} 已关联到本件并已确认，改关联会改变已确认的计数，不能再关联到别的投诉。")
    complaint.same_fact_as = root
    complaint.revision += 1
    complaint.save(update_fields=["same_fact_as", "revision"])
    complaint.repeats.update(same_fact_as=root or complaint)
    facts = {"same_fact_as": root.number if root else ""}
    record("complaint.fact_linked", complaint, by=by, on=on, policy=complaint.policy, **facts)
    drop_what_is_not_met(complaint.base, because=f"{complaint.number} 关联同一事实后不再达到次数", on=on)
    return complaint


@transaction.atomic
def extend_verification(complaint: Complaint, *, because: str, by: Capacity, on: datetime.date) -> Complaint:
    """Approve more time (延长): once, by the approver of the verifying bureau; the complainant is told why."""
    complaint = held(complaint)
    require_desk(complaint, by, Permission.CONFIRM_FINDING)
    require_status(complaint, S.VERIFYING, S.FOUND)
    if complaint.extended_on is not None or complaint.accepted_on is None:
        raise DomainError(f"{complaint}已于 {complaint.extended_on} 批准延长，只能延长一次。")
    if len(because.strip()) < SHORTEST:
        raise InvalidInput("没有批准。", {"because": "请写明情况怎样复杂、还要做什么，至少 10 个字，会告诉投诉人。"})
    require_nameless(complaint, "没有批准。", by=by, because=because)
    hard = term(complaint, complaint.accepted_on, handling_of(complaint).longest_days, "day")
    complaint.extended_on, complaint.extended_because = on, because.strip()
    complaint.limit_on, complaint.limit_term = hard.on, hard.as_json()
    complaint.save(update_fields=["extended_on", "extended_because", "limit_on", "limit_term"])
    last = complaint.findings.order_by("number").last()
    if complaint.status == S.VERIFYING or (last is not None and last.served_on is None):
        move_due(complaint, hard)
    issue(complaint, letters.extension(complaint), by=by, on=on, to_complainant=True)
    record("complaint.extended", complaint, by=by, on=on, policy=complaint.policy, limit_on=hard.on, sum=hard.sum)
    return complaint


def move_due(complaint: Complaint, limit: Due, *, task: str = "") -> None:
    """Give the complaint and its item on the list another due date, and a task where another one is left to do."""
    complaint.due_on, complaint.due, complaint.revision = limit.on, limit.as_json(), complaint.revision + 1
    complaint.save(update_fields=["due_on", "due", "revision"])
    about = WorkItem.objects.waiting().filter(subject_type=complaint._meta.label_lower, subject_id=str(complaint.pk))
    about.filter(kind=f"complaints.{complaint.status}").update(
        due_on=limit.on, due=limit.as_json(), **({"task": task} if task else {})
    )


@transaction.atomic
def record_finding(
    complaint: Complaint,
    *,
    outcome: str,
    visited: bool,
    checked_on: datetime.date,
    officers: Sequence[User],
    minutes: str,
    conclusion: str,
    by: Capacity,
    on: datetime.date,
    uploads: Sequence[Upload] = (),
    category: str = "",
    seen: int | None = None,
) -> Finding:
    """Record what two officers found (核实结果, GZ-28), by visit or file check, and make it known to both sides.

    `minutes` stays inside; `conclusion` is told and may not give the complainant away; `category` where none was said.
    Raises InvalidInput where the conclusion does, the record is not whole, or it is not settled whether a named
    complainant is served by the base.
    """
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.HANDLE_COMPLAINT)
    require_status(complaint, S.VERIFYING)
    _require_record(complaint, outcome, checked_on, officers, minutes, by, on)
    require_untraceable(complaint, conclusion, "conclusion", by)
    said = {"record": minutes.strip(), "outcome": outcome, "conclusion": conclusion.strip()}
    checked = {"visited": visited, "checked_on": checked_on, "recorded_by": by.person, "recorded_on": on}
    finding = Finding.objects.create(complaint=complaint, number=_next_number(complaint), **checked, **said)
    keep_hands(finding, officers, uploads, by)
    complaint.category = category or complaint.category
    complaint.save(update_fields=["category"])
    _make_known(complaint, finding, by=by, on=on)
    facts = {"outcome": outcome, "visited": visited, "officers": sorted(person.pk for person in officers)}
    record("complaint.found", complaint, by=by, on=on, policy=complaint.policy, **facts)
    return finding


def _next_number(complaint: Complaint) -> int:
    return int(complaint.findings.aggregate(last=models.Max("number"))["last"] or 0) + 1


def _require_record(
    complaint: Complaint,
    outcome: str,
    checked_on: datetime.date,
    officers: Sequence[User],
    minutes: str,
    by: Capacity,
    on: datetime.date,
) -> None:
    fewest = handling_of(complaint).verifying_officers.value
    problems = {}
    if outcome not in Outcome.values:
        problems["outcome"] = "请选择属实、部分属实或不属实。"
    if len(minutes.strip()) < SHORTEST:
        problems["minutes"] = "请写核实记录：看了什么、问了谁、有什么凭证，至少 10 个字。"
    if complaint.accepted_on is None or not complaint.accepted_on <= checked_on <= on:
        problems["checked_on"] = f"核实日期{days_from(complaint.accepted_on, on)}。"
    chosen = {person.pk for person in officers}
    if len(chosen) < fewest:
        problems["officers"] = f"核实须有 {fewest} 名以上工作人员，现在只选了 {len(chosen)} 名。"
    elif not work_cases_at(complaint.desk, officers, on):
        problems["officers"] = "核实人员须是本机关现任的经办或审批人员，请重新选择。"
    if complaint.named and complaint.service_recipient is None and outcome != Outcome.UNTRUE:
        problems["outcome"] = "还没有认定投诉人是不是服务对象，请先在“服务对象”一栏认定。"
    if problems:
        raise InvalidInput("核实结果没有保存。", problems)


def _make_known(complaint: Complaint, finding: Finding, *, by: Capacity, on: datetime.date) -> None:
    law = handling_of(complaint)
    verifier = complaint.base.jurisdiction.ancestor(law.verifier.value)
    desk = desk_apart(verifier, Permission.CONFIRM_FINDING, on, apart_from=finding.people)
    hard = Due.from_json(complaint.limit_term) if complaint.limit_term else None
    move(complaint, S.FOUND, by=by, on=on, limit=hard, desk=desk, clause=law.limit_days.clause)
    finding.base_letter = issue(complaint, letters.finding_to_base(finding), by=by, on=on, to_base=True)
    finding.complainant_letter = issue(
        complaint, letters.finding_to_complainant(finding), by=by, on=on, to_complainant=True
    )
    finding.save(update_fields=["base_letter", "complainant_letter"])
    put_before_base(complaint, TO_SIGN, gettext_noop("签收投诉核实结果"), None, by=by, on=on)
    people = people_representing(complaint.base.operator)
    notify(notices.finding_to_sign(complaint), to=people, about=complaint, on=on)


def require_not_own(complaint: Complaint, by: Capacity, finding: Finding) -> None:
    """Raise NotAllowed for who took part in the verification: another person confirms it."""
    if by.people & finding.people:
        raise NotAllowed("您参加了这件投诉的核实，请由另一位审批人员确认。")
