"""Reminders as one would write them first: mail, then mark; nothing held, nothing promised before. The control."""

from celery import shared_task
from django.core.mail import EmailMessage

from portal.worklist.models import WorkItem


@shared_task
def tell(item: int) -> None:
    """Mail about one item, then mark it."""
    row = WorkItem.objects.get(pk=item)
    if row.urged_on is None:
        headers = {"Message-ID": f"<naive-{row.pk}@portal>"}
        EmailMessage(row.title, "到期", to=["desk@example.org"], headers=headers).send()
        row.urged_on = row.due_on
        row.save(update_fields=["urged_on"])
