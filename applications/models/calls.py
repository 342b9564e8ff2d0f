"""Calls, and the public notices published under them."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.querysets import CallQuerySet
from applications.states import CALL_NEXT, CallStatus
from portal.accounts.models import User
from portal.deadlines.terms import Due
from portal.documents.models import Letter
from portal.jurisdictions.models import JurisdictionOwned
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
    reason = models.CharField(_("增开批次、继续适用或撤回的原因"), max_length=300, blank=True)
    extension_reason = models.CharField(_("延期原因"), max_length=300, blank=True)
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
