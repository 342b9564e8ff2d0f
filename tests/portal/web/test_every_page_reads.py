"""Every address that needs no argument can be read by anybody without breaking: no write, no gap in a template."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Streams and checks that ask for services of their own.
LEFT_OUT = {"web:readyz"}


def named(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Yield the names of all addresses below `patterns` that take no argument."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if not pattern.pattern.regex.groups:
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from named(pattern.url_patterns, space)
        elif pattern.name and not pattern.pattern.regex.groups:
            yield f"{prefix}{pattern.name}"


ADDRESSES = sorted(set(named(get_resolver().url_patterns)) - LEFT_OUT)


def broken_for(client: Client) -> dict[str, str]:
    """Return the addresses that break for this reader, with what broke."""
    found = {}
    for name in ADDRESSES:
        try:
            status = client.get(reverse(name)).status_code
        except Exception as error:  # whatever it is, all addresses are to be tried before the test fails
            found[name] = f"{type(error).__name__}: {error}"[:200]
        else:
            if status >= 500:
                found[name] = str(status)
    return found


def test_a_stranger_breaks_no_page_by_opening_it(client: Client) -> None:
    assert not broken_for(client)


@pytest.mark.parametrize("part", ["wang", "county_caseworker", "approver", "system_admin", "auditor"])
def test_the_cast_reads_every_page(cast, sign_in, part: str) -> None:
    assert not broken_for(sign_in(getattr(cast, part)))
