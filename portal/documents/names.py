"""What people call their files: kept as text, without paths and without characters that hide what they are."""

import unicodedata
from pathlib import PurePosixPath

LENGTH = 100
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi and zero-width, surrogates, private use


def clean_name(given: str) -> str:
    """Return the name as text of at most 100 characters: last part of a path, no control or bidi characters.

    The ending is kept when the name is cut. Empty names become 未命名.
    """
    last = given.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char) not in HIDDEN)
    name = " ".join(shown.split()).lstrip(".")
    if not name:
        return "未命名"
    if len(name) <= LENGTH:
        return name
    ending = PurePosixPath(name).suffix[:8]
    return name[: LENGTH - len(ending) - 1] + "…" + ending


def suffix_of(name: str) -> str:
    """Return the ending in lower case without the dot, jpeg as jpg; empty if there is none."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    return "jpg" if ending == "jpeg" else ending
