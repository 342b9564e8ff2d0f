"""How the words of others stand in a letter: what somebody typed, and the labels of choices, always in Chinese."""

from django.conf import settings
from django.utils import translation

TRAILING = "；;，,、. "  # what is left hanging where a sentence is to end
ENDS = ("。", "！", "？")


def closed(text: str) -> str:
    """Return what somebody typed, its lines kept and the empty ones left out, closed by a full stop."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    whole = "\n".join(lines).rstrip(TRAILING)
    return whole if whole.endswith(ENDS) else f"{whole}。"


def in_chinese(label: object) -> str:
    """Return a label that may be translated, as a letter prints it: in Chinese, whatever the officer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(label)
