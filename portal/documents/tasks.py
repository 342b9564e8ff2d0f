"""Jobs of the documents room: letters become PDF, uploads are scanned. Each is safe to run twice."""

from celery import shared_task

from portal.documents.models import Letter
from portal.documents.pdf import render


@shared_task
def render_letter(letter_id: int) -> None:
    """Make the PDF of a letter unless it has one."""
    render(Letter.objects.get(pk=letter_id))


@shared_task
def sweep_unrendered() -> int:
    """Make the PDFs that a lost message or a killed worker left out; return how many."""
    waiting = list(Letter.objects.filter(pdf="", render_attempts__lt=5).order_by("id")[:50])
    for letter in waiting:
        render(letter)
    return len(waiting)
