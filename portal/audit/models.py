"""The audit trail: one row for every legal act, chained per province, never changed."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One act. A database trigger refuses UPDATE, DELETE and TRUNCATE; `hash` covers `prev_hash` and every field."""

    chain = models.CharField(_("链"), max_length=2)
    seq = models.PositiveBigIntegerField(_("序号"))
    verb = models.CharField(_("事项"), max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=200)
    region_code = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(_("经办"), max_length=120)
    on = models.DateField(_("业务日期"))
    recorded_at = models.DateTimeField(_("记录时间"))
    policy = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_chain_seq")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="audit_subject"),
            models.Index(fields=["region_code", "-recorded_at"], name="audit_region"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}-{self.seq} {self.verb}"

    @property
    def moment(self) -> datetime.datetime | datetime.date:
        """When it was done: the moment, where it was entered on its own business day; else that day alone."""
        entered = timezone.localtime(self.recorded_at)
        return entered if entered.date() == self.on else self.on
