"""Calls, dossiers, and everything that officers write on them."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.querysets import ApplicationQuerySet, CallQuerySet
from applications.states import (
    CALL_NEXT,
    FINAL,
    NEXT,
    OBJECTION_NEXT,
    ApplicationStatus,
    CallStatus,
    ObjectionStatus,
    Verdict,
)
from bases.models import Base, Certification, Operator
from portal.accounts.models import User
from portal.deadlines.terms import Due
from portal.documents.models import Letter, Upload
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned
from portal.states import HasStatus


class Call(HasStatus, JurisdictionOwned):
    """A yearly call (申报批次): for which title, from when to when, with which papers, how many at most."""

    NEXT = CALL_NEXT

    name = models.CharField(_("名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("申报称号"), max_length=30)
    policy = models.CharField(_("政策包"), max_length=40)
    status = models.CharField(_("状态"), max_length=12, choices=CallStatus.choices, default=CallStatus.DRAFT)
    opens_at = models.DateTimeField(_("开始"))
    closes_at = models.DateTimeField(_("截止"))
    quota = models.PositiveSmallIntegerField(_("名额"), null=True, blank=True)
    documents = models.JSONField(_("申报材料"), default=list)
    timetable = models.JSONField(_("工作安排"), default=list)
    introduction = models.TextField(_("说明"), blank=True)
    contact = models.CharField(_("咨询电话"), max_length=120, blank=True)
    reason = models.CharField(_("增开批次、变更或撤回的原因"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    amended_by = models.ManyToManyField(User, related_name="+")
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(_("发布日期"), null=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    demo = models.BooleanField(default=False, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报批次")
        constraints = [
            models.CheckConstraint(condition=models.Q(opens_at__lt=models.F("closes_at")), name="call_opens_first"),
        ]
        indexes = [models.Index(fields=["jurisdiction", "status", "-opens_at"], name="call_list")]

    def __str__(self) -> str:
        return self.name

    def is_open(self, moment: datetime.datetime) -> bool:
        """Whether an application may be handed in at that moment; the closing second is included."""
        return self.status == CallStatus.PUBLISHED and self.opens_at <= moment <= self.closes_at


class PublicNotice(JurisdictionOwned):
    """A public notice (公示) of those to be certified: one list, published once, with its term and contacts."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=160)
    published_on = models.DateField(_("发布日期"))
    ends_on = models.DateField(_("截止日期"))
    term = models.JSONField(_("期限计算"))
    contact = models.CharField(_("受理异议"), max_length=160)
    discipline_contact = models.CharField(_("监督电话"), max_length=160, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("公示")
        indexes = [models.Index(fields=["region_code", "-published_on"], name="notice_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def limit(self) -> Due:
        """The last day of the notice with its sum."""
        return Due.from_json(self.term)


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


class CorrectionRequest(models.Model):
    """One complete list of corrections (一次性告知). A second one needs a reason and a superior's consent."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=20)
    items = models.JSONField()  # [{"place": "premises.incubation_area", "label", "kind": a CorrectionKind, "note"}]
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    arrived_on = models.DateField()  # when the present stay at this step began: its clock goes on from there
    due_on = models.DateField()
    term = models.JSONField()
    again_because = models.CharField(max_length=300, blank=True)
    consent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    lapsed_on = models.DateField(null=True)  # the desk went on with what it had
    lapsed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("补正告知")
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="correction_number_once")]

    def __str__(self) -> str:
        return f"{self.application} {self.number}"


class DifferenceCheck(models.Model):
    """What a step says of one changed line of a resubmission: accepted or in doubt. No step is passed without it."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="checks")
    step = models.CharField(max_length=20)
    place = models.CharField(max_length=80)
    accepted = models.BooleanField()
    note = models.CharField(_("疑问"), max_length=300, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("改动核对")
        constraints = [
            models.UniqueConstraint(fields=["submission", "step", "place"], name="difference_checked_once"),
            models.CheckConstraint(
                condition=models.Q(accepted=True) | ~models.Q(note=""), name="difference_doubt_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.place}"


class Opinion(models.Model):
    """What a bureau says at its step (推荐意见、初审意见、复审意见); written once."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    step = models.CharField(max_length=20)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.TextField(_("意见"))
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_as = models.CharField(max_length=120)
    given_on = models.DateField()

    class Meta:
        verbose_name = _("审核意见")

    def __str__(self) -> str:
        return f"{self.application} {self.step}"


class SiteVisit(models.Model):
    """A visit to the place (实地考察) by two officers or more, with a record and photographs."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("考察日期"))
    officers = models.ManyToManyField(User, related_name="+", verbose_name=_("考察人员"))
    received_by = models.CharField(_("现场接待人"), max_length=60)
    findings = models.JSONField(_("核查项目"), default=list)  # [{"point", "as_filed", "found", "agrees"}]
    record = models.TextField(_("考察记录"))
    conclusion = models.CharField(max_length=8, choices=Verdict.choices)
    photos = models.ManyToManyField(Upload, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        verbose_name = _("实地考察")

    def __str__(self) -> str:
        return f"{self.application} {self.visited_on}"


class Objection(HasStatus, JurisdictionOwned):
    """An objection during the notice (异议): name and reason are required; who objects stays with the bureau."""

    NEXT = OBJECTION_NEXT

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    application = models.ForeignKey(Application, models.PROTECT, related_name="objections")
    code = models.CharField(max_length=16, unique=True)
    name = EncryptedTextField(_("姓名或单位"))
    contact = EncryptedTextField(_("联系方式"))
    reason = models.TextField(_("理由"))
    evidence = models.ManyToManyField(Upload, related_name="+")
    received_on = models.DateField()
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=ObjectionStatus.choices, default=ObjectionStatus.OPEN)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("公示异议")
        indexes = [models.Index(fields=["notice", "status"], name="objection_notice")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What the bureau calls it by. Its code opens it to who objected, and is told to nobody else."""
        return f"YY-{self.received_on:%Y}-{self.pk:05d}"


class Decision(models.Model):
    """The end of an application: approved or refused, by whom, why, with which remedies."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=[("approved", _("认定")), ("refused", _("不予认定"))])
    step = models.CharField(max_length=20)
    reason = models.TextField(_("理由"))
    clause = models.CharField(max_length=20)
    receipt = models.JSONField(default=dict)  # facts, clauses and sums that the decision rests on
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("决定")

    def __str__(self) -> str:
        return f"{self.application} {self.outcome}"
