"""Jobs that keep the promises of the outbox. Each is safe to run twice and catches up after missed runs."""

import logging

from celery import shared_task
from django.utils import timezone

from portal.deadlines.today import business_today
from portal.notifications.channels import MOST_ATTEMPTS, attempt, due, send_digest, waiting_for_digest
from portal.notifications.models import Notification

BATCH = 500
log = logging.getLogger("portal.notifications")


@shared_task
def deliver(notification_id: int) -> None:
    """Send one notification by mail unless that was done."""
    attempt(notification_id)


@shared_task
def sweep_unsent() -> int:
    """Send the urgent ones that a lost message, a killed worker or a deaf mail server left unsent; return how many."""
    now = timezone.localtime()
    waiting = Notification.objects.filter(
        due(now), urgent=True, sent_at__isnull=True, dropped_because="", attempts__lt=MOST_ATTEMPTS
    )
    return sum(attempt(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])


@shared_task
def send_daily_digest() -> int:
    """Send everybody the digest of today; return how many mails. One that fails does not stop the rest."""
    on, sent = business_today(), 0
    people = waiting_for_digest().order_by("recipient").values_list("recipient", flat=True).distinct()
    for person in list(people):
        try:
            sent += bool(send_digest(person, on))
        except Exception:  # whatever is wrong with one person's messages must not keep everybody else's
            log.exception("digest of %s for person %s not sent", on, person)
    return sent
