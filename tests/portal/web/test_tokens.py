"""Where tokens are counted: in Redis where there is one, in the database where there is none or it is away."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.web import redis_tokens
from portal.web.throttling import Rate, take, wait_for
from tests.complaints.flood import free_port, running_redis


@pytest.fixture
def with_redis(settings, tmp_path: Path, monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(redis_tokens._Away, "until", 0.0)
    redis_tokens._client.cache_clear()
    with running_redis(tmp_path) as address:
        settings.ALLOWANCES_REDIS = address
        yield address


SLOWLY = Rate("test", burst=3, per_minute=1)


def three_and_no_more() -> None:
    assert wait_for(SLOWLY, "198.51.100.7") == 0
    assert [take(SLOWLY, "198.51.100.7") for _try in range(3)] == [0, 0, 0]
    assert 50 <= take(SLOWLY, "198.51.100.7") <= 60
    assert 50 <= wait_for(SLOWLY, "198.51.100.7") <= 60
    assert take(SLOWLY, "198.51.100.8") == 0


@pytest.mark.django_db
def test_tokens_are_counted_in_the_database_where_there_is_no_redis() -> None:
    three_and_no_more()


@pytest.mark.django_db
def test_a_subscriber_with_many_ipv6_addresses_has_one_bucket() -> None:
    assert [take(SLOWLY, f"2001:db8:0:7::{n}") for n in range(1, 4)] == [0, 0, 0]
    assert take(SLOWLY, "2001:db8:0:7:ffff::1") > 0
    assert take(SLOWLY, "2001:db8:0:8::1") == 0


@pytest.mark.django_db
def test_an_ipv4_address_is_the_same_one_however_the_socket_writes_it() -> None:
    assert [take(SLOWLY, "::ffff:198.51.100.7") for _try in range(3)] == [0, 0, 0]
    assert take(SLOWLY, "198.51.100.7") > 0
    assert take(SLOWLY, "198.51.100.8") == 0


@pytest.mark.django_db
@pytest.mark.slow
def test_tokens_are_counted_in_redis_where_there_is_one(with_redis: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        three_and_no_more()


@pytest.mark.django_db
@pytest.mark.slow
def test_redis_keeps_no_address(with_redis: str) -> None:
    three_and_no_more()
    client = redis_tokens._client(with_redis)
    keys = client.keys("*")
    assert len(keys) == 2
    assert not [key for key in keys if b"198.51" in key]
    assert all(client.ttl(key) > 0 for key in keys)


@pytest.mark.django_db
def test_when_redis_is_away_the_database_counts_and_redis_is_left_alone_for_a_while(settings, monkeypatch) -> None:
    settings.ALLOWANCES_REDIS = f"redis://127.0.0.1:{free_port()}/0"
    monkeypatch.setattr(redis_tokens._Away, "until", 0.0)
    redis_tokens._client.cache_clear()
    three_and_no_more()
    assert redis_tokens._Away.until > time.monotonic()
