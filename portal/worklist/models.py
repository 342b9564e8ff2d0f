"""Work items: an index of what waits for whom. Written by the acts themselves, in their transaction.

One table serves every kind of case, so that the officer's morning list is one query however many kinds there are.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned


class WorkState(models.TextChoices):
    """Open waits for its desk or operator; done is kept for 已办.

    Nothing pauses here: what waits for somebody else is another item of theirs, and days that do not count are pauses
    of the term itself (`portal.deadlines.terms`).
    """

    OPEN = "open", _("待办")
    DONE = "done", _("已办")
    CANCELLED = "cancelled", _("已撤销")


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Items about records in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def on_desk(self, jurisdiction: Jurisdiction, permissions: frozenset[str]) -> Self:
        """What waits at this bureau for somebody with one of these permissions."""
        return self.filter(desk=jurisdiction, permission__in=permissions)

    def waiting(self) -> Self:
        """Neither done nor withdrawn."""
        return self.filter(state=WorkState.OPEN)


class WorkItem(JurisdictionOwned):
    """One thing to do: on an officer's desk (`desk`, `permission`) or for an operator (`operator_id`)."""

    kind = models.CharField(_("事项"), max_length=60)
    task = models.CharField(_("要做什么"), max_length=120)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    title = models.CharField(_("单位"), max_length=120)
    reference = models.CharField(_("受理号"), max_length=40, blank=True)
    url = models.CharField(max_length=200)
    desk = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+", verbose_name=_("办理机关"))
    # Of what lies in one place and is kept by the bureau above, such as an objection: where it lies.
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+", verbose_name=_("所在地"))
    permission = models.CharField(max_length=60, blank=True)
    operator_id = models.BigIntegerField(null=True)
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.OPEN)
    arrived_on = models.DateField(_("到达"))
    due_on = models.DateField(_("到期"), null=True)
    due = models.JSONField(_("期限计算"), null=True)
    clause = models.CharField(_("依据"), max_length=20, blank=True)
    policy = models.CharField(max_length=40, blank=True)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who last gave it to a colleague
    urged_on = models.DateField(_("催办"), null=True)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("待办事项")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(desk__isnull=False, operator_id__isnull=True)
                | models.Q(desk__isnull=True, operator_id__isnull=False),
                name="work_item_one_owner",
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=models.Q(state="open"),
                name="work_item_once_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["desk", "state", "due_on", "id"], name="work_item_desk", include=["permission", "assignee"]
            ),
            models.Index(fields=["operator_id", "state", "due_on"], name="work_item_operator"),
            models.Index(fields=["done_by", "-done_at"], name="work_item_done"),
            models.Index(fields=["opened_by", "-opened_at"], name="work_item_opened"),
            models.Index(fields=["state", "due_on"], name="work_item_due"),
            models.Index(
                fields=["region_code"],
                name="work_item_waiting",
                opclasses=["varchar_pattern_ops"],
                include=["desk", "due_on"],
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["opened_by", "region_code"],
                name="work_item_started",
                condition=models.Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.task}"

    @property
    def lies_at(self) -> Jurisdiction:
        """Where the business lies that it is about; scope and calendar are those of `jurisdiction`."""
        return self.place or self.jurisdiction

    @property
    def done_late(self) -> bool:
        """Whether it was done after its due date (逾期办结); what came in after that day is not counted as late."""
        if self.done_on is None or self.due_on is None or self.arrived_on > self.due_on:
            return False
        return self.done_on > self.due_on

    def overdue(self, on: datetime.date) -> bool:
        """Whether its legal due date has passed."""
        return self.state == WorkState.OPEN and self.due_on is not None and self.due_on < on
