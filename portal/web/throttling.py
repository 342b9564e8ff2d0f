"""How often one address may ask: a token bucket per address and kind of question, in Redis or else in the database.

Either way every web process counts the same tokens. Where Redis is not there, or goes away, the database counts: one
statement takes a token; it runs before the read-only transaction of the page begins. A key is a keyed hash: no address
is kept.
"""

import hashlib
import hmac
import ipaddress
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
from portal.web import redis_tokens
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
    return _wait(rate, _tokens(rate, address, taking=True))


def wait_for(rate: Rate, address: str) -> int:
    """Return what `take` would return, and take nothing."""
    return _wait(rate, _tokens(rate, address, taking=False))


def left(rate: Rate, address: str) -> float:
    """Return how many tokens that address has."""
    return _tokens(rate, address, taking=False)


def _wait(rate: Rate, tokens: float) -> int:
    return 0 if tokens >= 1 else max(1, math.ceil((1 - tokens) / (rate.per_minute / 60)))


def _tokens(rate: Rate, address: str, *, taking: bool) -> float:
    """Return how many tokens the address had, and take one of them if there was one."""
    named = f"{rate.name}:{_source(address)}"
    key = hmac.new(settings.SECRET_KEY.encode(), named.encode(), hashlib.sha256).hexdigest()
    found = redis_tokens.tokens(key, rate.burst, rate.per_minute / 60, taking=taking)
    return _in_database(rate, key, taking=taking) if found is None else found


def _source(address: str) -> str:
    """Return what shares a bucket: the network of an IPv6 address, of which each subscriber has 2^64; else itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a province, a base, a telephone
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found.packed, 64), strict=False))


def _in_database(rate: Rate, key: str, *, taking: bool) -> float:
    values: dict[str, str | float] = {"key": key, "burst": rate.burst, "rate": rate.per_minute / 60}
    with connection.cursor() as cursor:
        if taking and secrets.randbelow(SWEEP_ONE_IN) == 0:
            cursor.execute(SWEEP, [KEEP_SECONDS])
        if taking:
            cursor.execute(TAKE, values)
            if taken := cursor.fetchone():
                return float(taken[0]) + 1
        cursor.execute(LEFT, values)
        left = cursor.fetchone()
    return min(float(rate.burst), float(left[0])) if left else 0.0 if taking else float(rate.burst)


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
