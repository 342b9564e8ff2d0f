"""How the text of a letter is set: numbers that do not break on a screen, spaces that do not gape on paper."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()
NUMBER = re.compile(r"[0-9A-Z]{2,}(?:-[0-9A-Z]+)+")
CHINESE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
ENDING = re.compile("认定为[^，。]{1,28}。$")  # with more it might not fit on one line of a certificate
BESIDE_CHINESE = re.compile(f"(?<={CHINESE}) | (?={CHINESE})")


@register.filter
def numbers_whole(text: str) -> SafeString:
    """Return a text for the screen with every number that holds dashes, SQ-520111-2026-0002, on one line."""
    return SafeString(NUMBER.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(text)))


@register.filter
def ending_whole(text: str) -> SafeString:
    """Return the statement of a certificate with what is certified on one line, its last character never alone."""
    return SafeString(ENDING.sub(r'<span class="whole">\g<0></span>', conditional_escape(text)))


@register.filter
def set_close(text: str) -> str:
    """Return a text for paper whose spaces beside Chinese stay as narrow as they were typed when a line is justified.

    What is left over on a line is shared out between all its characters (portal/documents/justifying.py); an ordinary
    space would take it all: 演示路　　1　　号.
    """
    return BESIDE_CHINESE.sub("\u00a0", text)
