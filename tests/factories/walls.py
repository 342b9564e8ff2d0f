"""A database login that policies bind, whatever the tests themselves are connected as."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def as_the_portal_connects() -> Iterator[None]:
    """Go on as a role that is no superuser and owns the table of identities, as in production; within a transaction."""
    role = f"portal_plain_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:  # the embedded cluster logs in that way already
            yield
            return
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS")  # goes with the transaction
        for kind in ("TABLES", "SEQUENCES"):
            cursor.execute(f"GRANT ALL ON ALL {kind} IN SCHEMA public TO {role}")
        cursor.execute(f"ALTER TABLE complaints_complainant OWNER TO {role}")
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")
