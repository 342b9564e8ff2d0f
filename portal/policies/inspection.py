"""Finds everything wrong with one pack file, so that its author can mend it in one go.

Plain Python: no Django, no clock, no database; the sections, the other packs and the divisions are handed in.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.policies.entries import APP_SECTIONS, entries
from portal.policies.packs import Head, Pack, Section, parse, read_parts, read_text
from portal.policies.problems import PackError, Problem, did_you_mean, shown
from portal.policies.schema import Reader
from portal.policies.supplements import completed_tables, identity
from portal.policies.timeline import conflicts


@dataclass(frozen=True)
class Surroundings:
    """What a pack must fit: the sections of the apps, the packs beside it, the open questions, the divisions.

    ``divisions`` maps a code to the last day it was in use (None: still is); empty, codes are not looked up.
    """

    sections: Sequence[type[Section]]
    packs: Collection[Pack] = ()
    ambiguities: Collection[str] = ()
    divisions: Mapping[str, date | None] | None = None


def inspect(path: Path, around: Surroundings) -> list[Problem]:
    """Return every problem of a pack file, in the order of the file's parts; an empty list means it is fit to load."""
    try:
        tables: Mapping[str, Any] = parse(read_text(path))
    except PackError as error:
        return list(error.problems)
    parts = read_parts(tables)
    problems = list(parts.problems)
    if parts.head:
        mine = Pack(parts.head, parts.clauses, parts.sources, parts.targets, tables, path)
        problems += _division(parts.head, around.divisions)
        problems += _neighbours(mine, around.packs)
        tables, misfits = _whole(mine, around.packs)
        problems += misfits
    return [
        *problems,
        *_sections(tables, around.sections),
        *unknown_titles(tables),
        *_twice(tables),
        *_alike(tables),
        *_ambiguities(tables, around.ambiguities),
    ]


def _sections(tables: Mapping[str, Any], sections: Iterable[type[Section]]) -> Iterator[Problem]:
    known = _ids(tables)
    for cls in sections:
        if cls.SECTION not in tables:
            yield Problem(cls.SECTION, "缺少这一节", "一张表", f"请补上 [{cls.SECTION}]，可从 template.toml 抄起。")
            continue
        reader = Reader(known)
        reader.table(cls, tables[cls.SECTION], cls.SECTION)
        yield from reader.problems


def _ids(tables: Mapping[str, Any]) -> set[str]:
    """Return every id written down in the file, also of clauses that are otherwise faulty."""
    rows = [row for key in ("clauses", "sources") if isinstance(tables.get(key), list) for row in tables[key]]
    return {row["id"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str)}


def unknown_titles(tables: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each title named in a section that [bases] does not have."""
    known = title_codes(tables)
    for key in APP_SECTIONS:
        for path, title in _named_titles(tables.get(key), key):
            if title not in known:
                yield Problem(path, shown(title), "[bases] 中的称号代码", did_you_mean(title, known))


def title_codes(tables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of the titles that [bases] has, also of a file with other faults."""
    bases = tables.get("bases")
    rows = bases.get("titles") if isinstance(bases, Mapping) else None
    codes = [row.get("code") for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return tuple(code for code in codes if isinstance(code, str))


def names_title(path: str) -> bool:
    """Return whether the cited value at the path names a title by its code."""
    return path.rpartition(".")[2] in ("needs", "banned_as")


def _named_titles(raw: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(raw, Mapping):
        for key, item in raw.items():
            if key == "title" and isinstance(item, str):
                yield f"{path}.{key}", item
            elif names_title(key) and isinstance(item, Mapping) and isinstance(item.get("value"), str):
                yield f"{path}.{key}.value", item["value"]
            else:
                yield from _named_titles(item, f"{path}.{key}")
    elif isinstance(raw, list):
        for place, item in enumerate(raw):
            yield from _named_titles(item, f"{path}[{place}]")


def _twice(tables: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each row of a section that says who it is in the words of an earlier row."""
    for key in APP_SECTIONS:
        for path, rows in _arrays(tables.get(key), key):
            told: dict[tuple[str, object], int] = {}
            for place, row in enumerate(rows):
                name = identity(row)
                if name is None or (name[0] == "title" and not path.endswith(".procedures")):
                    continue
                if name in told:
                    fix = f"{path}[{told[name]}] 已是这一项，请合并、改正或删去其中一项。"
                    yield Problem(f"{path}[{place}].{name[0]}", f"{shown(name[1])}（重复）", "不重复的一项", fix)
                told.setdefault(name, place)


def _alike(tables: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each title that bears the name of an earlier one: nobody could tell them apart."""
    bases = tables.get("bases")
    rows = bases.get("titles") if isinstance(bases, Mapping) else None
    told: dict[str, int] = {}
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        name = row.get("name") if isinstance(row, Mapping) else None
        label = row.get("called") or (name.get("value") if isinstance(name, Mapping) else None) if name else None
        if isinstance(label, str) and label in told:
            fix = f"bases.titles[{told[label]}] 也叫这个名称。请给两个称号都写上 called，例如“市级{label}”。"
            yield Problem(f"bases.titles[{place}].called", f"{shown(label)}（重名）", "与别的称号不同的名称", fix)
        elif isinstance(label, str):
            told[label] = place


def _arrays(raw: object, path: str) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(raw, Mapping):
        for key, item in raw.items():
            yield from _arrays(item, f"{path}.{key}")
    elif isinstance(raw, list):
        yield path, raw
        for place, item in enumerate(raw):
            yield from _arrays(item, f"{path}[{place}]")


def _ambiguities(tables: Mapping[str, Any], known: Collection[str]) -> Iterator[Problem]:
    for entry in entries(tables):
        ambiguity = entry.raw.get("ambiguity")
        if known and isinstance(ambiguity, str) and ambiguity not in known:
            hint = did_you_mean(ambiguity, sorted(known)) if ambiguity else ""
            fix = hint if "是否" in hint else "请先在 ambiguities.toml 中写明这个疑义。"
            yield Problem(f"{entry.path}.ambiguity", shown(ambiguity), "ambiguities.toml 中的编号", fix)


def _division(head: Head, divisions: Mapping[str, date | None] | None) -> Iterator[Problem]:
    if divisions is None or head.example:
        return
    where, code = "policy.jurisdiction", head.jurisdiction
    if code not in divisions:
        yield Problem(where, shown(code), "区划表中的代码", "请核对六位代码；省级以 0000 结尾，市级以 00 结尾。")
    elif (end := divisions[code]) and end < head.applies_from.value:
        fix = "请改用接续它的代码。"
        yield Problem(where, f"{shown(code)}，已于 {end} 停用", "政策起始日仍在使用的代码", fix)


def _neighbours(mine: Pack, packs: Collection[Pack]) -> list[Problem]:
    """Return the conflicts with the packs beside it; an installed pack of the same id is replaced, not a neighbour."""
    if mine.head.example:
        return []
    return conflicts([*(pack for pack in packs if pack.id != mine.id), mine])


def _whole(mine: Pack, packs: Collection[Pack]) -> tuple[Mapping[str, Any], list[Problem]]:
    """Return the tables of the pack, a supplement's with all it takes from its province, and what does not fit."""
    if mine.head.supplements is None:
        return mine.tables, []
    return completed_tables(mine, {pack.id: pack for pack in packs})
