"""What a superior bureau may do about work that lies below: urge it (催办)."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.models import Notification
from portal.notifications.notify import Notice, notify
from portal.worklist.models import WorkItem, WorkState


@transaction.atomic
def urge_work(item: WorkItem, *, by: Capacity, on: datetime.date) -> list[Notification]:
    """Urge the bureau where the item lies (催办): its officers are told at once, once a day, and it goes on record.

    Raises NotAllowed unless the bureau lies below that of the officer or is watched by them, StatusMoved if nothing
    waits there any more, DomainError if it was urged today or nobody there could be told.
    """
    item = WorkItem.objects.select_for_update(of=("self",)).select_related("desk", "jurisdiction").get(pk=item.pk)
    desk = _desk_below(item, by)
    if item.state != WorkState.OPEN:
        raise StatusMoved(_("%(item)s已经办完，不用再催办。") % {"item": item})
    if item.urged_on == on:
        raise DomainError(_("%(item)s今天已经催办过，同一件一天只催一次，明天起可以再催。") % {"item": item})
    told = notify(_urging(item, by, on), to=responsible(item, desk, on), about=item, on=on)
    if not told:
        raise DomainError(
            _("%(desk)s现在没有能办%(item)s的在岗人员，没有发出消息，请电话联系该单位安排人员。")
            % {"item": item, "desk": desk.name}
        )
    item.urged_on = on
    item.save(update_fields=["urged_on"])
    record("work.urged", item, by=by, on=on, desk=desk.code, due_on=item.due_on, reference=item.reference)
    return told


def responsible(item: WorkItem, desk: Jurisdiction, on: datetime.date) -> list[User]:
    """Return whom the item waits for: the officer it is assigned to while in that post, else all who may do it."""
    officers = officers_at(desk, item.permission, on)
    assigned = [person for person in officers if person.pk == item.assignee_id]
    return assigned or officers


def _desk_below(item: WorkItem, by: Capacity) -> Jurisdiction:
    if by.kind != "officer" or not by.may(Permission.READ_CASES):
        raise NotAllowed(_("您现在的岗位不能催办。"))
    desk = item.desk
    watches = by.membership is not None and not by.membership.handles_cases  # 监督岗 urges its own bureau too
    own = desk is not None and desk.pk == by.jurisdiction.pk and not watches
    if desk is None or own or not by.jurisdiction.covers(desk.code):
        raise NotAllowed(_("只能催办下级单位正在办理的事项，%(item)s不在您单位的下级。") % {"item": item})
    return desk


def _urging(item: WorkItem, by: Capacity, on: datetime.date) -> Notice:
    until = f"，到期日 {item.due_on}" if item.due_on else ""
    number = item.reference or "无受理号"
    return Notice(
        kind="work.urged",
        subject=f"催办：{item}"[:120],
        body=f"{by.jurisdiction.name}催办：{item.title}（{number}），{item.task}{until}。请尽快办理。",
        url=item.url,
        urgent=True,
        dedupe=f"work:{item.pk}:urged:{on}",
    )
