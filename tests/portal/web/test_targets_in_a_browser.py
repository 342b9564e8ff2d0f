"""What a finger or a mouse has to hit is large enough, and the head of a page leaves room for the page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from portal.accounts.capacity import Capacity
from portal.deadlines.today import business_today
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.titles import DAY, published_call, published_notice

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SMALL = """least => [...document.querySelectorAll('a, button, summary')].filter(each => each.offsetParent)
  .map(each => [each.innerText, each.getBoundingClientRect()])
  .filter(([words, box]) => box.width > 1 && (box.width < least || box.height < least)).map(([words]) => words)"""


def test_every_link_of_a_notice_is_large_enough_to_be_hit(cast: Cast, chromium: Browser, live_server: Any) -> None:
    today = business_today()
    notice = published_notice(published_call(opens=today - DAY, closes=today + DAY), cast.base, on=today)
    page = chromium.new_page(viewport={"width": 1366, "height": 900})
    for address in ("/520000/", f"/520000/notices/{notice.pk}/", f"/520000/calls/{notice.call_id}/"):
        page.goto(live_server.url + address)
        assert page.evaluate(SMALL, 24) == [], address
    page.close()


@pytest.fixture
def phone(cast: Cast, chromium: Browser, live_server: Any, sign_in: Callable[[Capacity], Client]) -> Page:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    cookies = sign_in(cast.wang).cookies
    context.add_cookies([{"name": k, "value": v.value, "url": live_server.url} for k, v in cookies.items()])
    return context.new_page()


def test_the_head_of_an_operators_page_takes_a_quarter_of_a_phone_at_most(
    phone: Page, live_server: Any, settings: Any
) -> None:
    settings.DEMO = True
    phone.goto(live_server.url + reverse("desk:operator_home"))
    assert phone.locator(".demo").is_visible()
    assert phone.locator("body > header").bounding_box()["height"] <= 740 / 4  # type: ignore[index]  # it is visible


def test_every_entry_of_the_desk_menu_and_every_queue_is_seen_on_a_phone(
    cast: Cast, chromium: Browser, live_server: Any, sign_in: Callable[[Capacity], Client]
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    cookies = sign_in(cast.city_caseworker).cookies
    context.add_cookies([{"name": k, "value": v.value, "url": live_server.url} for k, v in cookies.items()])
    page = context.new_page()
    page.goto(live_server.url + "/desk/")
    for entries in (page.locator(".tabs a"), page.locator(".strip nav a")):
        assert entries.count() > 3
        right = entries.evaluate_all("found => found.map(each => each.getBoundingClientRect().right)")
        assert max(right) <= 360
    context.close()


def test_the_brackets_of_a_clause_stand_at_its_words(phone: Page, cast: Cast, live_server: Any) -> None:
    application = dossiers.draft(cast)
    phone.goto(live_server.url + reverse("applications:files", args=[application.pk]))
    clauses = phone.locator("main a.clause")
    assert clauses.count() > 0
    assert set(clauses.evaluate_all("found => found.map(each => getComputedStyle(each).display)")) == {"inline"}


@pytest.mark.parametrize("width", [1366, 360])
def test_the_whole_head_of_a_folded_box_opens_it(
    cast: Cast, chromium: Browser, live_server: Any, sign_in: Callable[[Capacity], Client], width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 740}, locale="zh-CN")
    cookies = sign_in(cast.province_caseworker).cookies
    context.add_cookies([{"name": k, "value": v.value, "url": live_server.url} for k, v in cookies.items()])
    page = context.new_page()
    page.goto(live_server.url + reverse("policies:settings"))
    box = page.locator("details.panel").first
    edges = box.bounding_box()
    assert edges is not None
    assert edges["height"] >= 44
    for down in (3, edges["height"] - 3):
        box.click(position={"x": edges["width"] / 2, "y": down})
        assert box.get_attribute("open") is not None
        page.reload()
    context.close()
