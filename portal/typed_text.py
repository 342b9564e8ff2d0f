"""Texts as people type and paste them. Plain Python."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

QUOTED = 40
# A mobile number, or an area code with seven or eight digits and perhaps an extension, or a number of 400 and 800.
PHONE = re.compile(
    r"(\+?86-?)?(1[3-9][0-9]-?[0-9]{4}-?[0-9]{4}|0[0-9]{2,3}-?[0-9]{7,8}((转|-)[0-9]{1,6})?)|[48]00-?[0-9]{3}-?[0-9]{4}"
)
SERVICE = re.compile(r"1[0-9]{4}")  # such as 12333


def with_plain_dashes(typed: str) -> str:
    """Return a telephone number with the dashes of a keyboard."""
    return typed.strip().replace("－", "-").replace("—", "-")


def is_phone(typed: str) -> bool:
    """Whether it is a telephone number that can be rung, spaces and brackets aside."""
    return PHONE.fullmatch(re.sub(r"[ ()（）]", "", with_plain_dashes(typed))) is not None


def are_public_phones(typed: str) -> bool:
    """Whether it is a number or several that a bureau may print, service numbers such as 12333 among them."""
    numbers = re.split(r"[、，,；;/]", typed)
    return all(is_phone(number) or SERVICE.fullmatch(number.strip()) is not None for number in numbers)


def grouped(code: str) -> str:
    """Return a code in groups of four, as one reads it aloud."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


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


def bare(text: str) -> str:
    """Return letters and digits alone, half-width and small: spaces, marks and wide figures hide no equal words."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum()).lower()


def copied(text: str, source: str, *, run: int, apart_from: Iterable[str] = ()) -> str:
    """Return the first words of a text that stand in the source too, at least `run` letters long; or an empty string.

    Spaces, marks and width aside, which do not stand in what is returned. Names in `apart_from` may be in both.
    """
    names = sorted(filter(None, map(bare, apart_from)), key=len, reverse=True)
    between = re.compile("|".join(map(re.escape, names)) or "(?!)")
    theirs = bare(source)
    for part in between.split(bare(text)):
        for start in range(len(part) - run + 1):
            end = start + run
            while part[start:end] in theirs:
                if end == len(part) or part[start : end + 1] not in theirs:
                    return part[start:end]
                end += 1
    return ""
