"""How the words of others stand in a letter: what somebody typed, and the labels of choices, always in Chinese."""

import re

from django.conf import settings
from django.utils import translation

TRAILING = "；;，,、. "  # what is left hanging where a sentence is to end
ENDS = ("。", "！", "？")
BESIDE_FIGURES = re.compile("(?<=[0-9]) +(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) +(?=[0-9])")


def closed(text: str) -> str:
    """Return what somebody typed, its lines kept and the empty ones left out, closed by a full stop."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    whole = "\n".join(lines).rstrip(TRAILING)
    return whole if whole.endswith(ENDS) else f"{whole}。"


def solid(text: str) -> str:
    """Return what somebody typed without blanks between figures and Chinese, as letters write days: 2027年1月8日前."""
    return BESIDE_FIGURES.sub("", text)


def in_chinese(label: object) -> str:
    """Return a label that may be translated, as a letter prints it: in Chinese, whatever the officer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(label)
