"""Jobs of the documents room: letters become PDF, uploads are scanned. Each is safe to run twice."""

import datetime

from celery import shared_task

from portal.deadlines.today import business_now
from portal.documents import rendering, sweeping


@shared_task
def render_letter(letter_id: int) -> None:
    """Make the PDF of a letter unless it has one."""
    rendering.render(letter_id)


@shared_task
def sweep_unrendered() -> int:
    """Make the PDFs that a lost message or a killed worker left out; return how many."""
    return rendering.render_waiting()


@shared_task
def sweep_unscanned() -> int:
    """Scan what still waits for the scanner; return how many were scanned."""
    return sweeping.scan_waiting(moment=business_now())


@shared_task
def sweep_orphans() -> int:
    """Remove files that no record points to any more; return how many."""
    return sweeping.remove_orphans(now=datetime.datetime.now(datetime.UTC))
