"""Readers of the environment that fail loudly on a missing or malformed value."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, default: bool) -> bool:
    """Return the variable `name` as a boolean: 1/true/yes or 0/false/no."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in {"1", "true", "yes"}:
        return True
    if raw.lower() in {"0", "false", "no", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {raw!r}; expected 1 or 0.")


def number(name: str, default: int) -> int:
    """Return the variable `name` as a whole number."""
    raw = os.environ.get(name, str(default))
    if not raw.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} is {raw!r}; expected a whole number.")
    return int(raw)


def words(name: str, default: str = "") -> list[str]:
    """Return the variable `name` as a list, split at commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    """Translate `postgres://user:password@host:port/name?host=/socket/dir` into Django's settings."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL has the scheme {parts.scheme!r}; only postgres:// is supported.")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "portal",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][0] if "host" in query else (parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


def broker_options(url: str) -> dict[str, Any]:
    """Return what Celery must know besides the address: where a broker of files (`filesystem:///dir`) keeps them."""
    parts = urlsplit(url)
    if parts.scheme.startswith("redis"):
        return {"socket_timeout": 5, "socket_connect_timeout": 3}  # a broker that hangs must not hold an act
    if parts.scheme != "filesystem":
        return {}
    queue, control = f"{parts.path}/queue", f"{parts.path}/control"
    return {"data_folder_in": queue, "data_folder_out": queue, "control_folder": control, "store_processed": False}
