"""From a letter's frozen wording to its PDF. Imported by workers; see `rendering` for who asks.

Tagged after PDF/UA-1, fonts embedded as subsets, no date of making: the same wording gives the same file.
"""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration

from portal.documents import fonts
from portal.documents.justifying import justify
from portal.documents.models import Letter
from portal.documents.sheets import Sheet, sheet_of

PAGED = Path(__file__).with_name("paged.css")
VARIABLES = {"title": "--biaosong", "fang": "--fangsong", "kai": "--kai", "hei": "--sans", "song": "--song"}


def write(letter: Letter) -> bytes:
    """Return the letter as PDF; a letter without a primary key is a preview, and marked so."""
    sheet = sheet_of(letter, preview=letter.pk is None)
    document = _laid_out(sheet)
    if sheet.wording["layout"] != "certificate" and len(document.pages) > 1:
        closer = _laid_out(replace(sheet, tight=True))  # no page for the last three lines alone
        document = closer if len(closer.pages) < len(document.pages) else document
    justify(document)
    content: bytes = document.write_pdf(**_options(letter))
    return content


def _laid_out(sheet: Sheet) -> Document:
    html = render_to_string(f"letters/{sheet.wording['layout']}.html", {"sheet": sheet})
    configuration, styles = _look()
    laid_out: Document = HTML(string=html).render(
        stylesheets=styles, font_config=configuration, **_options(sheet.letter)
    )
    return laid_out


def _options(letter: Letter) -> dict[str, Any]:
    return {"pdf_variant": "pdf/ua-1", "pdf_identifier": letter.key.bytes}


@lru_cache(maxsize=1)
def _look() -> tuple[FontConfiguration, list[CSS]]:
    """Return fonts and style sheets, read once for each process."""
    configuration = FontConfiguration()
    paper = Path(str(finders.find("css/letter.css"))).read_text(encoding="utf-8")
    texts = [_faces(), paper, PAGED.read_text(encoding="utf-8")]
    return configuration, [CSS(string=text, font_config=configuration) for text in texts]


def _faces() -> str:
    """Return @font-face rules for the files at hand, and for each face of a letter its chain of families."""
    rules: dict[Path, str] = {}
    chains: list[str] = []
    for face in get_args(fonts.Face):
        families = [_family(font.path, rules) for font in fonts.chain(face)]
        chains.append(f"{VARIABLES[face]}: {', '.join(families)};")
    return "\n".join([*rules.values(), ":root {", *chains, "}"])


def _family(path: Path, rules: dict[Path, str]) -> str:
    installed = fonts.installed_family(path)
    if installed:
        return f'"{installed}"'
    name = f"letter {path.stem}"
    rules[path] = f'@font-face {{ font-family: "{name}"; src: url("{path.as_uri()}"); }}'
    return f'"{name}"'
