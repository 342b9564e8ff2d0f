"""Who complains (投诉人). In a table of its own, encrypted, behind row-level security; see docs/decisions/0206."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import JurisdictionOwned


class Complainant(JurisdictionOwned):
    """Name and contact of who complains. Read only through `complaints.actions.identity`, never joined to a list.

    `business` is the tenant the person says to belong to; the indexes find the same person again without reading it.
    A query without an open wall (portal.encryption.walls) finds nothing; when the row goes: complaints.actions.purging.
    """

    complaint = models.OneToOneField(Complaint, models.PROTECT, primary_key=True, related_name="+")
    name = EncryptedTextField(_("姓名"), blank=True, default="")
    phone = EncryptedTextField(_("电话"), blank=True, default="")
    mail = EncryptedTextField(_("邮箱"), blank=True, default="")
    business = EncryptedTextField(_("所在企业或项目"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True)
    mail_index = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("投诉人")
        indexes = [
            models.Index(fields=["phone_index"], name="complainant_phone", condition=~models.Q(phone_index="")),
        ]

    def __str__(self) -> str:
        return str(self.complaint_id)
