"""Revocation (撤销): proceedings against one title, and the defence of its holder."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models.register import Ban, Base, Certification, Operator
from bases.states import AFTER_NOTICE, REVOCATION_NEXT, RUNNING, RevocationStatus
from portal.accounts.models import User
from portal.deadlines.sums import in_words
from portal.deadlines.terms import Due
from portal.documents.models import Letter, Upload
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned
from portal.states import HasStatus

WEEK = "一二三四五六日"


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Proceedings against titles of bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def running(self) -> Self:
        """Opened and not ended, whether the holder has been told or not."""
        return self.filter(status__in=sorted(RUNNING))

    def served(self) -> Self:
        """Running, with the prior notice served: what the law calls proceedings."""
        return self.filter(status__in=sorted(AFTER_NOTICE))


class Revocation(HasStatus, JurisdictionOwned):
    """Proceedings to revoke a title on one ground (撤销程序): notice, defence, decision, service, each with proof."""

    NEXT = REVOCATION_NEXT

    number = models.CharField(_("案号"), max_length=40, unique=True)
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="revocations")
    base = models.ForeignKey(Base, models.PROTECT, related_name="revocations")
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    decider = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name=_("决定机关"))
    ground = models.CharField(_("事由"), max_length=30)
    policy = models.CharField(max_length=40)
    clause = models.CharField(_("依据"), max_length=20)
    status = models.CharField(
        _("状态"), max_length=14, choices=RevocationStatus.choices, default=RevocationStatus.OPENED
    )
    revision = models.PositiveIntegerField(default=0)
    due_on = models.DateField(_("到期"), null=True)
    due = models.JSONField(null=True)

    opened_on = models.DateField(_("立案日期"))
    opened_at = models.DateTimeField()
    met_on = models.DateField(_("事由成立之日"))
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the law itself
    basis = models.JSONField(default=dict)  # facts, clauses and sums that the opening rests on
    verified_by = models.ManyToManyField(User, related_name="+")  # whose hands found the facts: they do not decide

    facts = models.TextField(_("事实"), blank=True)
    evidence = models.TextField(_("证据"), blank=True)
    notice = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+", verbose_name=_("告知书"))
    notice_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    notice_served_on = models.DateField(_("告知书送达"), null=True)
    notice_served_at = models.DateTimeField(null=True)
    defence_ends = models.DateField(_("陈述申辩至"), null=True)
    defence_term = models.JSONField(null=True)
    hearing_set_for = models.DateField(_("听证定于"), null=True)
    hearing_at = models.TimeField(_("听证时间"), null=True)
    hearing_place = models.CharField(_("听证地点"), max_length=120, blank=True)
    hearing_chair = models.CharField(_("听证主持人"), max_length=60, blank=True)
    hearing_letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, related_name="+", verbose_name=_("听证通知书")
    )
    hearing_on = models.DateField(_("听证日期"), null=True)  # held
    hearing_record = models.TextField(_("听证记录"), blank=True)
    weighed = models.TextField(_("复核意见"), blank=True)
    weighed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    weighed_on = models.DateField(null=True)

    reason = models.TextField(_("决定理由"), blank=True)
    decision = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+", verbose_name=_("决定书"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(_("决定日期"), null=True)
    decided_at = models.DateTimeField(null=True)
    served_on = models.DateField(_("决定书送达"), null=True)
    served_at = models.DateTimeField(null=True)
    ban = models.OneToOneField(Ban, models.PROTECT, null=True, related_name="revocation")
    plaque_letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    plaque_recovered_on = models.DateField(_("牌匾收回"), null=True)

    ended_on = models.DateField(_("终结日期"), null=True)  # closed, lapsed or set aside
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(_("终结理由"), blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    authority = models.CharField(_("复议机关或法院"), max_length=80, blank=True)
    demo = models.BooleanField(default=False, editable=False)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("撤销程序")
        constraints = [
            models.UniqueConstraint(
                fields=["certification"],
                condition=models.Q(status__in=sorted(RUNNING)),
                name="revocation_one_running",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=sorted(AFTER_NOTICE | {RevocationStatus.REVOKED}))
                | models.Q(notice_served_on__isnull=False),
                name="revocation_needs_served_notice",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=RevocationStatus.REVOKED)
                | models.Q(decided_on__isnull=False, served_on__isnull=False, ban__isnull=False),
                name="revocation_needs_served_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_on__isnull=True) | models.Q(decided_on__gt=models.F("defence_ends")),
                name="revocation_decided_after_defence",
            ),
        ]
        indexes = [
            models.Index(fields=["base", "status"], name="revocation_base"),
            models.Index(fields=["region_code", "-opened_on", "-id"], name="revocation_place"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def limit(self) -> Due | None:
        """Until when the present step is to be done, with its sum."""
        return Due.from_json(self.due) if self.due else None

    @property
    def counted(self) -> list[dict[str, Any]]:
        """The upheld complaints that the opening rests on; one that was overturned since has `overturned_on`."""
        return list(self.basis.get("counted", ()))

    @property
    def fallen(self) -> list[dict[str, Any]]:
        """Those of the complaints it rests on that were overturned since: they no longer count."""
        return [row for row in self.counted if row.get("overturned_on")]

    @property
    def hearing_time(self) -> str:
        """When the hearing is, in words: the day, its day of the week and the hour; empty while it is not set."""
        day, at = self.hearing_set_for, self.hearing_at
        if day is None or at is None:
            return ""
        return f"{in_words(day)}（星期{WEEK[day.weekday()]}）{at:%H:%M}"


class Defence(models.Model):
    """What the holder says to the prior notice (陈述申辩): by the operator, or entered from paper by an officer."""

    revocation = models.ForeignKey(Revocation, models.PROTECT, related_name="defences")
    statement = models.TextField(_("陈述申辩"))
    asks_hearing = models.BooleanField(_("申请听证"), default=False)
    uploads = models.ManyToManyField(Upload, related_name="+")
    filed_on = models.DateField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered = models.BooleanField(default=False)  # by an officer, from paper

    class Meta:
        verbose_name = _("陈述申辩")

    def __str__(self) -> str:
        return f"{self.revocation} {self.filed_on}"
