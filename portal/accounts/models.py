"""People, their posts, and who stands in for whom."""

import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ADMINISTRATORS, CASE_WORK, Role
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import Jurisdiction


class User(AbstractUser):
    """A person with one login. What they may do comes from memberships and from the operators they represent."""

    first_name = None  # type: ignore[assignment]  # one field for the whole name: 姓名
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=50)
    phone = EncryptedTextField(_("手机"), blank=True)
    # the bureau whose administrators keep this login
    region_code = models.CharField(_("管理地区"), max_length=12, blank=True, editable=False)
    daily_digest = models.BooleanField(_("每日汇总邮件"), default=True)
    active_since = models.DateField(_("启用日期"), null=True, editable=False)
    disabled_because = models.CharField(_("停用原因"), max_length=200, blank=True, editable=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, editable=False)
    demo = models.BooleanField(default=False, editable=False)
    demo_note = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("人员")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="user_email_once"),
        ]
        indexes = [models.Index(fields=["demo"], name="user_demo", condition=models.Q(demo=True))]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the person's name."""
        return self.name

    def get_short_name(self) -> str:
        """Return the person's name."""
        return self.name


def in_force(on: datetime.date, prefix: str = "") -> models.Q:
    """Return the condition that a post (reached over `prefix`) is held on that day."""
    return models.Q(
        models.Q((f"{prefix}valid_to__isnull", True)) | models.Q((f"{prefix}valid_to__gte", on)),
        (f"{prefix}valid_from__lte", on),
        (f"{prefix}confirmed_by__isnull", False),
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: datetime.date) -> Self:
        """Posts held on that day."""
        return self.filter(in_force(on))

    def proposed(self) -> Self:
        """Posts that wait for a security administrator."""
        return self.filter(confirmed_by__isnull=True, refused_on__isnull=True)

    def open(self, on: datetime.date) -> Self:
        """Posts held on that day, to come, or proposed and neither sent back nor withdrawn."""
        return self.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=on), refused_on__isnull=True)

    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Posts in the jurisdiction or below it."""
        return self.filter(jurisdiction__code__startswith=jurisdiction.prefix)


class Membership(models.Model):
    """A person's post in a bureau, from the day it was confirmed until it ends.

    Proposed by a system administrator, confirmed by a security administrator: nobody appoints alone. A trigger of the
    database keeps the three administrators apart from each other and from case work (migration 0003).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="memberships")
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_on = models.DateField(_("提出日期"), null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(_("核准日期"), null=True)
    refused_on = models.DateField(_("退回日期"), null=True)
    because = models.CharField(_("原因"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "jurisdiction", "role"],
                condition=models.Q(valid_to__isnull=True, refused_on__isnull=True),
                name="membership_once_while_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("confirmed_by")), name="membership_confirmed_by_another"
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "role"], name="membership_desk")]

    def __str__(self) -> str:
        return f"{self.user} · {self.jurisdiction} · {self.get_role_display()}"

    @property
    def region_code(self) -> str:
        """Where the post lies."""
        return self.jurisdiction.code

    @property
    def administers(self) -> bool:
        """Whether it is one of the three administrators' posts."""
        return self.role in ADMINISTRATORS

    @property
    def handles_cases(self) -> bool:
        """Whether cases are handled in it, so that somebody may stand in for its holder."""
        return self.role in CASE_WORK

    def state(self, on: datetime.date) -> str:
        """Return what it is on that day: proposed, refused, withdrawn, coming, held or ended."""
        if self.refused_on is not None:
            return "withdrawn" if self.valid_to is not None and self.valid_to < self.valid_from else "refused"
        if self.valid_to is not None and self.valid_to < on:
            return "ended"
        if self.confirmed_by_id is None:
            return "proposed"
        return "held" if self.valid_from <= on else "coming"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def running(self, on: datetime.date) -> Self:
        """Delegations in which the delegate may act on that day."""
        return self.filter(
            models.Q(revoked_on__isnull=True) | models.Q(revoked_on__gt=on), starts_on__lte=on, ends_on__gte=on
        )

    def by_colleagues(self, on: datetime.date) -> Self:
        """Delegations whose stand-in holds a post of case work at the same bureau on that day."""
        own = Membership.objects.in_force(on).filter(
            user=models.OuterRef("delegate"), jurisdiction=models.OuterRef("membership__jurisdiction")
        )
        return self.filter(models.Exists(own.filter(role__in=CASE_WORK)))

    def open(self, on: datetime.date) -> Self:
        """Delegations that run on that day or are still to begin."""
        return self.filter(revoked_on__isnull=True, ends_on__gte=on)


class Delegation(models.Model):
    """An officer's absence: until `until`, the delegate may act in that post. Ends by itself."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations_received")
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"))
    reason = models.CharField(_("事由"), max_length=200)
    revoked_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)  # the day its end was recorded
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


class Representative(models.Model):
    """A person who acts for an operator: guardian holds the grant, this row says who gave it and why it ended."""

    user = models.ForeignKey(User, models.PROTECT, related_name="representations")
    operator_id = models.BigIntegerField()
    operator_name = models.CharField(_("运营机构"), max_length=120)
    region_code = models.CharField(_("区划代码"), max_length=12)
    manager = models.BooleanField(_("管理本机构人员"), default=False)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_on = models.DateField(_("自"))
    ended_on = models.DateField(_("至"), null=True)
    ended_because = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("运营机构人员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "operator_id"], condition=models.Q(ended_on__isnull=True), name="representative_once"
            ),
        ]
        indexes = [models.Index(fields=["operator_id"], name="representative_operator")]

    def __str__(self) -> str:
        return f"{self.user} · {self.operator_name}"


class PasswordUsed(models.Model):
    """A password somebody had, as its hash: the last ones are refused under the profile `dengbao3`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    hash = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("用过的密码")
        indexes = [models.Index(fields=["user", "-set_at"], name="password_used_last")]

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"
