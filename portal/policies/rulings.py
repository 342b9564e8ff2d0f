"""What a bureau has said of an assumed value, laid over its pack. Plain Python: no Django, no clock, no database."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from portal.policies.entries import at, content_of, replaced
from portal.policies.packs import Pack, Section, compose, parse
from portal.policies.problems import PackError, Problem
from portal.policies.schema import Ruled


@dataclass(frozen=True)
class Ruling:
    """A bureau's word on one assumed value: ``content`` is the TOML of the value it holds to (``value = 5``).

    ``before`` is the TOML of what stood at the path when the bureau ruled: how it is told that the file has changed.
    ``ruled`` says what was decided and when, to be cited beside the clause; unset of a ruling that is only tried.
    """

    id: int
    path: str
    content: str
    because: str
    before: str = ""
    ruled: Ruled | None = None


def fitting(pack: Pack, rulings: Iterable[Ruling]) -> frozenset[int]:
    """Return the ids of the rulings that still mean what stands at their path; ``rulings`` are all ever made.

    One fits where it found what the file says, or what a fitting one before it said. A path that is gone, or holds
    another value because the file was edited, belongs to no ruling until the bureau rules anew.
    """
    found: set[int] = set()
    said: dict[str, set[str]] = {}
    for ruling in sorted(rulings, key=lambda ruling: ruling.id):
        if ruling.path not in said:
            said[ruling.path] = _in_file(pack, ruling.path)
        if ruling.before in said[ruling.path]:
            found.add(ruling.id)
            said[ruling.path].add(ruling.content)
    return frozenset(found)


def laid_over(pack: Pack, rulings: Iterable[Ruling], sections: Iterable[type[Section]]) -> Pack:
    """Return the pack with every ruling laid over it that leaves it fit; one that does not is left out."""
    told, wanted = sorted(rulings, key=lambda ruling: ruling.id), list(sections)
    try:
        return _fit(ruled(pack, told), wanted)
    except PackError:
        kept: list[Ruling] = []
        for ruling in told:
            with suppress(PackError):
                _fit(ruled(pack, [*kept, ruling]), wanted)
                kept.append(ruling)
        return ruled(pack, kept)


def _fit(pack: Pack, sections: Iterable[type[Section]]) -> Pack:
    for cls in sections:
        if cls.SECTION in pack.tables:
            pack.section(cls)
    return pack


def _in_file(pack: Pack, path: str) -> set[str]:
    try:
        return {content_of(at(pack.tables, path))}
    except (KeyError, TypeError):
        return set()


def ruled(pack: Pack, rulings: Iterable[Ruling]) -> Pack:
    """Return the pack with the rulings laid over it; what was assumed is then the bureau's own word.

    Raises PackError when a ruling no longer has a place in the pack.
    """
    told = sorted(rulings, key=lambda ruling: ruling.id)
    if not told:
        return pack
    tables: Mapping[str, Any] = pack.tables
    for ruling in told:
        tables = _laid_over(tables, ruling, pack)
    return replace(compose(tables, pack.path), rulings=tuple(ruling.id for ruling in told))


def _laid_over(tables: Mapping[str, Any], ruling: Ruling, pack: Pack) -> dict[str, Any]:
    try:
        before = at(tables, ruling.path)
    except KeyError as error:
        fix = "这一项已不在文件中，请在政策设置页另作确认。"
        problem = Problem(ruling.path, f"第 {ruling.id} 号确认所指的取值不存在", "文件中的取值", fix)
        raise PackError(problem, source=pack.path.name) from error
    kept = {key: before[key] for key in ("clause", "ambiguity") if key in before}
    if ruling.ruled:
        kept["ruled"] = ruling.ruled
    return replaced(tables, ruling.path, {**parse(ruling.content), **kept, "because": ruling.because})
