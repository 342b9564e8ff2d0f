"""What implements each clause of each policy: the mission's own progress bar.

A value of the pack that cites the clause is found by itself; screens, reports and acts are declared in
``coverage.toml`` beside the packs, and so is what is still to come. Plain Python: no Django, no clock, no database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from portal.policies.entries import at, citations
from portal.policies.packs import Clause, Pack, parse, read_text
from portal.policies.problems import PackError, Problem, Unfit
from portal.policies.schema import NonEmpty, read_section

FILE = "coverage.toml"


@dataclass(frozen=True)
class Declared:
    """What was written down about a clause: URL names and functions that carry it, or the capability it waits for."""

    by: tuple[NonEmpty, ...] = ()
    open: NonEmpty | None = None

    def __post_init__(self) -> None:
        if not self.by and not self.open:
            raise Unfit("by", found="空", expected="by 或 open", fix="写明由什么实现，或以 open 写明待建的能力。")


@dataclass(frozen=True)
class _File:
    SECTION: ClassVar[str] = "coverage"
    clauses: dict[str, Declared] = field(default_factory=dict)


@dataclass(frozen=True)
class Covered:
    """One clause with the pack values that cite it and what was declared about it."""

    pack: Pack
    clause: Clause
    values: tuple[str, ...]
    by: tuple[str, ...]
    open: str | None

    @property
    def implemented(self) -> bool:
        """Return whether anything carries the clause today."""
        return bool(self.values or self.by)

    @property
    def accounted(self) -> bool:
        """Return whether the clause is carried, or known to wait for a named capability."""
        return self.implemented or self.open is not None


def coverage(packs: Iterable[Pack], declared: Mapping[str, Declared]) -> list[Covered]:
    """Return every clause of every pack, in order of the packs, with what implements it.

    Raises PackError when something is declared about a clause that no pack has.
    """
    rows = [row for pack in packs for row in _of_pack(pack, declared)]
    strangers = sorted(set(declared) - {row.clause.id for row in rows})
    if strangers:
        fix = "请改正编号，或删去这一行。"
        problems = [Problem(f"clauses.{name}", "没有哪份文件有这一条", "条款编号", fix) for name in strangers]
        raise PackError(*problems, source=FILE)
    return rows


def read_declared(folder: Path) -> dict[str, Declared]:
    """Return what coverage.toml says, by clause id. Raises PackError with every problem found."""
    try:
        return read_section(_File, parse(read_text(folder / FILE))).clauses
    except PackError as error:
        raise PackError(*error.problems, source=FILE) from error


def _of_pack(pack: Pack, declared: Mapping[str, Declared]) -> list[Covered]:
    citing: dict[str, list[str]] = {}
    for path, clause in citations(pack.tables):
        citing.setdefault(clause, []).append(_named(pack, path))
    rows = []
    for article in pack.clauses.values():
        said = declared.get(article.id)
        values = tuple(dict.fromkeys(citing.get(article.id, ())))
        rows.append(Covered(pack, article, values, said.by if said else (), said.open if said else None))
    return rows


def _named(pack: Pack, path: str) -> str:
    """Return a path with the name of a target in place of its number, which says more to a reader."""
    if not path.startswith("targets["):
        return path
    place, _, key = path.partition("].")
    return f"targets.{at(pack.tables, f'{place}]')['indicator']}.{key}"
