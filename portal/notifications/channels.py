"""Channels: mail now; text messages and other channels plug in here."""

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from portal.notifications.models import Notification


@transaction.atomic
def send(notification_id: int) -> None:
    """Mail one notification, once: the row is held while it is sent, and skipped if another worker has it."""
    row = Notification.objects.select_for_update(skip_locked=True).filter(pk=notification_id, sent_at__isnull=True).first()
    if row is None:
        return
    if row.recipient.email:
        send_mail(row.subject, row.body, None, [row.recipient.email])
    row.sent_at = timezone.localtime()
    row.save(update_fields=["sent_at"])
