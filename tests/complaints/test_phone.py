"""The pages of complaints on a phone: the bar of acts leaves room for the case, titles stand in line."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from portal.accounts.capacity import Capacity
from portal.deadlines.today import business_today
from tests.factories.cast import Cast
from tests.factories.complaints import Story

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(
    cast: Cast, chromium: Browser, live_server: Any, sign_in: Callable[[Capacity], Client]
) -> Callable[[Capacity], Page]:
    """Return a function that opens the telephone of a person who is signed in."""

    def opened(capacity: Capacity) -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        cookies = sign_in(capacity).cookies
        context.add_cookies([{"name": k, "value": v.value, "url": live_server.url} for k, v in cookies.items()])
        return context.new_page()

    return opened


def test_a_bar_of_many_acts_does_not_cover_the_case_and_titles_of_messages_stand_in_line(
    cast: Cast, phone: Callable[[Capacity], Page], live_server: Any
) -> None:
    story = Story(cast, on=business_today())
    complaint = story.received().complaint
    page = phone(cast.county_caseworker)
    page.goto(live_server.url + reverse("complaints:case", args=[complaint.pk]))
    assert page.locator(".actions .btn").count() > 3
    assert page.locator(".actions").evaluate("bar => getComputedStyle(bar).position") == "static"
    page.goto(live_server.url + reverse("notifications:inbox"))
    title = page.locator(".list form > .btn.text").first
    assert title.evaluate("each => getComputedStyle(each).textAlign") == "left"
    left = "each => each.getBoundingClientRect().x"
    text_left = page.locator(".list li > p").last.evaluate(left)
    padding = title.evaluate("each => parseFloat(getComputedStyle(each).paddingLeft)")
    assert abs(title.evaluate(left) + padding - text_left) <= 1
    page.context.close()
