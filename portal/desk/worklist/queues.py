"""The queues of an officer: what lies on the desk, what is due soon, what one passed on, did, or supervises below."""

import datetime
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from bases.models import Operator
from portal.accounts.capacity import Capacity
from portal.accounts.models import Delegation, DelegationQuerySet
from portal.deadlines.terms import Calendar, Due
from portal.desk.worklist.basis import Cases, basis_in
from portal.desk.worklist.kinds import kind_in_words, officer_address
from portal.jurisdictions.models import Level
from portal.policies.schema import Value
from portal.web.due import Standing, standing
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.wording import task_in_words

MINE, SOON, STARTED, DONE, BELOW = "mine", "soon", "started", "done", "below"
RECEIVED = "received"
SOON_WORKDAYS = 3
MOST_COUNTED = 1_000
BY_DUE_DATE = ("due_on", "id")  # no due date last: the order of the index work_item_desk
ORDERS = {
    MINE: BY_DUE_DATE,
    SOON: BY_DUE_DATE,
    BELOW: BY_DUE_DATE,
    STARTED: ("-opened_at", "-id"),
    DONE: ("-done_at", "-id"),
}


@dataclass(frozen=True)
class Desk:
    """Whose morning it is: the capacity, the day, and the last day that counts as soon."""

    capacity: Capacity
    today: datetime.date
    soon_until: datetime.date

    @property
    def watches(self) -> bool:
        """Whether it is a post that only supervises: nothing waits for it, and its own bureau is watched too."""
        post = self.capacity.membership
        return post is not None and not post.handles_cases

    @property
    def supervises(self) -> bool:
        """Whether there is work of others to look after: bureaus lie below, or the own one is watched."""
        return self.watches or self.capacity.jurisdiction.level != Level.COUNTY

    @property
    def _is_soon(self) -> Q:
        return Q(due_on__gte=self.today, due_on__lte=self.soon_until)

    def queue(self, name: str) -> QuerySet[WorkItem]:
        """Return the items of a queue, unordered."""
        return {MINE: self._mine, SOON: self._soon, STARTED: self._started, DONE: self._done, BELOW: self._below}[
            name
        ]()

    def whole_desk(self) -> QuerySet[WorkItem]:
        """Return what waits at the bureau for this post, whoever of the colleagues has it."""
        capacity = self.capacity
        return WorkItem.objects.on_desk(capacity.jurisdiction, capacity.permissions).waiting()

    def _mine(self) -> QuerySet[WorkItem]:
        return self.whole_desk().filter(Q(assignee=None) | Q(assignee__in=self.capacity.people))

    def _soon(self) -> QuerySet[WorkItem]:
        return self._mine().filter(self._is_soon)

    def _started(self) -> QuerySet[WorkItem]:
        """Return what runs of the business one had a hand in, whoever has it now, but for what waits for oneself."""
        user, within = self.capacity.user, WorkItem.objects.within(self.capacity.jurisdiction)
        same = WorkItem.objects.filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"))
        handled = same.filter(Q(opened_by=user) | Q(done_by=user) | Q(handed_by=user))
        return within.waiting().filter(Exists(handled)).exclude(pk__in=self._mine().values("pk"))

    def _done(self) -> QuerySet[WorkItem]:
        within = WorkItem.objects.within(self.capacity.jurisdiction)
        return within.filter(done_by=self.capacity.user, state=WorkState.DONE)

    def _below(self) -> QuerySet[WorkItem]:
        """Return what waits at the bureaus below: neither at the own desk, unless that is watched, nor at the one
        above. No join: quick.
        """
        own = self.capacity.jurisdiction
        below = WorkItem.objects.within(own).waiting().filter(desk__isnull=False)
        left_out = [own.parent_id] if self.watches else [own.pk, own.parent_id]
        return below.exclude(desk__in=left_out) if self.supervises else below.none()

    @property
    def received(self) -> DelegationQuerySet:
        """Return the absences in which the officer stands in for somebody today; none where they do so already."""
        running = Delegation.objects.running(self.today)
        return running.filter(delegate=self.capacity.user) if self.capacity.delegation is None else running.none()

    def counts(self) -> dict[str, int]:
        """Return how many wait on the desk and below it, how many of them are overdue, due today and soon; and in how
        many absences the officer stands in, which is asked here because hardly anybody does.

        One query; each number is counted up to `MOST_COUNTED`, so that a full desk opens as fast as an empty one.
        """
        mine, late = self._mine().values("due_on"), ("due_on < %s", (self.today,))
        wanted = {
            MINE: _Part(mine),
            "overdue": _Part(mine, *late),
            "today": _Part(mine, "due_on = %s", (self.today,)),
            SOON: _Part(mine, "due_on BETWEEN %s AND %s", (self.today, self.soon_until)),
            RECEIVED: _Part(self.received.values("pk")),
        }
        if self.supervises:
            below = self._below().values("due_on")
            wanted |= {BELOW: _Part(below), "below_overdue": _Part(below, *late)}
        return _counted(wanted)


@dataclass(frozen=True)
class _Part:
    """What is counted: the rows of a set that fit a condition in SQL."""

    items: QuerySet[Any, Any]
    where: str = "true"
    values: tuple[Any, ...] = ()


def _counted(wanted: dict[str, _Part]) -> dict[str, int]:
    """Return how many rows each part has, all asked in one query. A set's text is written once, however many of its
    parts are counted: as sub-queries of the ORM they cost each morning's page two milliseconds more.
    """
    texts: dict[QuerySet[Any, Any], tuple[str, tuple[Any, ...]]] = {}
    for items in dict.fromkeys(part.items for part in wanted.values()):
        with suppress(EmptyResultSet):  # known to find nothing
            texts[items] = items.query.sql_with_params()
    asked = {name: part for name, part in wanted.items() if part.items in texts}
    if not asked:
        return dict.fromkeys(wanted, 0)
    names = {items: f"set_{number}" for number, items in enumerate(texts)}
    sets = (f"{names[items]} AS NOT MATERIALIZED ({sql})" for items, (sql, _values) in texts.items())
    counts = (
        f"(SELECT count(*) FROM (SELECT FROM {names[part.items]} WHERE {part.where} LIMIT {MOST_COUNTED}) few)"
        for part in asked.values()
    )
    values = [*(values for _sql, values in texts.values()), *(part.values for part in asked.values())]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(sets)} SELECT {', '.join(counts)}", [each for said in values for each in said])
        found = dict(zip(asked, cursor.fetchone(), strict=True))
    return dict.fromkeys(wanted, 0) | found


def shown(items: QuerySet[WorkItem], *also: str) -> QuerySet[WorkItem]:
    """Return the items with what their lines show: who has it, where it lies, and what `also` names (the desk only
    where it is not the own one). Related rows, no annotation: a count and the keys of a page then join nothing.
    """
    return items.select_related("jurisdiction", "place", "assignee", *also)


@dataclass(frozen=True)
class Row:
    """An item as a line of the list: its words, how its deadline stands, the basis of that, where it is opened."""

    item: WorkItem
    kind: str
    href: str
    now: Standing | None
    basis: Value[Any] | str
    operator: str = ""

    @property
    def place(self) -> str:
        """Return the name of the place that the business lies in."""
        return self.item.lies_at.name

    @property
    def task(self) -> str:
        """Return what is to be done, in the reader's language."""
        return task_in_words(self.item.task)

    @property
    def holder(self) -> str:
        """Return who has it now: the officer it is assigned to, else the bureau, else the operator."""
        bureau = self.item.desk.name if self.item.desk else self.operator
        return f"{bureau} {self.item.assignee}" if self.item.assignee else bureau


def row_of(item: WorkItem, cases: Cases, *, today: datetime.date, calendar: Calendar) -> Row:
    """Return the line of an item as it stands `today`, its case among `cases` where it is about one."""
    moment = Due.from_json(item.due) if item.due else item.due_on
    now = standing(moment, today=today, calendar=calendar) if moment else None
    return Row(item, kind_in_words(item.kind), officer_address(item), now, basis_in(cases, item))


def rows_of(items: Iterable[WorkItem], cases: Cases, *, today: datetime.date, calendar: Calendar) -> list[Row]:
    """Return the lines of items, what lies with an operator under its name: an applicant, a holder, a base complained
    of. One query, where there is any such item.
    """
    rows = [row_of(item, cases, today=today, calendar=calendar) for item in items]
    keys = {row.item.operator_id for row in rows if row.item.operator_id}
    names = dict(Operator.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [replace(row, operator=names.get(row.item.operator_id or 0, "")) for row in rows]
