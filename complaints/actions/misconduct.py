"""弄虚作假、不履行服务承诺: verified by two officers, established by another; alone a ground of revocation (GZ-27)."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from bases.models import Base
from complaints.actions.opening import open_what_is_met
from complaints.models import Complaint, Misconduct
from complaints.rules import MISCONDUCT, ComplaintPolicy
from complaints.states import MisconductStatus
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership, User
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.documents.models import Upload
from portal.errors import InvalidInput, NotAllowed
from portal.policies.loader import pack_in_force
from portal.worklist.items import close_work, open_work

SHORTEST = 10
KIND = "complaints.misconduct"


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
    """Report what two officers verified (核实上报, GZ-28); an approver of the same bureau establishes it or not.

    Raises InvalidInput where the record is not whole, NotAllowed for a bureau that does not hold the base.
    """
    base = Base.objects.locked(base.pk)
    if by.kind != "officer" or not by.may(Permission.HANDLE_COMPLAINT) or not by.jurisdiction.covers(base.region_code):
        raise NotAllowed("您现在的岗位不能上报这家基地的核实情况。")
    law = pack_in_force(at=base.jurisdiction, on=on)
    handling = law.section(ComplaintPolicy).handling
    problems = {}
    if ground not in MISCONDUCT:
        problems["ground"] = "请选择弄虚作假或不履行服务承诺。"
    if len(minutes.strip()) < SHORTEST:
        problems["minutes"] = "请写核实记录：看了什么、问了谁、有什么凭证，至少 10 个字。"
    if len(conclusion.strip()) < SHORTEST:
        problems["conclusion"] = "请写明认定的事实，至少 10 个字，会写进告知书。"
    fewest = handling.verifying_officers.value
    chosen = {person.pk for person in officers}
    posts = Membership.objects.in_force(on).filter(jurisdiction=by.jurisdiction, user__in=chosen).values("user")
    if len(chosen) < fewest or posts.distinct().count() < len(chosen):
        problems["officers"] = f"核实须有本机关 {fewest} 名以上现任工作人员，请重新选择。"
    if problems:
        raise InvalidInput("没有上报。", problems)
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
    found.officers.set(officers)
    found.uploads.set(uploads)
    limit = due(on, handling.confirm_workdays.value, "workday", calendar_for(base.jurisdiction))
    open_work(
        found,
        KIND,
        task=gettext_noop("审定是否构成弄虚作假或不履行服务承诺"),
        title=base.name,
        url=f"/desk/misconduct/{found.pk}/",
        desk=by.jurisdiction,
        permission=Permission.CONFIRM_FINDING,
        due=limit,
        clause=handling.clause,
        policy=law.id,
        by=by,
        on=on,
    )
    record("misconduct.reported", found, by=by, on=on, policy=law.id, ground=ground)
    return found


@transaction.atomic
def decide_misconduct(
    found: Misconduct, *, established: bool, reason: str, by: Capacity, on: datetime.date
) -> Misconduct:
    """Establish misconduct or not (审定), by another person than those who verified it.

    Established, it opens proceedings in the same transaction, whatever the number of complaints (G-02).
    """
    Base.objects.locked(found.base_id)
    found = Misconduct.objects.select_for_update(of=("self",)).select_related("base", "jurisdiction").get(pk=found.pk)
    if by.kind != "officer" or not by.may(Permission.CONFIRM_FINDING) or not by.jurisdiction.covers(found.region_code):
        raise NotAllowed("这件核实情况由上报机关的审批岗审定。")
    if by.people & {*found.officers.values_list("pk", flat=True), found.reported_by_id}:
        raise NotAllowed("您参加了这次核实，请由另一位审批人员审定。")
    if len(reason.strip()) < SHORTEST:
        raise InvalidInput("没有审定。", {"reason": "请写明认定或不予认定的理由，至少 10 个字。"})
    status = MisconductStatus.ESTABLISHED if established else MisconductStatus.DISMISSED
    now = timezone.localtime()
    found.advance(status, reason=reason.strip(), decided_by=by.person, decided_on=on, decided_at=now)
    close_work(found, by=by, on=on)
    verb = "misconduct.established" if established else "misconduct.dismissed"
    record(verb, found, by=by, on=on, policy=found.policy, ground=found.ground)
    if established:
        open_what_is_met(found.base, by=by, on=on)
    return found
