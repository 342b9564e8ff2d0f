"""Token buckets in Redis: one round trip, shared by all web processes. Redis may be away; then the database counts."""

import logging
import time
from functools import lru_cache
from typing import Any, cast

import redis
from django.conf import settings

AWAY_SECONDS = 5.0
TIMEOUT = 0.2  # seconds; a Redis that hangs must not hold a page
PREFIX = "allowance:"
log = logging.getLogger("portal.web.throttling")

# The clock is Redis' own, so that web machines need not agree on the time.
ASK = """
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens = burst
if held[1] then tokens = math.min(burst, tonumber(held[1]) + (now - tonumber(held[2])) * rate) end
if ARGV[3] == '1' and tokens >= 1 then
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', string.format('%.6f', now))
  redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
end
return tostring(tokens)
"""


class _Away:
    """Until when this process does not ask Redis again."""

    until = 0.0


def tokens(key: str, burst: int, per_second: float, *, taking: bool) -> float | None:
    """Return how many tokens the bucket `key` held, and take one if there was one; None where Redis is away."""
    url: str = settings.ALLOWANCES_REDIS
    if not url or time.monotonic() < _Away.until:
        return None
    try:
        found = _client(url).eval(ASK, 1, PREFIX + key, str(burst), str(per_second), "1" if taking else "0")
        return float(cast(Any, found))
    except redis.RedisError as error:
        log.warning("Redis is away, the database counts: %s", type(error).__name__)
        _Away.until = time.monotonic() + AWAY_SECONDS
        return None


@lru_cache(maxsize=1)
def _client(url: str) -> redis.Redis:
    address = url.replace("redis+socket://", "unix://", 1)  # Celery's word for a socket
    return redis.Redis.from_url(address, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
