"""The worklist on a phone: the cases come first, the filters when they are asked for, without a script too."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.journeys.browsing import NARROW, Traveller

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_filters_are_folded_on_a_phone_and_stand_open_on_a_wide_screen(
    chromium: Browser, live_server: Any, cast: Cast
) -> None:
    dossiers.submitted(cast)
    traveller = Traveller(chromium, live_server.url, script=False)
    with traveller.as_(cast.province_caseworker) as page:
        page.goto(f"{traveller.site}/desk/?queue=below")
        traveller.look(page, "worklist-wide")
        search, button = page.locator("#id_q"), page.locator("summary", has_text="查找和筛选")
        expect(search).to_be_visible()
        expect(button).not_to_be_visible()
        page.set_viewport_size({"width": NARROW, "height": 780})
        expect(search).not_to_be_visible()
        expect(page.get_by_role("link", name=cast.base.name)).to_be_in_viewport()
        traveller.look(page, "worklist-folded")
        button.click()
        search.fill("没有这一家")
        search.press("Enter")
        expect(page.get_by_text("没有符合条件的办件")).to_be_visible()
        traveller.look(page, "worklist-chosen")
