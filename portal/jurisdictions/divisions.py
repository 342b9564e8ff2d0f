"""The division table of the whole country, from fixtures/reference/divisions.csv (source and licence: NOTICE there)."""

import csv
import datetime
from pathlib import Path
from typing import Any

DIVISIONS = Path(__file__).resolve().parents[2] / "fixtures" / "reference" / "divisions.csv"


def read_divisions(path: Path = DIVISIONS) -> list[dict[str, Any]]:
    """Return the rows of a division table, typed. Raises ValueError naming the line and what is wrong with it."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                rows.append(
                    {
                        "code": row["code"],
                        "name": row["name"],
                        "level": row["level"],
                        "parent": row["parent_code"] or None,
                        "is_functional_zone": row["is_functional_zone"] == "1",
                        "valid_from": _day(row["valid_from"]),
                        "valid_to": _day(row["valid_to"]),
                        "successor": row["successor"] or None,
                    }
                )
            except (KeyError, ValueError) as problem:
                raise ValueError(f"{path.name} 第 {line} 行：{problem}") from problem
    return rows


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def load_divisions(model: Any, rows: list[dict[str, Any]]) -> int:
    """Write the rows through `model` (Jurisdiction, or its form in a migration); return how many were new.

    Nothing is ever deleted: a code that ended keeps its row, so that old records keep their place.
    """
    known = set(model.objects.values_list("code", flat=True))
    fresh = [row for row in rows if row["code"] not in known]
    plain = [{key: value for key, value in row.items() if key not in {"parent", "successor"}} for row in fresh]
    model.objects.bulk_create([model(**row) for row in plain], batch_size=2000)
    ids = dict(model.objects.values_list("code", "pk"))
    linked = []
    for row in fresh:
        parent, successor = ids.get(row["parent"]), ids.get(row["successor"])
        linked.append(model(pk=ids[row["code"]], parent_id=parent, successor_id=successor))
    model.objects.bulk_update(linked, ["parent", "successor"], batch_size=2000)
    return len(fresh)
