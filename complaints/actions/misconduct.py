"""弄虚作假、不履行服务承诺: verified by two officers, established by another; alone a ground of revocation (GZ-27)."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from bases.models import Base
from complaints.actions.handling import REPORTED, desk_apart, keep_hands, work_cases_at
from complaints.actions.opening import open_what_is_met
from complaints.actions.traits import require_nameless_about
from complaints.models import Complaint, Misconduct
from complaints.procedure import HandlingPolicy
from complaints.rules import MISCONDUCT, ComplaintPolicy
from complaints.states import MisconductStatus
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.policies.loader import pack_in_force
from portal.worklist.items import close_work, open_work

SHORTEST = 10


@transaction.atomic
def report_misconduct(
    base: Base,
    *,
    ground: str,
    minutes: str,
    conclusion: str,
    officers: Sequence[User],
    by: Capacity,
    on: datetime.date,
    uploads: Sequence[Upload] = (),
    complaint: Complaint | None = None,
) -> Misconduct:
    """Report what two officers verified (核实上报, GZ-28), by the bureau that verifies complaints or one above it.

    Raises InvalidInput where the record is not whole or the conclusion gives a complainant away; NotAllowed for another
    bureau; DomainError for a complaint about another base.
    """
    base = Base.objects.locked(base.pk)
    law = pack_in_force(at=base.jurisdiction, on=on)
    handling = law.section(ComplaintPolicy).handling
    _require_verifier(base, handling, by, complaint)
    _require_whole(ground, minutes, conclusion, officers, handling, by, on)
    require_nameless_about(base, "没有上报。", by=by, also=complaint, conclusion=conclusion)
    found = Misconduct.objects.create(
        jurisdiction=base.jurisdiction,
        base=base,
        ground=ground,
        policy=law.id,
        record=minutes.strip(),
        conclusion=conclusion.strip(),
        complaint=complaint,
        reported_by=by.person,
        reported_on=on,
    )
    keep_hands(found, officers, uploads, by)
    _put_on_desk(found, handling, by=by, on=on)
    record("misconduct.reported", found, by=by, on=on, policy=law.id, ground=ground)
    return found


def _require_verifier(base: Base, handling: HandlingPolicy, by: Capacity, complaint: Complaint | None) -> None:
    if complaint is not None and complaint.base_id != base.pk:
        raise DomainError(f"{complaint}投诉的是另一家基地，不能作为这次上报的来源。")
    verifier = base.jurisdiction.ancestor(handling.verifier.value)
    if by.kind == "officer" and by.may(Permission.HANDLE_COMPLAINT) and by.jurisdiction.covers(verifier.code):
        return
    raise NotAllowed("弄虚作假、不履行服务承诺由核实投诉的机关或其上级机关的经办岗核实上报。")


def _require_whole(
    ground: str,
    minutes: str,
    conclusion: str,
    officers: Sequence[User],
    handling: HandlingPolicy,
    by: Capacity,
    on: datetime.date,
) -> None:
    problems = {}
    if ground not in MISCONDUCT:
        problems["ground"] = "请选择弄虚作假或不履行服务承诺。"
    if len(minutes.strip()) < SHORTEST:
        problems["minutes"] = "请写核实记录：看了什么、问了谁、有什么凭证，至少 10 个字。"
    if len(conclusion.strip()) < SHORTEST:
        problems["conclusion"] = "请写明认定的事实，至少 10 个字，会写进告知书。"
    fewest = handling.verifying_officers.value
    if len({person.pk for person in officers}) < fewest or not work_cases_at(by.jurisdiction, officers, on):
        problems["officers"] = f"核实须有本机关 {fewest} 名以上现任的经办或审批人员，请重新选择。"
    if problems:
        raise InvalidInput("没有上报。", problems)


def _put_on_desk(found: Misconduct, handling: HandlingPolicy, *, by: Capacity, on: datetime.date) -> None:
    """Put it before the approver of the reporting bureau; of the next one up, where it has none who took no part."""
    found.desk = desk_apart(by.jurisdiction, Permission.CONFIRM_FINDING, on, apart_from=found.people)
    found.save(update_fields=["desk"])
    open_work(
        found,
        REPORTED,
        task=gettext_noop("审定是否构成弄虚作假或不履行服务承诺"),
        title=found.base.name,
        url=f"/desk/misconduct/{found.pk}/",
        desk=found.desk,
        permission=Permission.CONFIRM_FINDING,
        due=due(on, handling.confirm_workdays.value, "workday", calendar_for(found.jurisdiction)),
        clause=handling.clause,
        policy=found.policy,
        by=by,
        on=on,
    )


@transaction.atomic
def decide_misconduct(
    found: Misconduct, *, established: bool, reason: str, by: Capacity, on: datetime.date
) -> Misconduct:
    """Establish misconduct or not (审定), at the desk where it waits, by another person than those who verified it.

    Established, it opens proceedings in the same transaction, whatever the number of complaints (G-02). Raises
    NotAllowed for other bureaus and hands, InvalidInput without a reason or with one that gives a complainant away.
    """
    Base.objects.locked(found.base_id)
    related = ("base", "jurisdiction", "desk", "complaint")
    found = Misconduct.objects.select_for_update(of=("self",)).select_related(*related).get(pk=found.pk)
    if by.kind != "officer" or not by.may(Permission.CONFIRM_FINDING) or by.jurisdiction.pk != found.desk_id:
        raise NotAllowed(f"这件核实情况由{found.desk.name if found.desk else '上报机关'}的审批岗审定。")
    if by.people & found.people:
        raise NotAllowed("您参加了这次核实，请由另一位审批人员审定。")
    if len(reason.strip()) < SHORTEST:
        raise InvalidInput("没有审定。", {"reason": "请写明认定或不予认定的理由，至少 10 个字。"})
    require_nameless_about(found.base, "没有审定。", by=by, also=found.complaint, reason=reason)
    found.hands.add(*by.people)
    status = MisconductStatus.ESTABLISHED if established else MisconductStatus.DISMISSED
    now = timezone.localtime()
    found.advance(status, reason=reason.strip(), decided_by=by.person, decided_on=on, decided_at=now)
    close_work(found, by=by, on=on)
    verb = "misconduct.established" if established else "misconduct.dismissed"
    record(verb, found, by=by, on=on, policy=found.policy, ground=found.ground)
    if established:
        open_what_is_met(found.base, by=by, on=on)
    return found
