"""The world outside the database, as a worker reaches it: a post office and a paper mill that take their time."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal.documents.models import Letter

# Seconds before the outside takes something, and between its yes and our next statement: where a kill hurts most.
PACE = float(os.environ.get("FAULTS_PACE", "0.01"))


def posted() -> list[str]:
    """Return the id of every mail that was handed over, also the second time."""
    book = Path(os.environ["FAULTS_FOLDER"]) / "posted"
    return book.read_text().split() if book.exists() else []


class Post(BaseEmailBackend):
    """Writes the Message-ID of each mail into a book, one line, at once."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            time.sleep(PACE)
            book = os.open(Path(os.environ["FAULTS_FOLDER"]) / "posted", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(book, f"{message.extra_headers['Message-ID']}\n".encode())
            os.close(book)
            time.sleep(PACE)
        return len(messages)


def paper(letter: Letter) -> bytes:
    """Return a paper that says what it is."""
    time.sleep(PACE)
    return f"%PDF-1.4 {letter.reference}".encode()
