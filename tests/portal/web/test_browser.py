"""The shell in a real browser: accessible in every mode, no overflow, nothing from outside, the extras at work."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/help/",
    "/help/operator/",
    "/privacy/",
    "/accessibility/",
    "/display/",
    "/look/",
    "/look/desk/",
    "/nope/",
]
MODES = [("", 1366), ("", 360), ("150-contrast", 1366), ("elder", 360)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.DEMO = True
    return str(live_server.url)


def open_page(chromium: Browser, site: str, *, mode: str = "", width: int = 1366, script: bool = True) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=script)
    if mode:
        context.add_cookies([{"name": "display", "value": mode, "url": site}])
    return context.new_page()


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "width"), MODES)
def test_every_page_in_every_mode(chromium: Browser, site: str, mode: str, width: int) -> None:
    page = open_page(chromium, site, mode=mode, width=width)
    outside: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((site, "data:")) else outside.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    for path in PAGES:
        page.goto(site + path)
        found = Axe().run(page, options=RULES).response["violations"]
        assert not [(path, one["id"], one["nodes"][0]["target"]) for one in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert not outside
    assert not complaints
    page.context.close()


def test_targets_are_large_enough_for_a_thumb(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site, width=360)
    for path, least in (("/", 44), ("/display/", 44)):
        page.goto(site + path)
        small = page.evaluate(
            """least => [...document.querySelectorAll('header a, .btn, .entry a, .choice')]
               .filter(e => e.offsetParent && e.getBoundingClientRect().height < least - .5).map(e => e.outerHTML)""",
            least,
        )
        assert not small, path
    page.context.close()


def test_display_changes_without_script(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site, script=False)
    page.goto(f"{site}/help/")
    page.get_by_role("link", name="高对比度").click()
    assert page.url == f"{site}/help/"
    assert page.locator("html.contrast").count() == 1
    page.get_by_role("link", name="标准对比度").click()
    assert page.locator("html.contrast").count() == 0
    page.context.close()


def test_the_summary_takes_the_focus_and_leads_to_the_field(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    page.goto(f"{site}/look/")
    assert page.evaluate("document.activeElement.matches('.errors')")
    page.locator(".errors a").first.click()
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "id_area"
    page.context.close()


def test_the_keyboard_reaches_the_text_first(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    page.goto(f"{site}/help/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.context.close()


def autosaving(page: Page, site: str, answer: int) -> list[str]:
    """Open the style page; its autosaving form gets `answer`; return what was sent."""
    sent: list[str] = []

    def reply(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            route.fulfill(status=answer, headers={"X-Saved-At": "20:43"})
        else:
            route.continue_()

    page.route("**/look/draft", reply)
    page.goto(f"{site}/look/")
    return sent


def test_two_seconds_after_typing_the_form_is_saved(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    sent = autosaving(page, site, 204)
    with page.expect_response("**/look/draft"):
        page.locator("#plain_traits").fill("设学生创业实训区")
    page.locator("[data-saved][data-state=saved]").wait_for()
    assert page.locator("[data-saved]").inner_text().endswith("20:43")  # the server's hour, not the browser's
    assert len(sent) == 1
    assert "设学生创业实训区" in sent[0]
    page.context.close()


def test_what_could_not_be_saved_waits_in_the_browser_and_can_be_brought_back(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    autosaving(page, site, 500)
    page.locator("#plain_traits").fill("没有保存上的一段话")
    page.get_by_role("button", name="未保存，重试").wait_for()
    page.reload()
    page.get_by_role("button", name="取回来").click()
    assert page.locator("#plain_traits").input_value() == "没有保存上的一段话"
    page.context.close()


def test_an_officer_is_warned_before_the_sign_in_ends(chromium: Browser, site: str, cast: Any, sign_in: Any) -> None:
    session = sign_in(cast.county_caseworker).cookies["sessionid"].value
    page = open_page(chromium, site)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page.clock.install()
    page.goto(f"{site}/look/desk/")
    page.clock.run_for(12 * 60 * 1000)
    assert not page.get_by_role("heading", name="登录快到期了").is_visible()
    page.clock.run_for(60 * 1000)
    page.get_by_role("button", name="继续办理").click()
    page.get_by_role("heading", name="登录快到期了").wait_for(state="hidden")
    page.clock.run_for(16 * 60 * 1000)
    assert page.get_by_role("heading", name="登录已过期").is_visible()
    page.context.close()


def test_a_refusal_to_htmx_is_shown_on_the_page(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    page.goto(f"{site}/look/desk/")
    page.wait_for_function("window.htmx")
    page.evaluate("htmx.ajax('GET', '/nope/', {target: 'h1'})")
    page.locator("main h1", has_text="没有这一页").wait_for()
    assert page.locator("main").count() == 1
    page.context.close()
