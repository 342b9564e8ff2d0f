"""Jobs over all apps. Each is safe to run twice and catches up after missed days."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from portal.deadlines.today import business_now
from portal.desk.trail.keeping import check_trail


@shared_task
def keep_trail() -> int:
    """Verify the audit trail and write its checkpoint, where this installation keeps any; return the breaks found."""
    if not settings.AUDIT_CHECKPOINTS:
        return 0
    return len(check_trail(Path(settings.AUDIT_CHECKPOINTS), at=business_now()))
