"""The outbox: each row is a promise; `sent_at` says that it was kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.jurisdictions.models import JurisdictionOwned


class Notification(JurisdictionOwned):
    """One message to one person. In the inbox at once; by mail at once (deadlines, corrections) or in the daily digest."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=60)
    subject = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"))
    url = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(_("立即发送"), default=False)
    dedupe_key = models.CharField(max_length=160, unique=True, null=True)
    on = models.DateField(_("业务日期"))
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("消息")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notification_inbox"),
            models.Index(fields=["id"], name="notification_unsent", condition=models.Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject
