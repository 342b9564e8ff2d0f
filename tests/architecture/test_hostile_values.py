"""Whatever stands in an address or its query, the answer is a page: every GET address is given values that break
careless reading, as a stranger, as an operator and as an officer.
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.architecture.addresses import Address
from tests.architecture.test_permission_table import World
from tests.factories.cast import Cast
from tests.factories.subjects import case_file

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Who may read the most addresses, and who reads what they may not.
PARTS = {"public": ("",), "person": ("wang",), "operator": ("wang",), "officer": ("province_caseworker", "auditor")}
BEYOND_BIGINT = 10**30
SAME_FOR_ALL = {"next", "format", "view"}  # read by the framework or by one function for every page: tried once each
VALUES = (
    *("²", "９", "-1", "9" * 30, "9" * 5000, "NaN", "\x01", "\x00", "%", "x" * 2000),
    *("9999-12-31", "0001-01-01", "99999999999-1-1"),
)
POSITIONS = (
    *(
        "abc",
        "",
        "\0",
        "9" * 30,
        "2026-02-30",
        "[]",
        "{}",
        "[" * 9000,
        '["abc"]',
        '["\\u0000"]',
        "[1, 2]",
        '["1", "1"]',
    ),
    *('["9999-12-31", "' + "9" * 30 + '"]', '["' + "9" * 30 + '"]'),
)
CURSORS = ("=", "²", "bz0tMQ==", *(b64encode(urlencode({"p": each}).encode()).decode() for each in POSITIONS))


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> World:
    """The cast of Guiyang with one whole case; nobody has to wait between questions."""
    monkeypatch.setattr("portal.web.throttling.take", lambda rate, address: 0)
    monkeypatch.setattr("portal.web.api.take", lambda rate, address: 0)
    case_file(cast)
    return World(cast)


def reader(world: World, address: Address, url: str) -> Any:
    """Return the first browser that is let in."""
    everybody = world.cast.capacities()
    browsers = [world.browser(part, everybody[part]) if part else world.nobody for part in PARTS[address.audience]]
    return next((browser for browser in browsers if browser.get(url).status_code != 403), browsers[0])


def names_read(browser: Client, url: str) -> list[str]:
    """Return the names a page looks for in its query; forms and filters name theirs by looking."""
    seen: dict[str, None] = {}

    def noting(read: Callable[..., Any]) -> Callable[..., Any]:
        def noted(query: QueryDict, name: str, *rest: Any) -> Any:
            seen[name] = None
            return read(query, name, *rest)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "_getlist", "__contains__"):
            patch.setattr(QueryDict, method, noting(getattr(QueryDict, method)))
        browser.get(url)
    return list(seen)


def test_no_value_of_a_query_breaks_a_page(world: World) -> None:
    broken: list[str] = []
    tried: set[str] = set()
    for address in world.tried():
        url = world.url(address)
        browser = reader(world, address, url)
        for name in names_read(browser, url):
            if name in SAME_FOR_ALL & tried or address.name.endswith("-detail"):
                continue
            tried.add(name)
            for value in CURSORS if name == "cursor" else VALUES:
                answer = browser.get(url, {name: value})
                if answer.status_code >= 500:
                    broken.append(f"{address}: {answer.exc_info[1]!r} for {name}={value[:40]!r}")
    assert not broken, "\n" + "\n".join(broken)
    assert tried >= {"page", "q", "place", "v", "until", "cursor", "page_size", "before"}


@pytest.mark.parametrize("number", [2**31, 2**63, BEYOND_BIGINT, "9" * 5000])
def test_a_number_no_record_can_have_names_nothing(world: World, number: int | str) -> None:
    broken = []
    for address in world.tried():
        numbers = {name for name in address.arguments if f"<int:{name}>" in address.route}
        if not numbers:
            continue
        found = {name: world.subject(address, name).value for name in address.arguments}
        here = reverse(address.name, kwargs=found)
        url = reverse(address.name, kwargs=found | dict.fromkeys(numbers, 7_777_777)).replace("7777777", str(number))
        answer = reader(world, address, here).get(url)
        if answer.status_code >= 500:
            broken.append(f"{address}: {answer.exc_info[1]!r}")
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize("text", ["%00", "a%00b", "%01", "%E2%80%AE", "²"])
def test_no_text_in_an_address_breaks_a_page(world: World, text: str) -> None:
    broken = []
    for address in world.tried():
        texts = {
            name for name in address.arguments if f"<str:{name}>" in address.route or f"<path:{name}>" in address.route
        }
        if not texts:
            continue
        found = {name: world.subject(address, name).value for name in address.arguments}
        here = reverse(address.name, kwargs=found)
        url = reverse(address.name, kwargs=found | dict.fromkeys(texts, "STANDSHERE")).replace("STANDSHERE", text)
        answer = reader(world, address, here).get(url)
        if answer.status_code >= 500:
            broken.append(f"{address}: {answer.exc_info[1]!r}")
    assert not broken, "\n" + "\n".join(broken)
