"""The second wall: rows that PostgreSQL holds back until the transaction says for whom it reads (docs/decisions/0206).

The policies of a table (`CREATE POLICY`, in the migrations of its app) ask for a setting of the transaction. Nobody is
asked whether the reader may: that is the business of the act that opens the wall, before it does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

HANDLES = "portal.handles"  # the region prefix of the officer who handles what is read
KEEPS = "portal.keeps"  # what the portal itself keeps: purge and rotation of keys
IDENTITIES = "identities"
SET = (
    "WITH before AS MATERIALIZED (SELECT COALESCE(current_setting(%s, true), '') AS value)"
    " SELECT before.value, set_config(%s, %s, true) FROM before"
)


@contextmanager
def opened(setting: str, value: str) -> Iterator[None]:
    """Set a setting of the transaction for the length of the block; without a transaction it begins one.

    Read everything inside the block: a queryset that is evaluated later finds the wall closed again.
    """
    with transaction.atomic():
        before = _set(setting, value)
        yield
        _set(setting, before)  # where the block fails, the undone savepoint does it


def _set(setting: str, value: str) -> str:
    """Set it to the end of the transaction and return what it was."""
    with connection.cursor() as cursor:
        cursor.execute(SET, [setting, setting, value])
        return str(cursor.fetchone()[0])
