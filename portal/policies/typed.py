"""The values of a pack with their types, as a settings page needs them to offer the right control.

Plain Python: no Django, no clock, no database; the sections are handed in.
"""

import enum
import types
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Union, get_args, get_origin

from portal.policies.entries import toml
from portal.policies.inspection import names_title, title_codes
from portal.policies.packs import Head, Pack, Section, Target
from portal.policies.problems import PackError, Problem, shown
from portal.policies.schema import Reader, Value

Control = Literal["flag", "choice", "date", "whole", "decimal", "list", "text"]


@dataclass(frozen=True)
class Typed:
    """One cited value of a pack: where it stands, what it says, and what else could stand there."""

    path: str
    value: Value[object]
    content: object
    optional: bool
    titles: tuple[str, ...] = ()  # to choose from, where the value names a title of the pack

    @property
    def control(self) -> Control:
        """Return which control of a form fits the value."""
        if get_origin(self.content) in (tuple, list):
            return "list"
        if self.choices:
            return "choice"
        by_type: dict[object, Control] = {bool: "flag", date: "date", int: "whole", Decimal: "decimal"}
        return by_type.get(self.content, "text")

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the words to choose from; none when the value is free."""
        if self.titles:
            return self.titles
        if get_origin(self.content) is Literal:
            return tuple(str(choice) for choice in get_args(self.content))
        if isinstance(self.content, type) and issubclass(self.content, enum.Enum):
            return tuple(str(member.value) for member in self.content)
        return ()

    def toml_of(self, text: str) -> str:
        """Return what a person typed as the TOML content of the value: ``value = 5``; empty text unsets it.

        Raises PackError when the text is not of the value's type.
        """
        text = text.strip()
        if not text and self.optional:
            return "unset = true"
        return f"value = {toml(self._raw(text))}"

    def _raw(self, text: str) -> object:
        try:
            return self._converted(text)
        except ValueError as error:
            words = {"whole": "整数", "date": "日期，例如 2026-01-31", "flag": "是或否"}
            expected = words.get(self.control, "一行文字，不含控制字符")
            problem = Problem(self.path, shown(text) if text else "空", expected, "请改正后再提交。")
            raise PackError(problem) from error

    def _converted(self, text: str) -> object:
        if self.control == "whole":
            return int(text)
        if self.control == "date":
            return date.fromisoformat(text)
        if self.control == "flag":
            return _yes_or_no(text)
        if self.control == "list":
            words = text.replace("，", ",").replace("\r", "\n").replace("\n", ",").split(",")
            return [_plain(word.strip()) for word in words if word.strip()]
        return _plain(text)

    def text(self) -> str:
        """Return the value as a person would type it."""
        held = self.value.value
        if held is None:
            return ""
        if isinstance(held, bool):
            return "true" if held else "false"
        if isinstance(held, tuple):
            return "，".join(str(item) for item in held)
        return str(held.value) if isinstance(held, enum.Enum) else str(held)


def _plain(text: str) -> str:
    """Return a text without control characters: no letter and no page can show them. Raises ValueError."""
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError(text)
    return text


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false", "是", "否"):
        raise ValueError(text)
    return text in ("true", "是")


def typed_values(pack: Pack, sections: Iterable[type[Section]]) -> dict[str, Typed]:
    """Return every cited value of a pack by its path, in the order of the document's parts."""
    reader = Reader(pack.citable())
    reader.table(Head, pack.tables["policy"], "policy")
    for cls in sections:
        if cls.SECTION in pack.tables:
            reader.table(cls, pack.tables[cls.SECTION], cls.SECTION)
    for place, raw in enumerate(pack.tables.get("targets", [])):
        reader.table(Target, raw, f"targets[{place}]")
    titles = title_codes(pack.tables)
    return {path: _typed(path, inner, value, titles) for path, (inner, value) in reader.seen.items()}


def _typed(path: str, inner: object, value: Value[object], titles: tuple[str, ...]) -> Typed:
    content, optional = _bare(inner)
    return Typed(path, value, content, optional, titles if names_title(path) else ())


def _bare(annotation: object) -> tuple[object, bool]:
    """Return an annotation without its limits and its None, and whether None was among it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        kept = [choice for choice in get_args(annotation) if choice is not type(None)]
        return _bare(kept[0])[0], len(kept) < len(get_args(annotation))
    return annotation, False
