"""What somebody is writing on the public form, kept between its screens until it is sent or given up."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models import Base
from complaints.models.complaint import Complaint
from portal.documents.models import Upload
from portal.encryption.fields import EncryptedTextField
from portal.jurisdictions.models import JurisdictionOwned


class Telling(JurisdictionOwned):
    """A complaint that is being written (填写中的投诉). Nobody but its writer opens it: the session holds `key`.

    `content` is what was typed, ciphertext. Once it is sent, `content` is empty and `code` is kept for the receipt
    page, for minutes. One telling becomes one complaint, however often the button is pressed.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base = models.ForeignKey(Base, models.PROTECT, null=True, related_name="+")
    content = EncryptedTextField(blank=True, default="")
    uploads = models.ManyToManyField(Upload, related_name="+")
    shown_at = models.DateTimeField(null=True)  # when the first screen was shown, as its signature proves
    trapped = models.BooleanField(default=False)
    left_out = models.BooleanField(default=False)  # files were not taken: text only at that moment
    begun_at = models.DateTimeField()
    complaint = models.OneToOneField(Complaint, models.PROTECT, null=True, related_name="+")
    code = EncryptedTextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("填写中的投诉")
        indexes = [models.Index(fields=["begun_at"], name="telling_old")]

    def __str__(self) -> str:
        return str(self.pk)
