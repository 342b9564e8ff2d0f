"""System checks: every key fits its cipher, and the database really holds back what its policies name."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal.encryption.fields import key_of


@register(Tags.security)
def keys_fit_their_ciphers(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a key of the wrong length: it would be found out at the first name somebody enters."""
    problems: list[CheckMessage] = []
    for key_id in settings.FIELD_KEYS:
        try:
            key_of(key_id)
        except ImproperlyConfigured as error:
            problems.append(Error(str(error), id="encryption.E001"))
    return problems


@register(Tags.database)
def row_security_holds(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn when connected as a role that row-level security does not bind; run by `migrate` and `check --database`."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, unbound = cursor.fetchone()
    if not unbound:
        return []
    return [
        Warning(
            f"数据库登录角色 {name} 是超级用户或有 BYPASSRLS，行级安全对它不起作用，投诉人信息只剩程序这一道防线。",
            hint="请改用普通角色：CREATE ROLE … LOGIN NOSUPERUSER CREATEDB，并令其拥有数据库（docs/running.md）。",
            id="encryption.W001",
        )
    ]
