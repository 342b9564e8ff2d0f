"""Everything that officers write on a dossier, and what is objected during its notice."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.calls import PublicNotice
from applications.models.cases import Application, Submission
from applications.states import OBJECTION_NEXT, PROPOSAL_NEXT, ObjectionStatus, ProposalStatus, Verdict
from portal.accounts.models import User
from portal.documents.models import Letter, Upload
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import JurisdictionOwned
from portal.states import HasStatus


class ListOfCorrections:
    """What is on a list: what officers put there, and apart from it the stamped page that follows that (0156)."""

    items: Any

    @property
    def listed(self) -> list[dict[str, str]]:
        """The items that officers put on the list."""
        return [item for item in self.items if "follows" not in item]

    @property
    def restamped(self) -> dict[str, str] | None:
        """The stamped page that is asked for besides, where an answer is on the list."""
        return next((item for item in self.items if "follows" in item), None)


class CorrectionRequest(ListOfCorrections, models.Model):
    """One complete list of corrections (一次性告知). A second one needs a reason and an approver's consent."""

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


class CorrectionProposal(ListOfCorrections, HasStatus):
    """A further list at the same step, until an approver of the bureau consents to it himself (0157); closed ones stay.

    It was made of the case at `revision`: once the case has moved there is nothing left to consent to.
    """

    NEXT = PROPOSAL_NEXT

    application = models.ForeignKey(Application, models.PROTECT, related_name="proposals")
    revision = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    items = models.JSONField()  # as CorrectionRequest has them
    because = models.CharField(_("再次补正的理由"), max_length=300)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_as = models.CharField(max_length=120)
    proposed_on = models.DateField()
    asked_of = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("送谁同意"))
    status = models.CharField(max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.WAITING)
    reason = models.CharField(_("不同意的理由"), max_length=300, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("再次补正清单")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(status="waiting"), name="correction_proposal_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.step}"


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
