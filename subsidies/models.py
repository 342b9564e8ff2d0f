"""Awards that arose from certifications. Claims, instalments and spending stand on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models import Certification
from portal.jurisdictions.models import JurisdictionOwned


class Entitlement(JurisdictionOwned):
    """An award a certification brought about (补助资格): how much, under which clause, since when."""

    certification = models.ForeignKey(Certification, models.PROTECT, related_name="entitlements")
    award = models.CharField(max_length=40)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    policy = models.CharField(max_length=40)
    clause = models.CharField(max_length=20)
    arose_on = models.DateField()

    class Meta:
        verbose_name = _("补助资格")
        constraints = [
            models.UniqueConstraint(fields=["certification", "award"], name="entitlement_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="entitlement_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.certification} {self.award}"
