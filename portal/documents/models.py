"""Uploads and letters. A letter's number and wording are frozen when it is issued."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.jurisdictions.models import JurisdictionOwned


def quarantine_path(upload: "Upload", filename: str) -> str:
    """Store under a random name; what the person called the file is kept as text only."""
    return f"uploads/{upload.region_code[:2]}/{upload.key.hex[:2]}/{upload.key.hex}{upload.suffix}"


def preview_path(upload: "Upload", filename: str) -> str:
    """Keep the small picture beside the file it was made of."""
    return f"uploads/{upload.region_code[:2]}/{upload.key.hex[:2]}/{upload.key.hex}-preview.jpg"


class ScanState(models.TextChoices):
    """What the malware scanner said."""

    PENDING = "pending", _("待查毒")
    CLEAN = "clean", _("已查毒")
    INFECTED = "infected", _("含病毒，已隔离")
    UNSCANNED = "unscanned", _("未查毒（本机没有查毒程序）")
    OVERSIZED = "oversized", _("太大，查毒程序查不了")
    FAILED = "failed", _("查毒没有成功")


class Upload(JurisdictionOwned):
    """A file that passed every check of `uploads.accept()`. Who may read it is decided by the case it hangs on."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=quarantine_path, max_length=200)
    original_name = models.CharField(_("文件名"), max_length=100)
    suffix = models.CharField(max_length=8)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("字节"))
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(_("页数"), null=True)
    preview = models.FileField(upload_to=preview_path, max_length=200, blank=True)
    scan = models.CharField(_("查毒"), max_length=10, choices=ScanState.choices, default=ScanState.PENDING)
    scanned_at = models.DateTimeField(_("查毒时间"), null=True)
    scan_finding = models.CharField(max_length=120, blank=True)
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("附件")
        indexes = [
            models.Index(fields=["scan"], name="upload_pending", condition=models.Q(scan="pending")),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="upload_quota"),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def readable(self) -> bool:
        """Whether it may be handed out: clean, or nobody here can scan."""
        return self.scan in {ScanState.CLEAN, ScanState.UNSCANNED}


class LetterSeries(models.Model):
    """A sequence of document numbers: agency word and year. Numbers are never reused, also not when voided."""

    jurisdiction = models.ForeignKey("jurisdictions.Jurisdiction", models.PROTECT, related_name="+")
    word = models.CharField(_("机关代字"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年份"))
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("文号序列")
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "word", "year"], name="letter_series_once")]

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕"

    @property
    def region_code(self) -> str:
        """Whose numbers these are."""
        return self.jurisdiction.code


class LetterQuerySet(models.QuerySet["Letter"]):
    def open_to_operator(self, operator_id: int) -> Self:
        """What the operator may read: addressed to it, and served where the paper has to be."""
        served = Service.objects.filter(letter=models.OuterRef("pk"), served_on__isnull=False)
        free = models.Q(wording__to_be_served=False) | models.Q(wording__to_be_served__isnull=True)
        return self.filter(free | models.Exists(served), operator_id=operator_id)


class Letter(JurisdictionOwned):
    """An issued document. Its wording and number never change; a mistake is mended by voiding it and issuing another.

    Read by officers whose territory holds it, by the operator it is addressed to, and by everybody if it is public. A
    paper that has to be served is read by its operator once it is: who had read it before could deny having got it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("文种"), max_length=40)
    series = models.ForeignKey(LetterSeries, models.PROTECT, null=True, related_name="letters")
    number = models.PositiveIntegerField(null=True)
    reference = models.CharField(_("文号"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    addressee = models.CharField(_("主送"), max_length=200, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=60)
    wording = models.JSONField(_("正文"))
    issued_on = models.DateField(_("成文日期"))
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    operator_id = models.BigIntegerField(null=True)  # documents lies below bases: the number only, no foreign key
    public = models.BooleanField(_("公开"), default=False)
    voided_on = models.DateField(_("作废日期"), null=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    demo = models.BooleanField(default=False)
    pdf = models.FileField(upload_to="letters/", blank=True, max_length=200)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    render_attempts = models.PositiveSmallIntegerField(default=0)
    render_error = models.CharField(max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书")
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="letter_number_once"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="letter_subject"),
            models.Index(fields=["operator_id", "-id"], name="letter_operator"),
            models.Index(fields=["id"], name="letter_unrendered", condition=models.Q(pdf="")),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.reference}"

    @property
    def to_be_served(self) -> bool:
        """Whether the paper needs proof of service before its addressee reads it; frozen with its wording."""
        return bool(self.wording.get("to_be_served"))


class ServiceMethod(models.TextChoices):
    """How a letter reaches whom it is for (送达方式). Each way has its own proof."""

    ELECTRONIC = "electronic", _("电子送达")
    MAIL = "mail", _("挂号邮寄")
    HAND = "hand", _("直接送达")
    ANNOUNCEMENT = "announcement", _("公告送达")


class ServiceQuerySet(models.QuerySet["Service"]):
    def announced(self, *, on: datetime.date) -> Self:
        """Announcements that run on that day, of letters that were not served in another way meanwhile."""
        served = Service.objects.filter(letter=models.OuterRef("letter"), served_on__isnull=False)
        running = self.filter(method=ServiceMethod.ANNOUNCEMENT, served_on__isnull=True, letter__voided_on=None)
        return running.filter(~models.Exists(served), began_on__lte=on, ends_on__gte=on)


class Service(JurisdictionOwned):
    """One attempt to serve a letter (送达), with its proof; the letter is served once `served_on` stands."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="services")
    method = models.CharField(_("送达方式"), max_length=12, choices=ServiceMethod.choices)
    began_on = models.DateField(_("发出日期"))
    ends_on = models.DateField(_("公告期满"), null=True)
    term = models.JSONField(null=True)  # the sum behind the end of an announcement
    served_on = models.DateField(_("送达日期"), null=True)
    recipient = models.CharField(_("签收人"), max_length=60, blank=True)
    tracking = models.CharField(_("邮件号"), max_length=40, blank=True)
    because = models.TextField(_("说明"), blank=True)  # why by announcement, or how it was left
    evidence = models.ManyToManyField(Upload, related_name="+", verbose_name=_("送达凭证"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("送达")
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=models.Q(served_on__isnull=False), name="letter_served_once"
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=models.Q(method="announcement", served_on__isnull=True),
                name="letter_announced_once",
            ),
            models.CheckConstraint(
                condition=models.Q(served_on__isnull=True) | models.Q(served_on__gte=models.F("began_on")),
                name="letter_served_after_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"],
                name="service_announced",
                condition=models.Q(method="announcement", served_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.get_method_display()}"
