"""Moving stored ciphertext from older keys to the newest, while the portal runs.

Every column of an EncryptedTextField in every model is walked, and the JSON columns named in ENCRYPTED_JSON (secrets of
second factors). A value is replaced only if it is still the one that was read: whoever wrote meanwhile wins. Rows
behind row-level security are walked as their keeper: otherwise there would seem to be none, and a key that is still
needed would be called spare.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from portal.encryption.fields import EncryptedTextField, decrypt, encrypt, newest_key
from portal.encryption.walls import IDENTITIES, KEEPS, opened

BATCH = 500


@dataclass(frozen=True)
class Column:
    """One column that holds ciphertext."""

    model: type[models.Model]
    field: models.Field[Any, Any]

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def names(self) -> tuple[str, str, str]:
        """Return table, column and primary key, quoted for SQL."""
        quoted = connection.ops.quote_name
        key = self.model._meta.pk
        return quoted(self.model._meta.db_table), quoted(str(self.field.column)), quoted(str(key.column))


def columns() -> list[Column]:
    """Return every column that holds ciphertext, in a steady order."""
    found = [
        Column(model, field)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField) or f"{model._meta.label}.{field.name}" in settings.ENCRYPTED_JSON
    ]
    return sorted(found, key=str)


def rotate(column: Column) -> tuple[int, int]:
    """Encrypt what stands under an older key anew; return how many rows changed, and where others were quicker."""
    changed = missed = 0
    for pk, old in _stored(column):
        new = _renewed(old)
        if new == old:
            continue
        if _replace(column, pk, old, new):
            changed += 1
        else:
            missed += 1
    return changed, missed


def under_older_keys(column: Column) -> int:
    """Return how many rows still need an older key."""
    return sum(_renewed(old) != old for _pk, old in _stored(column))


def _stored(column: Column) -> Iterator[tuple[Any, str]]:
    """Yield primary key and stored text of every row that holds something, in batches by key."""
    table, name, key = column.names
    last: Any = None
    while True:
        after = f"AND {key} > %s" if last is not None else ""
        with opened(KEEPS, IDENTITIES), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {name}::text FROM {table} WHERE {name} IS NOT NULL {after} "
                f"ORDER BY {key} LIMIT {BATCH}",
                [last] if last is not None else [],
            )
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _replace(column: Column, pk: Any, old: str, new: str) -> bool:
    table, name, key = column.names
    kind = "::jsonb" if isinstance(column.field, models.JSONField) else ""
    with opened(KEEPS, IDENTITIES), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {name} = %s{kind} WHERE {key} = %s AND {name}::text = %s", [new, pk, old])
        return bool(cursor.rowcount == 1)


def _renewed(stored: str) -> str:
    """Return the stored text with every token in it under the newest key; unchanged if all are."""
    if stored[:1] not in {"{", "["}:
        return _token(stored)
    value = json.loads(stored)
    renewed = _walk(value)
    return stored if renewed == value else json.dumps(renewed)


def _walk(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _walk(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_walk(each) for each in value]
    return _token(value) if isinstance(value, str) else value


def _token(text: str) -> str:
    key_id, dollar, _payload = text.partition("$")
    if not dollar or key_id not in settings.FIELD_KEYS or key_id == newest_key()[0]:
        return text
    return encrypt(decrypt(text))
