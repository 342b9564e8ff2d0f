"""A complaint (投诉) about a base: what was told, where it is, what came of it. Who told it is kept apart."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models import Base, Tenant
from complaints.states import NEXT, OPEN, Category, Channel, ComplaintStatus
from portal.accounts.models import User
from portal.deadlines.terms import Due
from portal.documents.models import Letter, Upload
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned, Level
from portal.states import HasStatus


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Complaints about bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def locked(self, pk: int) -> "Complaint":
        """The complaint, held until the end of the transaction."""
        related = ("base__operator", "base__jurisdiction", "jurisdiction", "desk")
        return self.select_for_update(of=("self",)).select_related(*related).get(pk=pk)

    def reaching_officers(self) -> Self:
        """What stands on a desk: not what waits in quarantine for somebody to look through."""
        return self.filter(held_back=False)

    def unfinished(self) -> Self:
        """Neither decided, nor rejected, transferred or withdrawn."""
        return self.filter(status__in=sorted(OPEN))


class Complaint(HasStatus, JurisdictionOwned):
    """One complaint about one base. `told` is the complainant's own words: only officers who handle it read them.

    `jurisdiction` is where the base lies. `desk` is the bureau it waits at. What the base may know is `summary`.
    """

    NEXT = NEXT

    number = models.CharField(_("受理号"), max_length=40, unique=True)
    base = models.ForeignKey(Base, models.PROTECT, related_name="complaints")
    policy = models.CharField(max_length=40)
    channel = models.CharField(_("来源"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    anonymous = models.BooleanField(_("匿名"), default=False)
    access_hash = models.CharField(max_length=64, unique=True, editable=False)
    told = EncryptedTextField(_("投诉内容"))
    told_index = models.CharField(max_length=64, blank=True, editable=False)  # equal words, to find duplicates
    evidence = models.ManyToManyField(Upload, related_name="+", verbose_name=_("凭证"))
    received_on = models.DateField(_("收到日期"))
    received_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    status = models.CharField(
        _("状态"), max_length=14, choices=ComplaintStatus.choices, default=ComplaintStatus.RECEIVED
    )
    desk = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+", verbose_name=_("办理机关"))
    arrived_on = models.DateField(_("到达"), null=True)
    due_on = models.DateField(_("到期"), null=True)
    due = models.JSONField(null=True)
    revision = models.PositiveIntegerField(default=0)

    # What machines noticed. It holds back, it never rejects.
    flags = models.JSONField(default=list)
    held_back = models.BooleanField(_("待甄别"), default=False)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    category = models.CharField(_("类别"), max_length=14, choices=Category.choices, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True)
    accepted_by_silence = models.BooleanField(default=False)
    refusal = models.TextField(_("不予受理或转交的理由"), blank=True)
    transferred_to = models.CharField(_("转交单位"), max_length=80, blank=True)

    summary = models.TextField(_("情况摘要"), blank=True)
    summary_on = models.DateField(_("摘要发出"), null=True)
    summary_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    # In the clear until the purge, like what an officer concludes from it: no page of the base's people reads it
    tenant = models.ForeignKey(Tenant, models.PROTECT, null=True, related_name="+", verbose_name=_("名册中的实体"))
    service_recipient = models.BooleanField(_("是服务对象"), null=True)
    recipient_because = EncryptedTextField(_("认定依据"), blank=True, default="")  # may speak of who complained
    same_fact_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats")

    verify_by = models.JSONField(null=True)  # the aim, with its sum
    limit_on = models.DateField(_("办结最长期限"), null=True)
    limit_term = models.JSONField(null=True)
    extended_on = models.DateField(null=True)
    extended_because = models.TextField(_("延长理由"), blank=True)

    decided_on = models.DateField(_("确认日期"), null=True)  # upheld or dismissed: from then on it may count
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    overturned_on = models.DateField(_("推翻日期"), null=True)
    overturned_at = models.DateTimeField(null=True)
    overturned_because = models.TextField(_("推翻理由"), blank=True)
    overturned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(_("办结日期"), null=True)
    closed_at_desk = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")  # where it was closed
    rated_on = models.DateField(null=True)  # that it was rated, never how
    purged_on = models.DateField(null=True)  # who complained, the words and the files are gone
    demo = models.BooleanField(default=False, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("投诉")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["upheld", "dismissed", "overturned"])
                | models.Q(decided_on__isnull=False, decided_at__isnull=False),
                name="complaint_decided_on_a_day",
            ),
            models.CheckConstraint(condition=~models.Q(same_fact_as=models.F("pk")), name="complaint_repeats_another"),
        ]
        indexes = [
            models.Index(fields=["base", "status", "decided_on"], name="complaint_base"),
            models.Index(
                fields=["region_code", "-received_on", "-id"],
                name="complaint_place",
                opclasses=["varchar_pattern_ops", "", ""],
            ),
            models.Index(fields=["desk", "status", "due_on"], name="complaint_desk"),
            models.Index(fields=["status", "due_on"], name="complaint_clock"),
            models.Index(fields=["told_index"], name="complaint_same_words", condition=~models.Q(told_index="")),
            models.Index(
                fields=["closed_on"],
                name="complaint_purge",
                condition=models.Q(closed_on__isnull=False, purged_on__isnull=True),
            ),
            models.Index(fields=["desk"], name="complaint_held_back", condition=models.Q(held_back=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def named(self) -> bool:
        """Whether the complainant gave a name (实名)."""
        return not self.anonymous

    @property
    def limit(self) -> Due | None:
        """Until when the present step is to be done, with its sum."""
        return Due.from_json(self.due) if self.due else None

    @property
    def fact(self) -> str:
        """What stands for the fact complained of: the number of the first complaint about it (G-04)."""
        return self.same_fact_as.number if self.same_fact_as else self.number


class Supplement(models.Model):
    """What the bureau asks the complainant to add, once and all at once (一次性告知), and what came."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="supplement")
    asked_on = models.DateField()
    asked = models.TextField(_("要补充什么"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    term = models.JSONField()
    answered_on = models.DateField(null=True)
    answer = EncryptedTextField(_("补充内容"), blank=True, default="")
    lapsed_on = models.DateField(null=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("补充材料")

    def __str__(self) -> str:
        return f"{self.complaint} {self.asked_on}"


class Answer(models.Model):
    """What the base answers to the summary (基地答复)."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="answer")
    text = models.TextField(_("答复"))
    uploads = models.ManyToManyField(Upload, related_name="+")
    answered_on = models.DateField()
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("基地答复")

    def __str__(self) -> str:
        return f"{self.complaint} {self.answered_on}"


class ComplaintLetter(models.Model):
    """A letter of a complaint and who may read it besides the officers: the complainant by code, or the base."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="letters")
    letter = models.OneToOneField(Letter, models.PROTECT, related_name="+")
    to_complainant = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("投诉文书")

    def __str__(self) -> str:
        return str(self.letter)


class RatingQuerySet(models.QuerySet["Rating"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Ratings of the bureaus of the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def followed_up_at(self, bureau: Jurisdiction) -> Self:
        """Ratings that this bureau follows up: see `Rating.above`."""
        below = models.Q(desk__parent=bureau) & ~models.Q(desk__level=Level.PROVINCE)
        return self.filter(below | models.Q(desk=bureau, desk__level=Level.PROVINCE))


class Rating(JurisdictionOwned):
    """How somebody rated the handling (好差评): bureau and month are named, never the complaint or the person."""

    desk = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    month = models.DateField()  # the first of it
    grade = models.PositiveSmallIntegerField(_("评价"))  # 5 very satisfied … 1 very dissatisfied
    aspects = models.JSONField(default=list)
    comment = EncryptedTextField(_("意见"), blank=True)  # own words: may speak of who rates
    followed_up_on = models.DateField(null=True)
    follow_up = models.TextField(_("核实整改情况"), blank=True)
    followed_up_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("好差评")
        constraints = [
            models.CheckConstraint(condition=models.Q(grade__gte=1, grade__lte=5), name="rating_one_to_five")
        ]
        indexes = [models.Index(fields=["desk", "month"], name="rating_desk")]

    def __str__(self) -> str:
        return f"{self.desk} {self.month:%Y-%m}"

    @property
    def above(self) -> Jurisdiction:
        """The bureau that follows a bad rating up: the one right above the rated one, a province itself (L-14-33)."""
        if self.desk.level == Level.PROVINCE or self.desk.parent is None:
            return self.desk
        return self.desk.parent


def month_of(day: datetime.date) -> datetime.date:
    """Return the first day of the month, which is all a rating keeps of its day."""
    return day.replace(day=1)
