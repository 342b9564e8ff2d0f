"""The queues of an officer: what lies on the desk, what is due soon, what one passed on, did, or supervises below."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from bases.models import Operator
from portal.accounts.capacity import Capacity
from portal.accounts.models import Delegation, DelegationQuerySet
from portal.deadlines.terms import Due
from portal.desk.worklist.basis import Cases, basis_in
from portal.desk.worklist.kinds import kind_in_words, officer_address
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.schema import Value
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
SHOWN = ("jurisdiction", "place", "assignee")
HELD_BY = ("desk",)  # what says who has it: on the own desk nobody asks


class CountUpTo(Subquery):
    """How many rows a query that is limited to so many finds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


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
        mine, late = self._mine(), Q(due_on__lt=self.today)
        wanted: dict[str, QuerySet[Any]] = {
            MINE: mine,
            "overdue": mine.filter(late),
            "today": mine.filter(due_on=self.today),
            SOON: mine.filter(self._is_soon),
            RECEIVED: self.received,
        }
        if self.supervises:
            below = self._below()
            wanted |= {BELOW: below, "below_overdue": below.filter(late)}
        counted = [CountUpTo(items.values("pk")[:MOST_COUNTED]) for items in wanted.values()]
        found = Jurisdiction.objects.values_list(*counted).get(pk=self.capacity.jurisdiction.pk)
        return dict(zip(wanted, found, strict=True))


@dataclass(frozen=True)
class Row:
    """An item as a line of the list: its words, its deadline with the sum and its basis, where it is opened."""

    item: WorkItem
    kind: str
    href: str
    moment: Due | datetime.date | None
    basis: Value[Any] | str
    operator: str = ""

    @property
    def task(self) -> str:
        """Return what is to be done, in the reader's language."""
        return task_in_words(self.item.task)

    @property
    def holder(self) -> str:
        """Return who has it now: the officer it is assigned to, else the bureau, else the operator."""
        bureau = self.item.desk.name if self.item.desk else self.operator
        return f"{bureau} {self.item.assignee}" if self.item.assignee else bureau


def row_of(item: WorkItem, cases: Cases) -> Row:
    """Return the line of an item, its case among `cases` where it is about one."""
    moment = Due.from_json(item.due) if item.due else item.due_on
    return Row(item, kind_in_words(item.kind), officer_address(item), moment, basis_in(cases, item))


def rows_of(items: Iterable[WorkItem], cases: Cases) -> list[Row]:
    """Return the lines of items, what lies with an operator under its name: an applicant, a holder, a base complained
    of. One query, where there is any such item.
    """
    rows = [row_of(item, cases) for item in items]
    keys = {row.item.operator_id for row in rows if row.item.operator_id}
    names = dict(Operator.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [replace(row, operator=names.get(row.item.operator_id or 0, "")) for row in rows]
