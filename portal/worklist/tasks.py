"""The daily reminder. Safe to run twice, catches up after missed days, looks at each item again before it speaks."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from celery import shared_task
from django.db import transaction

from portal.accounts.models import User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.models import Notification
from portal.notifications.notify import Notice, notify
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.vacancies import tell_of_vacancies

SOON_WORKDAYS = 3
ESCALATED_AFTER_WORKDAYS = 5
LONGEST_REST = 30  # days: more than the longest row of days off, so that no item is overlooked
AT_ONCE = 500
SOON, TODAY, OVERDUE, ESCALATED, WITHIN = "soon", "today", "overdue", "escalated", "within"


@shared_task
def remind_due() -> int:
    """Remind of everything due within three working days, today, or overdue, and tell the bureaus above of what waits
    where nobody is; return how many were told. What is assigned to somebody who left goes back to the desk first.
    """
    today = business_today()
    release_items(today)
    return remind(today) + tell_of_vacancies(today)


def release_items(on: datetime.date) -> int:
    """Give back to the desk what is assigned to somebody who may not do it there any more: colleagues do not see what
    is another's. Returns how many items.
    """
    assigned = WorkItem.objects.waiting().filter(desk__isnull=False, assignee__isnull=False)
    released = 0
    for desk in Jurisdiction.objects.filter(pk__in=assigned.values("desk")):
        at_desk = assigned.filter(desk=desk)
        for permission in at_desk.order_by("permission").values_list("permission", flat=True).distinct():
            theirs = at_desk.filter(permission=permission)
            released += theirs.exclude(assignee__in=officers_at(desk, permission, on)).update(assignee=None)
    return released


def remind(on: datetime.date) -> int:
    """Tell those who have an item once for each stage it has reached by that day; return how many were told.

    Stages follow from the due date alone, so that it makes no difference on which days this ran before; of stages that
    are due together a person reads the last, the others go on record as outgrown. Paused, done
    and withdrawn items are not spoken of; a due date that moved begins its stages anew.
    """
    people = _People(on)
    told = 0
    horizon = on + datetime.timedelta(days=LONGEST_REST)
    open_items = WorkItem.objects.filter(state=WorkState.OPEN, desk__isnull=False, due_on__lte=horizon)
    for items in _chunks(open_items.select_related("desk__parent__parent__parent", "jurisdiction")):
        told += _remind_chunk(items, people, on)
    return told


def _chunks(items: "Iterable[WorkItem]") -> Iterator[list[WorkItem]]:
    last = 0
    while found := list(items.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):  # type: ignore[attr-defined]  # a queryset
        last = found[-1].pk
        yield found


@dataclass
class _People:
    """Whom to tell, asked once for each desk and permission in a run."""

    on: datetime.date
    known: dict[tuple[int, str], list[User]] = field(default_factory=dict)

    def at(self, desk: Jurisdiction, permission: str) -> list[User]:
        key = desk.pk, permission
        if key not in self.known:
            self.known[key] = officers_at(desk, permission, self.on)
        return self.known[key]

    def for_stage(self, item: WorkItem, stage: str) -> tuple[str, list[User]]:
        """Return the stage and whom to tell: the officer it is assigned to, else all of the desk; when it goes up, the
        approvers of the next bureau above that has any, else (WITHIN) those of its own who have not got it themselves.
        """
        assert item.desk is not None
        officers = self.at(item.desk, item.permission)
        if stage != ESCALATED:
            return stage, [person for person in officers if person.pk == item.assignee_id] or officers
        above = (self.at(bureau, Permission.APPROVE) for bureau in item.desk.lineage()[1:])
        if found := next(filter(None, above), None):
            return stage, found
        return WITHIN, [person for person in self.at(item.desk, Permission.APPROVE) if person not in officers]


def stages(item: WorkItem, on: datetime.date) -> list[str]:
    """Return the stages that an item has reached by that day, in their order."""
    if item.due_on is None or item.state != WorkState.OPEN:
        return []
    calendar = calendar_for(item.jurisdiction)
    reached = []
    if calendar.workdays_between(on, item.due_on) <= SOON_WORKDAYS:
        reached.append(SOON)
    if on >= item.due_on:
        reached.append(TODAY)
    if on > item.due_on:
        reached.append(OVERDUE)
        if calendar.workdays_between(item.due_on, on) > ESCALATED_AFTER_WORKDAYS:
            reached.append(ESCALATED)
    return reached


def _remind_chunk(items: list[WorkItem], people: _People, on: datetime.date) -> int:
    """Tell about the items of a chunk what was not told yet; what was told is looked up with one query."""
    wanted = [(item, *people.for_stage(item, stage)) for item in items for stage in stages(item, on)]
    latest = {(item.pk, person.pk): stage for item, stage, persons in wanted for person in persons}
    keys = {f"{_key(item, stage)}:{person.pk}" for item, stage, persons in wanted for person in persons}
    known = set(Notification.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    told = 0
    for item, stage, persons in wanted:
        rest = [person for person in persons if f"{_key(item, stage)}:{person.pk}" not in known]
        now = [person for person in rest if latest[item.pk, person.pk] == stage]
        told += _tell(item, stage, now, on) if now else 0
        if before := [person for person in rest if person not in now]:
            _tell(item, stage, before, on, outgrown=True)
    return told


def overdue_key(item: WorkItem) -> str:
    """Return the key under which officers are told that an item is overdue: told under it, they are not told again."""
    return _key(item, OVERDUE)


def _key(item: WorkItem, stage: str) -> str:
    return f"work:{item.pk}:{item.due_on}:{stage}"


@transaction.atomic
def _tell(item: WorkItem, stage: str, persons: list[User], on: datetime.date, *, outgrown: bool = False) -> int:
    """Tell unless the item was dealt with or moved since it was fetched; it is held while that is looked at."""
    now = WorkItem.objects.select_for_update().filter(pk=item.pk, state=WorkState.OPEN, due_on=item.due_on).first()
    if now is None:
        return 0
    return len(notify(replace(_notice(item, stage), outgrown=outgrown), to=persons, about=item, on=on))


def _notice(item: WorkItem, stage: str) -> Notice:
    desk = item.desk.name if item.desk else ""
    heads = {
        SOON: f"三个工作日内到期：{item}",
        TODAY: f"最后一日 {item.due_on}：{item}",
        OVERDUE: f"已逾期：{item}",
        ESCALATED: f"下级逾期超过 {ESCALATED_AFTER_WORKDAYS} 个工作日：{item}",
        WITHIN: f"本单位逾期超过 {ESCALATED_AFTER_WORKDAYS} 个工作日：{item}",
    }
    what = f"{item.title}（{item.reference or '无受理号'}），{item.task}，到期日 {item.due_on}"
    looks_after = f"由{desk}办理，请督办。"
    asks = {OVERDUE: "请尽快办结。", ESCALATED: looks_after, WITHIN: looks_after}.get(stage, "请按期办理。")
    url = "/desk/?queue=below&term=overdue" if stage == ESCALATED else item.url
    return Notice(
        f"work.{stage}", heads[stage][:120], f"{what}。{asks}", url, urgent=stage != SOON, dedupe=_key(item, stage)
    )
