"""From a letter's frozen wording to its PDF. Imported by workers; see `rendering` for who asks."""

from django.template.loader import render_to_string
from weasyprint import HTML

from portal.documents.models import Letter


def write(letter: Letter) -> bytes:
    """Return the letter as PDF."""
    html = render_to_string(f"letters/{letter.wording['layout']}.html", {"letter": letter})
    content: bytes = HTML(string=html).write_pdf()
    return content
