"""Rows straight into tables by COPY: for measurements only; the demo and the tests use the real actions."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_rows(model: type[models.Model], columns: str, rows: Iterable[Sequence[Any]]) -> int:
    """Copy rows into a model's table and return how many; `columns` are names with blanks between, dicts are JSON."""
    buffer, count = io.StringIO(), 0
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    buffer.seek(0)
    quoted = ", ".join(f'"{name}"' for name in columns.split())
    with connection.cursor() as cursor:
        sql = f"COPY {model._meta.db_table} ({quoted}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
        cursor.cursor.copy_expert(sql, buffer)
    return count


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def first_id(model: type[models.Model]) -> int:
    """Return the id that the next copied row may take."""
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0) + 1


def reset_sequences(*found: type[models.Model]) -> None:
    """Let the sequences go on after the ids that were copied in."""
    with connection.cursor() as cursor:
        for model in found:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT MAX(id) FROM {table}), 1))"
            )


def analyse() -> None:
    """Tell the planner what is there."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def settle() -> None:
    """Do what the database does by itself within minutes, so that it does not begin amid the measuring."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
