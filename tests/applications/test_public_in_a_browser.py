"""The public site in a real browser: accessible, no overflow, nothing from outside, no breach of our policy."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from portal.deadlines.today import business_today
from portal.jurisdictions.models import AgencyProfile
from tests.factories.people import place
from tests.factories.register import base
from tests.factories.titles import DAY, certification, published_call, published_notice, revoked

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def addresses() -> list[str]:
    today = business_today()
    AgencyProfile.objects.create(jurisdiction=place("520000"), name="省厅", short_name="省厅", phone="0851-00000000")
    held = certification(base("520103", name="云岩筑梦创业孵化基地"))
    gone = revoked(base("520303"))
    documents = [{"slot": "a", "name": "市级认定文件", "required": True, "hint": "", "clause": "D-01"}]
    call = published_call(opens=today - 9 * DAY, closes=today + 9 * DAY, documents=documents)
    notice = published_notice(call, held.base, on=today)
    return [
        *("/520000/", "/520100/", "/520103/", "/650000/", "/520000/calls/", f"/520000/calls/{call.pk}/"),
        *("/520000/notices/", f"/520000/notices/{notice.pk}/", f"/520000/notices/{notice.pk}/objection/"),
        *("/520000/objections/", "/520000/register/", "/520000/register/?q=没有", "/520000/register/dictionary/"),
        *("/520000/register/history/", "/520000/contacts/", f"/base/{held.base.slug}/", f"/base/{gone.base.slug}/"),
        *("/verify/", "/verify/?number=1", f"/verify/{held.verify_code}/", f"/verify/{gone.verify_code}/"),
        *("/verify/FORGED/", "/api/docs/"),
    ]


def watched(page: Page, site: str) -> list[str]:
    """Return the list that fills with requests to other hosts and breaches of the content policy."""
    seen: list[str] = []
    page.on("request", lambda sent: None if sent.url.startswith((site, "data:", "blob:")) else seen.append(sent.url))
    page.on("console", lambda said: seen.append(said.text) if "Content Security" in said.text else None)
    return seen


@pytest.mark.parametrize("width", [1366, 360])
def test_every_public_page(chromium: Browser, live_server: Any, addresses: list[str], width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    seen = watched(page, live_server.url)
    for address in addresses:
        page.goto(live_server.url + address)
        found = Axe().run(page, options=RULES).response["violations"]
        assert not [(address, one["id"], one["nodes"][0]["target"]) for one in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert not seen
    context.close()


def test_the_explorer_breaks_no_policy_and_asks_nobody_else(chromium: Browser, live_server: Any) -> None:
    page = chromium.new_page()
    seen = watched(page, live_server.url)
    page.goto(f"{live_server.url}/api/explorer/")
    page.wait_for_selector(".opblock-summary-path", timeout=20_000)
    assert not seen
    page.close()


def test_an_objection_without_script(chromium: Browser, live_server: Any, addresses: list[str]) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(live_server.url + next(each for each in addresses if "/objection/" in each))
    page.get_by_label("理由").fill("公示的场地面积与现场不符，有照片为证。")
    page.get_by_label("您的姓名或单位名称").fill("陈旁人")
    page.get_by_label("您的电话或邮箱").fill("13900001111")
    page.get_by_role("button", name="提交异议").click()
    assert page.get_by_role("heading", name="异议已收到").count() == 1
    context.close()
