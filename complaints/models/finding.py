"""What a verification found (核实结果), the objections to it, and misconduct that was established against a base."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models import Base
from complaints.models.complaint import Complaint
from complaints.states import MISCONDUCT_NEXT, MisconductStatus, Outcome, Side
from portal.accounts.models import User
from portal.documents.models import Letter, Upload
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned
from portal.states import HasStatus


class Finding(models.Model):
    """One verification by two officers (核实): by visit or file check, what was found, and how it was made known.

    A complaint that is verified anew gets a further finding; the last one counts.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    visited = models.BooleanField(_("实地核查"))
    checked_on = models.DateField(_("核实日期"))
    officers = models.ManyToManyField(User, related_name="+", verbose_name=_("核实人员"))
    record = EncryptedTextField(_("核实记录"))  # internal: may speak of the complainant's side of things
    outcome = models.CharField(_("核实结果"), max_length=8, choices=Outcome.choices)
    conclusion = models.TextField(_("结论"))  # told to both sides: no word of who complained
    uploads = models.ManyToManyField(Upload, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_on = models.DateField()
    hands = models.ManyToManyField(User, related_name="+")  # who recorded and confirmed it, and for whom they stood in
    base_letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    complainant_letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    served_on = models.DateField(_("送达基地"), null=True)
    objection_ends = models.DateField(_("异议期至"), null=True)
    objection_term = models.JSONField(null=True)

    class Meta:
        verbose_name = _("核实结果")
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="finding_number_once")]

    def __str__(self) -> str:
        return f"{self.complaint} {self.get_outcome_display()}"

    @property
    def people(self) -> frozenset[int]:
        """Return who verified, recorded or confirmed it, absent officers included."""
        rows = self.officers.values_list("pk", flat=True).union(self.hands.values_list("pk", flat=True))
        return frozenset({*rows, self.recorded_by_id})


class FindingObjection(models.Model):
    """What one side says against a finding (对核实结果的异议), answered before the finding is confirmed."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="objections")
    side = models.CharField(max_length=12, choices=Side.choices)
    text = EncryptedTextField(_("异议"))
    uploads = models.ManyToManyField(Upload, related_name="+")
    filed_on = models.DateField()
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the complainant
    entered = models.BooleanField(default=False)  # by an officer, from paper
    founded = models.BooleanField(_("成立"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("对核实结果的异议")
        constraints = [models.UniqueConstraint(fields=["finding", "side"], name="finding_objection_once_per_side")]

    def __str__(self) -> str:
        return f"{self.finding} {self.get_side_display()}"


class MisconductQuerySet(models.QuerySet["Misconduct"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Reports about bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)


class Misconduct(HasStatus, JurisdictionOwned):
    """弄虚作假 or 不履行服务承诺 (GZ-27), verified by two officers and established by another person (GZ-28)."""

    NEXT = MISCONDUCT_NEXT

    base = models.ForeignKey(Base, models.PROTECT, related_name="misconduct")
    ground = models.CharField(_("事由"), max_length=30)
    policy = models.CharField(max_length=40)
    status = models.CharField(
        _("状态"), max_length=12, choices=MisconductStatus.choices, default=MisconductStatus.REPORTED
    )
    desk = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+", verbose_name=_("审定机关"))
    record = EncryptedTextField(_("核实记录"))  # internal, as that of a finding
    conclusion = models.TextField(_("结论"))
    officers = models.ManyToManyField(User, related_name="+", verbose_name=_("核实人员"))
    uploads = models.ManyToManyField(Upload, related_name="+")
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+")
    hands = models.ManyToManyField(User, related_name="+")  # who reported it, and for whom they stood in
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_on = models.DateField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(_("认定日期"), null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("理由"), blank=True)

    objects = MisconductQuerySet.as_manager()

    class Meta:
        verbose_name = _("弄虚作假、不履行服务承诺")
        indexes = [models.Index(fields=["base", "status"], name="misconduct_base")]

    def __str__(self) -> str:
        return f"{self.base} {self._meta.verbose_name}"

    @property
    def people(self) -> frozenset[int]:
        """Return who verified or reported it, absent officers included."""
        rows = self.officers.values_list("pk", flat=True).union(self.hands.values_list("pk", flat=True))
        return frozenset({*rows, self.reported_by_id})
