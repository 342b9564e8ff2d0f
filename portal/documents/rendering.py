"""When a letter becomes its PDF: asked for after commit, swept if that was lost, made on the spot if need be.

What makes the file is named by `settings.LETTER_WRITER` and loaded only where a file is made, so that the web
processes do not carry the PDF maker, and another format (OFD) is another writer.
"""

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.module_loading import import_string

from portal.documents.models import Letter

TASK = "portal.documents.tasks.render_letter"
MOST_ATTEMPTS = 5
BATCH = 50

logger = logging.getLogger(__name__)

Writer = Callable[[Letter], bytes]


def request_pdf(letter_id: int) -> None:
    """Ask a worker for the PDF of a letter. Where the broker is away the sweep makes it later."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        render(letter_id)
        return
    current_app.send_task(TASK, [letter_id], retry=False)


def render(letter_id: int) -> None:
    """Make and keep the PDF of a letter; does nothing if it is there already or is being made elsewhere.

    A failure is written on the letter and raised again.
    """
    try:
        _render_once(letter_id)
    except Exception as error:  # whatever the writer meets is kept on the row for the officer who asks
        Letter.objects.filter(pk=letter_id).update(
            render_attempts=models.F("render_attempts") + 1, render_error=f"{type(error).__name__}: {error}"[:300]
        )
        raise


def _render_once(letter_id: int) -> None:
    saved: Any = None
    try:
        with transaction.atomic():
            letter = Letter.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=letter_id).first()
            if letter is None or letter.pdf:
                return
            content = _writer()(letter)
            letter.pdf.save(f"{letter.key.hex}.pdf", ContentFile(content), save=False)
            saved = letter.pdf
            letter.pdf_sha256 = hashlib.sha256(content).hexdigest()
            letter.render_error = ""
            letter.save(update_fields=["pdf", "pdf_sha256", "render_error"])
    except BaseException:
        if saved:
            saved.storage.delete(saved.name)
        raise


def drawn(letter: Letter) -> bytes:
    """Return the file of a letter without keeping it: of a preview, or of one whose file is still to come."""
    return _writer()(letter)


def render_waiting() -> int:
    """Make the PDFs that are missing; return how many were made. One letter that fails holds up no other."""
    waiting = Letter.objects.filter(pdf="", render_attempts__lt=MOST_ATTEMPTS).order_by("id")[:BATCH]
    made = 0
    for letter_id in list(waiting.values_list("pk", flat=True)):
        try:
            render(letter_id)
        except Exception:  # kept on the letter by render(); the next one must still get its turn
            logger.exception("Letter %s could not be rendered.", letter_id)
        else:
            made += 1
    return made


def _writer() -> Writer:
    writer: Writer = import_string(settings.LETTER_WRITER)
    return writer
