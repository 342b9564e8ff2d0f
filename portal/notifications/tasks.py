"""Jobs that keep the promises of the outbox. Each is safe to run twice and catches up after missed runs."""

import datetime
import logging

from celery import shared_task
from django.utils import timezone

from portal.deadlines.today import business_today
from portal.notifications.channels import FAILURES, MOST_ATTEMPTS, send, send_digest, wait_after, waiting_for_digest
from portal.notifications.models import Notification

BATCH = 500
log = logging.getLogger("portal.notifications")


@shared_task
def deliver(notification_id: int) -> None:
    """Send one notification by mail unless that was done."""
    send(notification_id)


@shared_task
def sweep_unsent() -> int:
    """Send the urgent ones that a lost message, a killed worker or a deaf mail server left unsent; return how many."""
    now = timezone.localtime()
    waiting = Notification.objects.filter(
        urgent=True, sent_at__isnull=True, dropped_because="", attempts__lt=MOST_ATTEMPTS
    ).order_by("pk")
    due = [row.pk for row in waiting[:BATCH] if _due(row, now)]
    return sum(send(pk) for pk in due)


@shared_task
def send_daily_digest() -> int:
    """Send everybody the digest of today; return how many mails. One that fails does not stop the rest."""
    on, sent = business_today(), 0
    people = waiting_for_digest().order_by("recipient").values_list("recipient", flat=True).distinct()
    for person in list(people):
        try:
            sent += bool(send_digest(person, on))
        except FAILURES as error:
            log.warning("digest of %s for person %s not sent: %s", on, person, error)
    return sent


def _due(row: Notification, now: datetime.datetime) -> bool:
    return row.tried_at is None or row.tried_at + wait_after(row.attempts) <= now
