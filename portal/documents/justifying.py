"""Chinese lines flush at both edges (两端对齐).

WeasyPrint widens only spaces, of which Chinese has none, so lines broken early by punctuation would end ragged. Here
what is left over on a line is shared out between its characters after layout, before drawing. This reads boxes that
WeasyPrint does not document; it is pinned with hashes, and `test_lines_are_flush_at_both_edges` holds it.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

MOST_LEFT_OVER = 2.2  # ems; a line that lacks more ends a paragraph


def justify(document: Document) -> None:
    """Share out what is left over on each line of a justified paragraph."""
    for page in document.pages:
        for paragraph, line in _lines(page._page_box):
            _stretch(paragraph, line)


def _lines(box: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each line of text with the block it stands in."""
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.LineBox):
            if box.style["text_align_all"] == "justify":
                yield box, child
        else:
            yield from _lines(child)


def _stretch(paragraph: Any, line: Any) -> None:
    text = _only_text(line)
    if text is None:
        return
    left_over = paragraph.content_box_x() + paragraph.width - (text.position_x + text.width)
    gaps = len(text.text.rstrip()) - 1
    if gaps < 1 or not 0 < left_over <= MOST_LEFT_OVER * text.style["font_size"]:
        return
    spacing = text.style["letter_spacing"]
    style = text.style.copy()
    style["letter_spacing"] = (0 if spacing == "normal" else spacing) + left_over / gaps
    text.style = style
    text.width += left_over


def _only_text(line: Any) -> Any:
    """Return the text of a line that holds nothing else, else None."""
    child = line.children[0] if len(line.children) == 1 else None
    return child if isinstance(child, boxes.TextBox) else None
