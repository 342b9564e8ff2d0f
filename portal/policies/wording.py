"""What the values and codes of a pack are called on a page. Plain Python: no Django, no clock, no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from portal.jurisdictions.wording import level_in_words
from portal.policies.entries import at
from portal.policies.packs import PACKS_FOLDER, Pack, parse, read_text
from portal.policies.problems import PackError
from portal.policies.schema import read_section

FILE = "wording.toml"
UNSET = "未定"
LEVELS = ("county", "city", "province", "nation")


@dataclass(frozen=True)
class Wording:
    """Labels by path (places in an array as ``[]``) and Chinese words by code."""

    labels: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def at(self, code: str) -> "Wording":
        """Return the same with the levels called as in the place of a division code: 自治区级 for 540000."""
        return replace(self, words=self.words | {level: level_in_words(level, code) for level in LEVELS})

    def label(self, path: str) -> str:
        """Return the label of a value; the last key of its path where none was written."""
        return self.labels.get(re.sub(r"\[\d+\]", "[]", path), path.rpartition(".")[2])

    def shown(self, value: object) -> str:
        """Return a value as an officer would say it."""
        if value is None:
            return UNSET
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, tuple | list):
            return "、".join(self.shown(item) for item in value)
        if isinstance(value, date):
            return value.isoformat()
        return self.words.get(str(value), str(value))


@cache
def wording(folder: Path = PACKS_FOLDER) -> Wording:
    """Return the wording kept beside the packs. Raises PackError with every problem found in its file."""
    path = folder / FILE
    if not path.exists():
        return Wording()
    try:
        return read_section(Wording, parse(read_text(path)))
    except PackError as error:
        raise PackError(*error.problems, source=FILE) from error


def owner_of(pack: Pack, path: str, words: Wording) -> str:
    """Return what a value of a pack belongs to: the title, ground, step, award or target it is part of, if any.

    A path that the file no longer has belongs to nothing.
    """
    names = []
    award = re.match(r"subsidies\.\w+(?=\.)", path)  # each award is a table of its own
    for end in [*([award.end()] if award else []), *(match.end() for match in re.finditer(r"\[\d+\]", path))]:
        try:
            table = at(pack.tables, path[:end])
        except KeyError:
            return ""
        if isinstance(table, Mapping):
            names.append(_name(pack, table, words))
    return " · ".join(name for name in names if name)


def _name(pack: Pack, table: Mapping[str, Any], words: Wording) -> str:
    name = table.get("name")
    if isinstance(name, Mapping):
        return str(table.get("called") or name.get("value", ""))
    if isinstance(name, str):
        return name
    if isinstance(since := table.get("since"), str):
        return f"{since} 起"
    title = table.get("title") or table.get("code")
    return title_name(pack, title, words) if isinstance(title, str) else ""


def title_name(pack: Pack, code: str, words: Wording) -> str:
    """Return the name of a title of the pack by its code, or the word for the code."""
    for title in pack.tables.get("bases", {}).get("titles", []):
        if title.get("code") == code:
            return _name(pack, {key: title[key] for key in ("name", "called") if key in title}, words)
    return words.shown(code)
