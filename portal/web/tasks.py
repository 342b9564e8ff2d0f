"""The job that shows that jobs run."""

from datetime import UTC, datetime

from celery import shared_task

from portal.web.models import Pulse

BEAT = "beat"


@shared_task
def beat() -> None:
    """Touch the pulse. Real time, not business time: the demo's date control must not make the jobs look old."""
    Pulse.objects.update_or_create(name=BEAT, defaults={"at": datetime.now(UTC)})
