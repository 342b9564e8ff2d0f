"""The calendar table, and the demo's clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.jurisdictions.models import Jurisdiction


class DayKind(models.TextChoices):
    """What a listed day is."""

    OFF = "off", _("放假")
    WORK = "work", _("上班")


class DayStatus(models.TextChoices):
    """Whether a listed day is published or estimated."""

    OFFICIAL = "official", _("正式公布")
    ESTIMATE = "estimate", _("预估")


class CalendarDay(models.Model):
    """A day off or a make-up workday: of the whole country, or of one jurisdiction and all below it."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="calendar_days", verbose_name=_("适用地区")
    )
    date = models.DateField(_("日期"))
    kind = models.CharField(_("类型"), max_length=4, choices=DayKind.choices)
    name = models.CharField(_("名称"), max_length=60)
    status = models.CharField(_("依据"), max_length=8, choices=DayStatus.choices, default=DayStatus.OFFICIAL)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("日历日")
        constraints = [
            models.UniqueConstraint(
                fields=["date"], condition=models.Q(jurisdiction__isnull=True), name="calendar_one_national_row_a_day"
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "date"],
                condition=models.Q(jurisdiction__isnull=False),
                name="calendar_one_local_row_a_day",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="calendar_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=DayStatus.values), name="calendar_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}{self.get_kind_display()}"


class BusinessClock(models.Model):
    """How many days the demo's business date runs ahead of the real one. One row; only the demo has it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    days_ahead = models.PositiveIntegerField(_("提前天数"), default=0)

    class Meta:
        verbose_name = _("演示日期")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="business_clock_is_one_row")]

    def __str__(self) -> str:
        return f"+{self.days_ahead}"
