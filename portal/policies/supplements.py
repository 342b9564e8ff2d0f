"""A city's pack that supplements its province's: it fills what the province left open and adds what it does not have.

Plain Python: no Django, no clock, no database.
"""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portal.policies.entries import APP_SECTIONS, content_of
from portal.policies.problems import Problem, did_you_mean
from portal.policies.timeline import lineage

if TYPE_CHECKING:
    from portal.policies.packs import Pack

IDENTITIES = ("code", "award", "ground", "step", "slot", "list", "condition", "title")


def completed_tables(pack: "Pack", known: "Mapping[str, Pack]") -> tuple[dict[str, Any], list[Problem]]:
    """Return the tables of a supplement laid into those of the pack it supplements, and every conflict found."""
    base = known.get(pack.head.supplements or "")
    if base is None or base.head.supplements or base.jurisdiction not in lineage(pack.jurisdiction)[1:]:
        names = [other.id for other in known.values() if other.jurisdiction in lineage(pack.jurisdiction)[1:]]
        fix = did_you_mean(pack.head.supplements or "", names) or "上级还没有政策文件时，删去这一行，写一份完整的文件。"
        found = f"“{pack.head.supplements}”"
        return dict(pack.tables), [Problem("policy.supplements", found, "上级地区政策文件的编号", fix)]
    merging = _Merging(base, pack)
    tables = {**pack.tables, "sources": [*_cited(base), *pack.tables.get("sources", [])]}
    for key in APP_SECTIONS:
        if key in base.tables or key in pack.tables:
            tables[key] = merging.merged(base.tables.get(key, {}), pack.tables.get(key, {}), key)
    tables["sources"] = list({row["id"]: row for row in tables["sources"]}.values())
    return tables, merging.problems


def _cited(base: "Pack") -> list[dict[str, Any]]:
    """Return the clauses and sources of the province's pack as law that the supplement's values may cite."""
    clauses = [
        {"id": clause.id, "title": base.title, "article": clause.article, "summary": clause.summary}
        for clause in base.clauses.values()
    ]
    return [*clauses, *copy.deepcopy(base.tables.get("sources", []))]


class _Merging:
    """Lays the tables of a supplement into those of its base and notes every value that both set differently."""

    def __init__(self, base: "Pack", pack: "Pack") -> None:
        self.base, self.pack = base, pack
        self.problems: list[Problem] = []

    def merged(self, old: Any, new: Any, path: str) -> Any:
        """Return both together; what the base says stands."""
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            if _is_value(old):
                return self._filled(old, new, path)
            keys = dict.fromkeys([*old, *new])
            return {key: self._either(old, new, key, f"{path}.{key}") for key in keys}
        if isinstance(old, list) and isinstance(new, list):
            return self._listed(old, new, path)
        if old != new:
            self._conflict(path, str(old), str(new))
        return old

    def _either(self, old: Mapping[str, Any], new: Mapping[str, Any], key: str, path: str) -> Any:
        if key not in new:
            return copy.deepcopy(old[key])
        return self.merged(old[key], new[key], path) if key in old else copy.deepcopy(new[key])

    def _filled(self, old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Mapping[str, Any]:
        if "unset" in old or not _is_value(new):
            return new
        if content_of(old) != content_of(new):
            self._conflict(path, content_of(old), content_of(new))
        return old

    def _listed(self, old: list[Any], new: list[Any], path: str) -> list[Any]:
        rows = copy.deepcopy(old)
        places = {identity(row): place for place, row in enumerate(rows)}
        for row in new:
            place = places.get(identity(row))
            if place is None or not isinstance(row, Mapping):
                rows += [] if row in rows else [copy.deepcopy(row)]
            else:
                rows[place] = self.merged(rows[place], row, f"{path}[{place}]")
        return rows

    def _conflict(self, path: str, theirs: str, ours: str) -> None:
        found = f"{self.pack.id} 写 {ours}，而 {self.base.id} 已写 {theirs}"
        fix = f"请删去这一项；要改动的，由 {self.base.id} 的印发机关改。"
        self.problems.append(Problem(path, found, "上级文件未定的取值", fix))


def _is_value(raw: Mapping[str, Any]) -> bool:
    return "clause" in raw and ("value" in raw or "unset" in raw)


def identity(row: object) -> tuple[str, object] | None:
    """Return what tells one row of an array from the others: the first of the identifying keys it has."""
    if not isinstance(row, Mapping):
        return None
    return next(((key, row[key]) for key in IDENTITIES if isinstance(row.get(key), str)), None)
