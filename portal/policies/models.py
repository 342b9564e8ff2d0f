"""What a bureau has ruled on the assumptions of its policy pack. The packs themselves are files."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.jurisdictions.models import JurisdictionOwned, JurisdictionOwnedQuerySet


class Outcome(models.TextChoices):
    """What a bureau may say of an assumed value."""

    CONFIRMED = "confirmed", _("确认")
    CHANGED = "changed", _("变更")


class AssumptionRulingQuerySet(JurisdictionOwnedQuerySet):
    def in_force(self, on: date) -> Self:
        """Return the rulings that hold on that day: made by then and not yet superseded."""
        return self.filter(models.Q(superseded_on__isnull=True) | models.Q(superseded_on__gt=on), decided_on__lte=on)


class AssumptionRuling(JurisdictionOwned):
    """A bureau's word on one assumed value of its pack. Never edited: the next ruling on the value supersedes it."""

    pack = models.CharField(_("政策文件"), max_length=60)
    path = models.CharField(_("取值"), max_length=200)
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome.choices)
    content = models.TextField(_("内容"))
    before = models.TextField(_("原内容"))
    reason = models.TextField(_("理由"))
    decided_on = models.DateField(_("生效日"))
    decided_as = models.CharField(_("决定岗位"), max_length=120)  # place and post, all that the public sees
    decided_by_id = models.BigIntegerField(_("决定人编号"), null=True)
    decided_by = models.CharField(_("决定人"), max_length=120)
    superseded_on = models.DateField(_("被替代日"), null=True)

    objects = AssumptionRulingQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        verbose_name = _("政策假定的确认")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "path"],
                condition=models.Q(superseded_on__isnull=True),
                name="ruling_one_open_per_value",
            ),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="ruling_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(superseded_on__isnull=True) | models.Q(superseded_on__gte=models.F("decided_on")),
                name="ruling_superseded_after_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.path} {self.get_outcome_display()}"

    def holds_on(self, day: date) -> bool:
        """Return whether the ruling is in force on that day."""
        return self.decided_on <= day and (self.superseded_on is None or day < self.superseded_on)

    @property
    def because(self) -> str:
        """Return the reasoning to print beside the value: which post said so, since when, and why."""
        return f"{self.decided_as}自{self.decided_on:%Y-%m-%d}起{self.get_outcome_display()}：{self.reason}"
