"""Whether the fonts at hand can print a text. Asked before a letter is issued: no empty box reaches paper."""

import unicodedata
from collections.abc import Iterator
from typing import Any, get_args

from portal.documents import fonts
from portal.errors import DomainError

NAMED = 8
FORMAT = {"Cf", "Cc", "Zs", "Zl", "Zp"}


def missing_glyphs(text: str) -> str:
    """Return the characters of `text` that some face of the letter cannot print, each once; empty if all can be.

    Every face must have the character somewhere along its chain, because a name may stand in the title as in the text.
    """
    wanted = {char for char in text if unicodedata.category(char) not in FORMAT}
    missing = {char for face in get_args(fonts.Face) for char in _uncovered(wanted, face)}
    return "".join(char for char in dict.fromkeys(text) if char in missing)


def _uncovered(wanted: set[str], face: fonts.Face) -> set[str]:
    left = wanted
    for font in fonts.chain(face):
        if not left:
            break
        covered = fonts.characters(font.path)
        left = {char for char in left if ord(char) not in covered}
    return left


def refuse_missing_glyphs(wording: dict[str, Any]) -> None:
    """Raise DomainError if the wording has a character that no font at hand can print, and name it."""
    missing = missing_glyphs("".join(_strings(wording)))
    if not missing:
        return
    named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in missing[:NAMED])
    more = f"等{len(missing)}个字符" if len(missing) > NAMED else ""
    raise DomainError(
        f"文书中的{named}{more}在现有字体里没有字形，打印出来会缺字。"
        "请核对是否误录；确属生僻字的，请管理员把含有该字的字体放入字体目录（FONT_DIR）后重试。"
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)
