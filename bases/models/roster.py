"""Who is served by a base: the roster of its tenants (入驻/在孵实体), now and then."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models.register import Base
from portal.accounts.models import User
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned


class TenantQuerySet(models.QuerySet["Tenant"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Tenants of bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def present(self, on: datetime.date) -> Self:
        """Tenants in the base on that day; the days of entry and exit are both days there."""
        still = models.Q(left_on__isnull=True) | models.Q(left_on__gte=on)
        return self.filter(still, entered_on__lte=on, struck_on__isnull=True)


class Tenant(JurisdictionOwned):
    """A business or project in a base, from the day it entered to the day it left; struck if entered by mistake."""

    base = models.ForeignKey(Base, models.PROTECT, related_name="tenants")
    name = models.CharField(_("名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    contact = models.CharField(_("负责人"), max_length=50, blank=True)
    entered_on = models.DateField(_("入驻日期"))
    left_on = models.DateField(_("离开日期"), null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    struck_on = models.DateField(null=True, editable=False)
    struck_because = models.CharField(max_length=200, blank=True, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("在孵实体")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True) | models.Q(left_on__gte=models.F("entered_on")),
                name="tenant_leaves_after_entering",
            )
        ]
        indexes = [models.Index(fields=["base", "name"], name="tenant_base")]

    def __str__(self) -> str:
        return self.name
