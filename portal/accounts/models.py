"""People, their posts, and who stands in for whom."""

import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role
from portal.jurisdictions.models import Jurisdiction


class User(AbstractUser):
    """A person with one login. What they may do comes from memberships and from the operators they represent."""

    first_name = None  # type: ignore[assignment]  # one field for the whole name: 姓名
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=50)
    phone = models.CharField(_("手机"), max_length=30, blank=True)
    daily_digest = models.BooleanField(_("每日汇总邮件"), default=True)

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the person's name."""
        return self.name

    def get_short_name(self) -> str:
        """Return the person's name."""
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: datetime.date) -> Self:
        """Posts held on that day."""
        return self.filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=on),
            valid_from__lte=on,
            confirmed_by__isnull=False,
        )

    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Posts in the jurisdiction or below it."""
        return self.filter(jurisdiction__code__startswith=jurisdiction.prefix)


class Membership(models.Model):
    """A person's post in a bureau, from the day it was confirmed until it ends."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="memberships")
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "jurisdiction", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="membership_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.jurisdiction} · {self.get_role_display()}"

    @property
    def region_code(self) -> str:
        """Where the post lies."""
        return self.jurisdiction.code


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def running(self, on: datetime.date) -> Self:
        """Delegations in which the delegate may act on that day."""
        return self.filter(
            models.Q(revoked_on__isnull=True) | models.Q(revoked_on__gt=on), starts_on__lte=on, ends_on__gte=on
        )


class Delegation(models.Model):
    """An officer's absence: until `until`, the delegate may act in that post. Ends by itself."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations_received")
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"))
    reason = models.CharField(_("事由"), max_length=200)
    revoked_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("委托代办")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="delegation_starts_before_ends"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.delegate}"

    @property
    def region_code(self) -> str:
        """Where the delegated post lies."""
        return self.membership.region_code

    def runs(self, on: datetime.date) -> bool:
        """Whether the delegate may act on that day."""
        return self.starts_on <= on <= self.ends_on and (self.revoked_on is None or on < self.revoked_on)
