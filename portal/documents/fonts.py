"""The fonts letters are set in: the office's own licensed ones first, then the open four faces, then Noto.

Each face of an official document (小标宋、仿宋、楷体、黑体、宋体) has its chain; a character missing in one is
taken from the next. Looked for in `settings.FONT_DIR`, in what setup brought, and on the system.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

Face = Literal["title", "fang", "kai", "hei", "song"]

SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
OPEN: dict[Face, tuple[str, ...]] = {
    "title": ("FandolSong-Bold.otf",),
    "fang": ("FandolFang-Regular.otf",),
    "kai": ("FandolKai-Regular.otf",),
    "hei": ("FandolHei-Regular.otf",),
    "song": ("FandolSong-Regular.otf",),
}
BEHIND: dict[Face, str] = {
    "title": "NotoSerifCJK-Bold.ttc",
    "fang": "NotoSerifCJK-Regular.ttc",
    "kai": "NotoSerifCJK-Regular.ttc",
    "hei": "NotoSansCJK-Regular.ttc",
    "song": "NotoSerifCJK-Regular.ttc",
}
FAMILIES = {"NotoSerifCJK": "Noto Serif CJK SC", "NotoSansCJK": "Noto Sans CJK SC"}
# How an office's own font is told by its names: the first word that fits wins, so 小标宋 comes before 宋.
KNOWN: tuple[tuple[Face, tuple[str, ...]], ...] = (
    ("title", ("小标宋", "xiaobiaosong", "fzxbs")),
    ("fang", ("仿宋", "fangsong", "fang")),
    ("kai", ("楷", "kai")),
    ("hei", ("黑", "hei", "sans")),
    ("song", ("宋", "song", "simsun", "serif")),
)
ENDINGS = {".otf", ".ttf", ".ttc"}


@dataclass(frozen=True)
class FontFile:
    """One font file; `own` if the office put it there."""

    path: Path
    own: bool


def folders() -> list[Path]:
    """Return where fonts of known names are looked for."""
    return [folder for folder in (settings.VAR / "fonts", *SYSTEM) if folder.is_dir()]


@lru_cache(maxsize=64)
def find(name: str) -> Path | None:
    """Return the font file of that name, wherever it lies; None if it is not on this machine."""
    for folder in folders():
        direct = folder / name
        if direct.is_file():
            return direct.resolve()
        for found in folder.rglob(name):
            return found
    return None


def installed_family(path: Path) -> str:
    """Return the family a collection is known by to the system; empty for files that are to be loaded by path."""
    if path.suffix.lower() != ".ttc" or not any(path.is_relative_to(folder) for folder in SYSTEM):
        return ""
    return next((family for stem, family in FAMILIES.items() if path.stem.startswith(stem)), "")


@lru_cache(maxsize=4)
def own_fonts(folder: str) -> dict[Face | None, list[Path]]:
    """Return the office's own fonts by face; those of no known face stand under None and serve for rare characters."""
    found: dict[Face | None, list[Path]] = {}
    place = Path(folder)
    if not folder or not place.is_dir():
        return found
    for path in sorted(place.iterdir()):
        if path.suffix.lower() in ENDINGS:
            found.setdefault(_face(path), []).append(path)
    return found


def _face(path: Path) -> Face | None:
    names = f"{path.stem} {_names(path)}".lower()
    return next((face for face, words in KNOWN if any(word in names for word in words)), None)


def _names(path: Path) -> str:
    with _opened(path) as font:
        return " ".join(str(record.toUnicode()) for record in font["name"].names if record.nameID in {1, 4, 16})


def _opened(path: Path) -> TTFont:
    if path.suffix.lower() == ".ttc":
        font: TTFont = TTCollection(str(path), lazy=True).fonts[0]
        return font
    return TTFont(str(path), lazy=True)


def chain(face: Face) -> Iterator[FontFile]:
    """Yield the files of a face in the order they are tried; the last ones hold nearly every character there is."""
    own = own_fonts(settings.FONT_DIR)
    yield from (FontFile(path, own=True) for path in own.get(face, []))
    for name in (*OPEN[face], BEHIND[face]):
        path = find(name)
        if path:
            yield FontFile(path, own=False)
    yield from (FontFile(path, own=True) for path in own.get(None, []))


@lru_cache(maxsize=32)
def characters(path: Path) -> frozenset[int]:
    """Return the code points a font file has glyphs for."""
    with _opened(path) as font:
        return frozenset(font.getBestCmap() or ())
