"""Texts as people type and paste them. Plain Python."""

import unicodedata
from typing import Any

QUOTED = 40


def writable(text: str) -> str:
    """Return a text without control characters: pasted along unseen, and no letter, feed or file can hold them.

    Line ends and tabs stay; every line end is a line feed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) != "Cc")


def quoted(typed: Any) -> str:
    """Return what was typed as a sentence quotes it: the beginning, where it is long."""
    text = str(typed)
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
