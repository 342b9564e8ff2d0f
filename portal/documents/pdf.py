"""From a letter's frozen wording to its PDF."""

from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from weasyprint import HTML

from portal.documents.models import Letter


def render(letter: Letter) -> None:
    """Make and keep the PDF of `letter`; does nothing if it is there already."""
    if letter.pdf:
        return
    html = render_to_string(f"letters/{letter.wording['layout']}.html", {"letter": letter})
    letter.pdf.save(f"{letter.key.hex}.pdf", ContentFile(HTML(string=html).write_pdf()))
