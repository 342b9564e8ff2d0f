"""What a bureau has said of an assumed value, laid over its pack. Plain Python: no Django, no clock, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.policies.entries import at, replaced
from portal.policies.packs import Pack, compose, parse
from portal.policies.problems import PackError, Problem


@dataclass(frozen=True)
class Ruling:
    """A bureau's word on one assumed value: ``content`` is the TOML of the value it holds to (``value = 5``)."""

    id: int
    path: str
    content: str
    because: str


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
    return replaced(tables, ruling.path, {**parse(ruling.content), **kept, "because": ruling.because})
