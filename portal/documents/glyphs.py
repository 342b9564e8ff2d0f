"""Whether the fonts at hand can print a text. Asked before a letter is issued: no empty box reaches paper."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

from portal.errors import DomainError

SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FANDOL = ("FandolFang-Regular.otf", "FandolKai-Regular.otf", "FandolHei-Regular.otf", "FandolSong-Regular.otf")
FALLBACK = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc")
ENDINGS = (".otf", ".ttf", ".ttc")


def font_folders() -> list[Path]:
    """Return where fonts are looked for: the office's own folder first, then what setup brought, then the system's."""
    own = [Path(settings.FONT_DIR)] if settings.FONT_DIR else []
    return [folder for folder in (*own, settings.VAR / "fonts", *SYSTEM) if folder.is_dir()]


def font_files() -> list[Path]:
    """Return the files letters are set in: all of the office's own, the four faces, and Noto behind them."""
    own = Path(settings.FONT_DIR) if settings.FONT_DIR else None
    files = sorted(path for path in own.iterdir() if path.suffix.lower() in ENDINGS) if own and own.is_dir() else []
    for name in (*FANDOL, *FALLBACK):
        found = find_font(name)
        if found:
            files.append(found)
    return files


def find_font(name: str) -> Path | None:
    """Return the font file of that name, wherever it lies; None if it is not on this machine."""
    for folder in font_folders():
        direct = folder / name
        if direct.is_file():
            return direct
        for found in folder.rglob(name):
            return found
    return None


@lru_cache(maxsize=4)
def _covered(files: tuple[Path, ...]) -> frozenset[int]:
    """Return every character that one of the files has."""
    codes: set[int] = set()
    for path in files:
        if path.suffix.lower() == ".ttc":
            codes.update(TTCollection(str(path), lazy=True).fonts[0].getBestCmap())
        else:
            codes.update(TTFont(str(path), lazy=True).getBestCmap())
    return frozenset(codes)


def missing_glyphs(text: str) -> str:
    """Return the characters of `text` that no font at hand can print, each once, in order; empty if all can be."""
    covered = _covered(tuple(font_files()))
    missing = dict.fromkeys(char for char in text if ord(char) not in covered and not char.isspace())
    return "".join(missing)


def refuse_missing_glyphs(wording: dict[str, Any]) -> None:
    """Raise DomainError if the wording has a character that no font at hand can print, and name it."""
    missing = missing_glyphs("".join(_strings(wording)))
    if not missing:
        return
    named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in missing[:8])
    more = f"等{len(missing)}个字" if len(missing) > 8 else ""
    raise DomainError(
        f"文书中的{named}{more}在现有字体里没有字形，打印会出现空格。"
        "请核对是否误录；确属生僻字的，请管理员把含有该字的字体放入字体目录（FONT_DIR）后重试。"
    )


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for part in parts for text in _strings(part)]
