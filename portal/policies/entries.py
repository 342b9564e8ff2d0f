"""The cited values of a pack, wherever they stand in its tables, by their dotted path."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.policies.schema import is_citation

APP_SECTIONS = ("bases", "applications", "assessments", "complaints", "subsidies")
_ESCAPES = {**{code: f"\\u{code:04x}" for code in (*range(32), 127)}, 10: "\\n", 34: '\\"', 92: "\\\\"}
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True)
class Entry:
    """One cited value as it stands in the file: where, under which clause, and the raw table."""

    path: str
    clause: str
    raw: Mapping[str, Any]

    @property
    def assumed(self) -> bool:
        """Return whether the source leaves it open and the system filled it in."""
        return self.raw.get("assumed") is True

    @property
    def is_open(self) -> bool:
        """Return whether the bureau may rule on it: assumed, left unset, or one reading of a text that has several."""
        return self.assumed or "unset" in self.raw or "ambiguity" in self.raw


def entries(tables: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield every cited value of the tables in file order."""
    for key, raw in tables.items():
        if key not in ("clauses", "sources"):
            yield from _within(raw, key)


def _within(raw: object, path: str) -> Iterator[Entry]:
    if isinstance(raw, Mapping):
        if isinstance(raw.get("clause"), str) and ("value" in raw or "unset" in raw):
            yield Entry(path, raw["clause"], raw)
            return
        for key, item in raw.items():
            yield from _within(item, f"{path}.{key}")
    elif isinstance(raw, list):
        for place, item in enumerate(raw):
            yield from _within(item, f"{path}[{place}]")


def citations(tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the path and the clause of everything that cites one: values, and the keys that hold a clause alone."""
    for key, raw in tables.items():
        if key not in ("clauses", "sources"):
            yield from _citing(raw, key)


def _citing(raw: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(raw, Mapping):
        is_value = "value" in raw or "unset" in raw
        for key, item in raw.items():
            if is_citation(key) and isinstance(item, str):
                yield (path if is_value else f"{path}.{key}"), item
            elif not is_value:
                yield from _citing(item, f"{path}.{key}")
    elif isinstance(raw, list):
        for place, item in enumerate(raw):
            yield from _citing(item, f"{path}[{place}]")


def steps(path: str) -> list[str | int]:
    """Return a dotted path taken apart: keys as words, places in an array as numbers."""
    return [int(place) if place else key for key, place in _STEP.findall(path)]


def at(tables: Mapping[str, Any], path: str) -> Any:
    """Return what stands at the path. Raises KeyError when nothing does."""
    here: Any = tables
    for step in steps(path):
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError) as error:
            raise KeyError(path) from error
    return here


def replaced(tables: Mapping[str, Any], path: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables with another raw value at the path; the tables given stay as they are. Raises KeyError."""
    copied: dict[str, Any] = copy.deepcopy(dict(tables))
    *way, last = steps(path)
    here: Any = copied
    for step in way:
        here = here[step]
    here[last] = dict(raw)
    return copied


def content_of(raw: Mapping[str, Any]) -> str:
    """Return the TOML of a raw value without its citation: ``value = 3``, or ``unset = true``."""
    return "unset = true" if "unset" in raw else f"value = {toml(raw['value'])}"


def toml(raw: object) -> str:
    """Return a plain raw value as TOML writes it. Raises TypeError for a table."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | date):
        return str(raw)
    if isinstance(raw, str | Decimal):
        return f'"{str(raw).translate(_ESCAPES)}"'
    if isinstance(raw, list | tuple):
        return "[" + ", ".join(toml(item) for item in raw) + "]"
    raise TypeError(f"no plain value: {raw!r}")
