"""Jobs that keep the promises of the outbox."""

from celery import shared_task

from portal.notifications.channels import send
from portal.notifications.models import Notification


@shared_task
def deliver(notification_id: int) -> None:
    """Send one notification by mail unless that was done."""
    send(notification_id)


@shared_task
def sweep_unsent() -> int:
    """Send the urgent ones that a lost message or a killed worker left unsent; return how many."""
    waiting = list(
        Notification.objects.filter(urgent=True, sent_at__isnull=True, attempts__lt=5).values_list("pk", flat=True)[:200]
    )
    for pk in waiting:
        send(pk)
    return len(waiting)
