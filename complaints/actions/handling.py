"""What every act on a complaint shares: hold it, its law, its desk, its clock."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from bases.models import Base
from complaints.models import Complaint, Finding, Misconduct
from complaints.procedure import HandlingPolicy
from complaints.rules import ComplaintPolicy
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership, User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission, roles_with
from portal.audit.recording import timeline
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, Unit, due
from portal.documents.models import Upload
from portal.errors import DomainError, NotAllowed, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import pack_of
from portal.policies.schema import Value
from portal.web.dates import minute
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem

TASKS = {
    S.RECEIVED: gettext_noop("决定是否受理投诉"),
    S.SUPPLEMENTING: gettext_noop("等投诉人补充材料"),
    S.ACCEPTED: gettext_noop("写情况摘要，发给基地答复"),
    S.ANSWERING: gettext_noop("等基地答复，到期即转核实"),
    S.VERIFYING: gettext_noop("两人核实，写出核实结果"),
    S.FOUND: gettext_noop("送达核实结果，异议期满后确认"),
}
TO_CONFIRM = gettext_noop("异议期满后确认核实结果")
PERMISSIONS = {S.FOUND: Permission.CONFIRM_FINDING}
QUARANTINE = "complaints.quarantine"
DELIVERY = "complaints.delivery"
TO_ANSWER = "complaints.answer"
TO_SIGN = "complaints.finding_receipt"
OBJECTION = "complaints.finding_objection"
REPORTED = "complaints.misconduct"
FOLLOW_UP = "complaints.rating"


def law_of(complaint: Complaint) -> ComplaintPolicy:
    """Return the section the complaint is handled by: the pack of its base as it stood when it was received."""
    return pack_of(complaint.policy, on=complaint.received_on).section(ComplaintPolicy)


def handling_of(complaint: Complaint) -> HandlingPolicy:
    """Return who handles the complaint and in how many days."""
    return law_of(complaint).handling


def term_of(law: HandlingPolicy, item: WorkItem) -> Value[Any] | None:
    """Return the value of the pack that the term of a work item is counted from, None where nothing is counted.

    A finding waits until the hard limit; once it is served, for the days of an objection and then to be confirmed.
    What runs until the hard limit that was extended rests on the extension.
    """
    if item.due_on is None:
        return None
    extended = law.extension_days if _runs_extended(law, item) else None
    terms: dict[str, Value[Any]] = {
        **dict.fromkeys((f"complaints.{S.RECEIVED}", f"complaints.{S.ACCEPTED}", QUARANTINE), law.accept_workdays),
        f"complaints.{S.SUPPLEMENTING}": law.supplement_workdays,
        **dict.fromkeys((f"complaints.{S.ANSWERING}", TO_ANSWER), law.answer_workdays),
        f"complaints.{S.VERIFYING}": extended or law.verify_days,
        f"complaints.{S.FOUND}": law.confirm_workdays if item.task == TO_CONFIRM else extended or law.limit_days,
        **dict.fromkeys((OBJECTION, REPORTED), law.confirm_workdays),
        FOLLOW_UP: law.rating_workdays,
    }
    return terms.get(item.kind)


def _runs_extended(law: HandlingPolicy, item: WorkItem) -> bool:
    """Whether the day of an item is the hard limit with the extension: its term tells, wherever the day has moved."""
    return item.due is not None and (item.due["length"], item.due["unit"]) == (law.longest_days, "day")


def desk_at(base: Base, level: str, permission: str, on: datetime.date) -> Jurisdiction:
    """Return the bureau of that level over the base, or the next one up that has an officer for it: nothing is lost."""
    wanted = base.jurisdiction.ancestor(level)
    for bureau in wanted.lineage():
        if officers_at(bureau, permission, on):
            return bureau
    return wanted


def desk_apart(start: Jurisdiction, permission: str, on: datetime.date, *, apart_from: Collection[int]) -> Jurisdiction:
    """Return the nearest bureau upwards with an officer for it who is not among those people; `start` if none has one.

    What another person has to confirm never waits where nobody may: a stand-in is not another than who is away.
    """
    lineage = start.lineage()
    return next((each for each in lineage if another_at(each, permission, on, apart_from=apart_from)), start)


def another_at(bureau: Jurisdiction, permission: str, on: datetime.date, *, apart_from: Collection[int]) -> bool:
    """Whether somebody who is not among those people holds a post for it at that very bureau."""
    posts = Membership.objects.in_force(on).filter(role__in=roles_with(permission), user__is_active=True)
    return posts.filter(jurisdiction=bureau).exclude(user__in=apart_from).exists()


def work_cases_at(bureau: Jurisdiction | None, people: Collection[User], on: datetime.date) -> bool:
    """Whether each of those people holds a post of that bureau in which complaints are handled or confirmed."""
    roles = roles_with(Permission.HANDLE_COMPLAINT) | roles_with(Permission.CONFIRM_FINDING)
    posts = Membership.objects.in_force(on).filter(jurisdiction=bureau, role__in=roles, user__in=people)
    return posts.values("user").distinct().count() == len({person.pk for person in people})


def keep_hands(found: Finding | Misconduct, officers: Sequence[User], uploads: Sequence[Upload], by: Capacity) -> None:
    """Keep who verified with what it rests on, and who recorded it, for whom they stood in included."""
    found.officers.set(officers)
    found.hands.set(by.people)
    found.uploads.set(uploads)


def held(complaint: Complaint, *, seen: int | None = None) -> Complaint:
    """Return the complaint, with its base held first: what counts on a base is decided one after the other.

    Without it two officers confirming at once would each count two and neither would open proceedings. Raises
    StatusMoved if the complaint changed since revision `seen` was shown.
    """
    Base.objects.locked(complaint.base_id)
    locked = Complaint.objects.locked(complaint.pk)
    if seen is not None and locked.revision != seen:
        raise _moved(locked)
    return locked


def _moved(complaint: Complaint) -> StatusMoved:
    last = timeline(complaint).last()
    who, when = (last.actor_label, minute(last.moment)) if last else ("", "")
    now = complaint.get_status_display()
    said = f"{complaint}在您打开之后已由{who or '他人'}办理，现为“{now}”。请刷新查看。"
    return StatusMoved(said, by_whom=who, when=when, by_id=last.actor_id if last else None)


def require_desk(complaint: Complaint, by: Capacity, permission: str) -> None:
    """Raise NotAllowed unless the officer holds the permission at the very bureau where the complaint waits."""
    if by.kind == "officer" and by.may(permission) and by.jurisdiction.pk == complaint.desk_id:
        return
    post = "审批岗" if permission == Permission.CONFIRM_FINDING else "经办岗"
    where = complaint.desk.name if complaint.desk else "办理机关"
    raise NotAllowed(f"这一步由{where}的{post}办理。")


def require_status(complaint: Complaint, *expected: S) -> None:
    """Raise DomainError unless the complaint stands at one of these."""
    if complaint.status not in expected:
        names = "、".join(f"“{status.label}”" for status in expected)
        raise DomainError(f"{complaint}现为“{complaint.get_status_display()}”，这一步只能在{names}时办理。")


def term(complaint: Complaint, start: datetime.date, length: int, unit: Unit = "workday") -> Due:
    """Return a term that begins with an event on `start`, by the calendar of the place of the base."""
    return due(start, length, unit, calendar_for(complaint.jurisdiction))


def days_from(first: datetime.date | None, on: datetime.date) -> str:
    """Return in words which days may be written: from `first` (receipt, finding …) to today."""
    return f"应是 {first} 到今天（{on}）之间的一天，这两天也可以" if first != on else f"只能是今天（{on}）"


def clocks_from(complaint: Complaint, accepted_on: datetime.date) -> dict[str, Any]:
    """Return the fields that acceptance sets: its day, the aim and the hard limit of the verification."""
    law = handling_of(complaint)
    aim, hard = (term(complaint, accepted_on, days.value, "day") for days in (law.verify_days, law.limit_days))
    limits = {"limit_on": hard.on, "limit_term": hard.as_json()}
    return {"accepted_on": accepted_on, "verify_by": aim.as_json(), **limits}


def move(
    complaint: Complaint,
    status: S,
    *,
    by: Capacity,
    on: datetime.date,
    limit: Due | None = None,
    desk: Jurisdiction | None = None,
    clause: str = "",
    **stamps: Any,
) -> None:
    """Move the complaint to a step: status, desk, due date and the item on that desk's list, all at once.

    Without `desk` it stays where it is; a complaint that is finished leaves every desk, and the last one is kept.
    """
    leave(complaint, by=by, on=on)
    quarantined_at = complaint.desk if complaint.held_back else None
    where = (desk or complaint.desk) if status in TASKS else None
    if where is None and complaint.desk is not None:
        stamps["closed_at_desk"] = complaint.desk
    clock = {"due_on": limit.on if limit else None, "due": limit.as_json() if limit else None}
    complaint.advance(status, desk=where, arrived_on=on, revision=complaint.revision + 1, **clock, **stamps)
    if where is not None:
        put_on_desk(complaint, limit, clause=clause, by=by, on=on)
    if quarantined_at is not None:
        keep_quarantine(quarantined_at, by=by, on=on)


def put_on_desk(complaint: Complaint, limit: Due | None, *, clause: str, by: Capacity, on: datetime.date) -> None:
    """Enter what is to be done now on the list of the bureau where the complaint waits."""
    status = S(complaint.status)
    open_work(
        complaint,
        f"complaints.{status.value}",
        task=TASKS[status],
        title=complaint.base.name,
        reference=complaint.number,
        url=f"/desk/complaints/{complaint.pk}/",
        desk=complaint.desk,
        permission=PERMISSIONS.get(status, Permission.HANDLE_COMPLAINT),
        due=limit,
        clause=clause or handling_of(complaint).clause,
        policy=complaint.policy,
        by=by,
        on=on,
    )


def put_before_base(
    complaint: Complaint, kind: str, task: str, limit: Due | None, *, by: Capacity, on: datetime.date
) -> None:
    """Enter what the operator of the base is to do; nothing in it says who complained."""
    open_work(
        complaint,
        kind,
        task=task,
        title=complaint.base.name,
        reference=complaint.number,
        url=f"/my/complaints/{complaint.pk}/",
        operator_id=complaint.base.operator_id,
        due=limit,
        clause=handling_of(complaint).clause,
        policy=complaint.policy,
        by=by,
        on=on,
    )


def leave(complaint: Complaint, *, by: Capacity, on: datetime.date) -> None:
    """Take the complaint off every list: done, or withdrawn when no officer did it."""
    if by.kind == "officer":
        cancel_work(complaint, TO_ANSWER)
        cancel_work(complaint, TO_SIGN)
        close_work(complaint, by=by, on=on)
    else:
        cancel_work(complaint)


def keep_quarantine(desk: Jurisdiction, *, by: Capacity, on: datetime.date) -> None:
    """Keep one item on the desk's list while complaints wait in quarantine, however many: a flood fills no list.

    It says how many wait and is due when the first of them is; when that one is dealt with, the next takes its place.
    """
    held_back = Complaint.objects.unfinished().filter(desk=desk, held_back=True)
    first = held_back.select_related("base", "jurisdiction").order_by("due_on", "pk").first()
    if first is None:
        return
    task = _to_look_through(held_back.count())
    item = WorkItem.objects.waiting().filter(desk=desk, kind=QUARANTINE)
    if item.update(task=task, due_on=first.due_on, due=first.due):
        return
    open_work(
        first,
        QUARANTINE,
        task=task,
        title=first.base.name,
        reference=first.number,
        url="/desk/complaints/quarantine/",
        desk=desk,
        permission=Permission.HANDLE_COMPLAINT,
        due=first.limit,
        clause=handling_of(first).accept_workdays.clause,
        policy=first.policy,
        by=by,
        on=on,
    )


def _to_look_through(count: int) -> str:
    return gettext_noop("甄别 %(n)s 件被系统标记的投诉") % {"n": count}
