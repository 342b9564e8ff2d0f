"""The outbox: each row is a promise; `sent_at` says that it was kept."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.jurisdictions.models import JurisdictionOwned

OUTGROWN = "已由后一阶段的提醒代替"


class Notification(JurisdictionOwned):
    """One message to one person: in the inbox at once, by mail at once (deadlines, corrections) or in the digest."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=60)
    subject = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"))
    url = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(_("立即发送"), default=False)
    dedupe_key = models.CharField(max_length=160, unique=True, null=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    while_status = models.JSONField(default=list, blank=True)  # mailed only while the subject stands in one of these
    on = models.DateField(_("业务日期"))
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    dropped_because = models.CharField(max_length=120, blank=True)
    tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("消息")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notification_inbox"),
            models.Index(fields=["id"], name="notification_unsent", condition=models.Q(sent_at__isnull=True)),
            models.Index(fields=["recipient"], name="notification_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def told_at(self) -> datetime.datetime:
        """When it was told by the business calendar: its day, at the hour it was written; sending keeps real time."""
        return datetime.datetime.combine(self.on, timezone.localtime(self.created_at).timetz())


class Digest(models.Model):
    """That a person got the digest of a day: at most one, however often the job runs."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField(_("业务日期"))
    messages = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("每日汇总")
        constraints = [models.UniqueConstraint(fields=["recipient", "on"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.recipient} {self.on}"
