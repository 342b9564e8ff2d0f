"""The database of the test, for a process that is not this one."""

from urllib.parse import quote

from django.db import connection


def address_of_test_database() -> str:
    """Return the DATABASE_URL of the database this test runs on, by socket or port, for other processes."""
    found = connection.settings_dict
    user = f"{quote(found['USER'])}:{quote(found['PASSWORD'])}@" if found["PASSWORD"] else f"{quote(found['USER'])}@"
    if str(found["HOST"]).startswith("/"):
        return f"postgres://{user}/{found['NAME']}?host={quote(found['HOST'])}"
    return f"postgres://{user}{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"
