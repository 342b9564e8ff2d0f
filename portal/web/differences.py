"""What changed inside a text, so that a page strikes and underlines that alone. Plain Python but for the markup."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

PHRASE = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]+|[^，。；：、！？\n]+")
WORD = re.compile(r"[0-9A-Za-z.,:/%-]+|.", re.DOTALL)  # numbers, days and codes are never cut through
ALIKE = 4


def struck(before: str, after: str) -> SafeString:
    """Return the earlier text with what is gone or replaced struck through, phrase by phrase."""
    return _marked("del", ((old, changed) for old, _new, changed in _pieces(before, after)))


def added(after: str, before: str) -> SafeString:
    """Return the later text with what is new underlined, phrase by phrase."""
    return _marked("ins", ((new, changed) for _old, new, changed in _pieces(before, after)))


def _marked(tag: str, pieces: Iterator[tuple[str, bool]]) -> SafeString:
    """Return the pieces in a row, those that changed inside `tag`."""
    begin, end = SafeString(f"<{tag}>"), SafeString(f"</{tag}>")
    rows = ((begin, text, end) if changed else ("", text, "") for text, changed in pieces if text)
    return format_html_join("", "{}{}{}", rows)


def _pieces(before: str, after: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what stands in the one and in the other, in order, and whether that is a change."""
    old, new = PHRASE.findall(before), PHRASE.findall(after)
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if what == "equal":
            yield gone, come, False
        else:
            yield from _within(gone, come)


def _within(gone: str, come: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the same of phrases that differ, by whole words. What is alike in between counts from so many words on:
    two sentences that share here and there a word are not cut to pieces.
    """
    old, new = WORD.findall(gone), WORD.findall(come)
    first = last = 0  # where the change that is being gathered begins
    for i, k, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        at_an_end = (i == 0 and k == 0) or (i + size == len(old) and k + size == len(new))
        if size >= ALIKE or at_an_end:
            yield "".join(old[first:i]), "".join(new[last:k]), True
            yield "".join(old[i : i + size]), "".join(new[k : k + size]), False
            first, last = i + size, k + size
