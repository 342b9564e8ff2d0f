"""How often one address may ask: a token bucket per address and kind of question, kept in the database.

In the database, because every web process then counts the same tokens and no broker is needed for it. One statement
takes a token; it runs before the read-only transaction of the page begins.
"""

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from portal.accounts.lockout import client_ip
from portal.web.error_pages import error_page
from portal.web.read_only import SAFE_METHODS, read_only, writes_on_get

SWEEP_ONE_IN = 500
KEEP_SECONDS = 24 * 3600
View = Callable[..., HttpResponseBase]

TAKE = """
INSERT INTO web_allowance AS held (key, tokens, at) VALUES (%(key)s, %(burst)s - 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET
  tokens = LEAST(%(burst)s, held.tokens + EXTRACT(EPOCH FROM clock_timestamp() - held.at) * %(rate)s) - 1,
  at = clock_timestamp()
WHERE LEAST(%(burst)s, held.tokens + EXTRACT(EPOCH FROM clock_timestamp() - held.at) * %(rate)s) >= 1
RETURNING tokens
"""
LEFT = "SELECT tokens + EXTRACT(EPOCH FROM clock_timestamp() - at) * %(rate)s FROM web_allowance WHERE key = %(key)s"
SWEEP = "DELETE FROM web_allowance WHERE at < clock_timestamp() - make_interval(secs => %s)"


@dataclass(frozen=True)
class Rate:
    """`burst` questions at once, then `per_minute`; `name` keeps the kinds of question apart."""

    name: str
    burst: int
    per_minute: float


VERIFY = Rate("verify", burst=30, per_minute=20)
WRITE = Rate("write", burst=10, per_minute=2)
API = Rate("api", burst=120, per_minute=120)
DOWNLOAD = Rate("download", burst=10, per_minute=4)


def take(rate: Rate, address: str) -> int:
    """Take a token of that address. Return 0, or after how many seconds there will be one again."""
    key = hmac.new(settings.SECRET_KEY.encode(), f"{rate.name}:{address}".encode(), hashlib.sha256).hexdigest()
    per_second = rate.per_minute / 60
    values: dict[str, str | float] = {"key": key, "burst": rate.burst, "rate": per_second}
    with connection.cursor() as cursor:
        if secrets.randbelow(SWEEP_ONE_IN) == 0:
            cursor.execute(SWEEP, [KEEP_SECONDS])
        cursor.execute(TAKE, values)
        if cursor.fetchone():
            return 0
        cursor.execute(LEFT, values)
        left = cursor.fetchone()
    missing = 1 - float(left[0]) if left else 1.0
    return max(1, math.ceil(missing / per_second))


def limited(rate: Rate, *, methods: frozenset[str] | None = None) -> Callable[[View], View]:
    """Mark a page that one address may ask for only so often; over it answers 429 and says when to come again.

    `methods` limits the counting to some of them. Reading stays read-only: the token is taken before.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if methods is None or request.method in methods:
                wait = take(rate, client_ip(request))
                if wait:
                    response = error_page(request, "429", 429)
                    response["Retry-After"] = str(wait)
                    return response
            if request.method in SAFE_METHODS:
                with read_only():
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        return writes_on_get("takes a token of the address that asks")(wrapped)

    return mark
