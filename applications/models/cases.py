"""Dossiers: the application, what the operator writes and attaches, and what was handed in."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Call, PublicNotice
from applications.querysets import ApplicationQuerySet
from applications.states import FINAL, NEXT, ApplicationStatus
from bases.models import Base, Certification, Operator
from portal.accounts.models import User
from portal.deadlines.terms import Due
from portal.documents.models import Letter, Upload
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned
from portal.states import HasStatus


class Application(HasStatus, JurisdictionOwned):
    """One base applies for one title under one call. Judged by the pack that was in force when it was first filed."""

    NEXT = NEXT

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    base = models.ForeignKey(Base, models.PROTECT, related_name="applications")
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="applications")
    title = models.CharField(_("申报称号"), max_length=30)
    policy = models.CharField(_("政策包"), max_length=40)
    status = models.CharField(
        _("状态"), max_length=20, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT
    )
    reference = models.CharField(_("受理号"), max_length=40, unique=True, null=True)
    desk = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+", verbose_name=_("办理机关"))
    returned_from = models.CharField(max_length=20, blank=True)
    revision = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_on = models.DateField()
    submitted_at = models.DateTimeField(_("最近提交"), null=True)
    first_submitted_on = models.DateField(_("首次提交"), null=True)
    arrived_on = models.DateField(_("到达本环节"), null=True)
    due_on = models.DateField(_("到期"), null=True)
    due = models.JSONField(_("期限计算"), null=True)
    notice = models.ForeignKey(PublicNotice, models.PROTECT, null=True, related_name="+")  # the one that counts now
    published_in = models.ManyToManyField(PublicNotice, through="Publication", related_name="applications")
    certification = models.ForeignKey(Certification, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(_("办结日期"), null=True)
    demo = models.BooleanField(default=False, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报")
        constraints = [
            models.UniqueConstraint(
                fields=["base", "title"],
                condition=~models.Q(status__in=sorted(FINAL)),
                name="application_one_open_per_title",
            ),
            models.CheckConstraint(
                condition=models.Q(status=ApplicationStatus.DRAFT)
                | models.Q(status=ApplicationStatus.WITHDRAWN)
                | models.Q(reference__isnull=False),
                name="application_reference_once_filed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region_code", "-id"], name="application_region", opclasses=["varchar_pattern_ops", ""]
            ),
            models.Index(fields=["desk", "status", "due_on"], name="application_desk"),
            models.Index(fields=["call", "status"], name="application_call"),
            models.Index(fields=["operator", "-id"], name="application_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.base}（{self.reference}）" if self.reference else str(self.base)

    @property
    def limit(self) -> Due | None:
        """The due date with its sum; None while nobody has to act."""
        return Due.from_json(self.due) if self.due else None

    @property
    def holder(self) -> str:
        """Who has it now: the bureau; in correction the operator, with the bureau that asked. Empty once it ended."""
        if self.status in FINAL:
            return ""
        desk = self.desk.name if self.desk else ""
        if self.status == ApplicationStatus.RETURNED:
            return gettext("%(operator)s（%(desk)s退回补正）") % {"operator": self.operator.name, "desk": desk}
        return desk or gettext("申报单位")


class Publication(models.Model):
    """An application on the list of a public notice. It stays there when the case is sent back to review later."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="publications")
    application = models.ForeignKey(Application, models.PROTECT, related_name="publications")
    because = models.CharField(_("复审不同意仍列入公示的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("公示名单")
        constraints = [models.UniqueConstraint(fields=["notice", "application"], name="publication_once")]

    def __str__(self) -> str:
        return f"{self.notice} {self.application}"


class SectionAnswer(models.Model):
    """What the operator wrote in one section of the form: saved as typed, checked on its own, complete or not."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    section = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    complete = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("填报内容")
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="section_once")]

    def __str__(self) -> str:
        return f"{self.application} {self.section}"


class Attachment(models.Model):
    """A file in a slot of the list of papers. Taking one out hides it; what was submitted stays in the snapshot."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    slot = models.CharField(max_length=40)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("申报材料")
        indexes = [models.Index(fields=["application", "slot"], name="attachment_slot")]

    def __str__(self) -> str:
        return f"{self.slot} {self.upload}"


class Submission(models.Model):
    """What was handed in, whole and frozen: answers and files of that moment. Differences lie between two of them."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("第几次"))
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answers = models.JSONField()
    files = models.JSONField()
    findings = models.JSONField(default=dict)  # the door as it was: obstacles, conditions, titles for papers
    replies = models.JSONField(default=list)  # to the correction list: [{"place", "reply"}]
    receipt = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("提交版本")
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return f"{self.application} {self.number}"
