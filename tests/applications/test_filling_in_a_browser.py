"""A section that saves itself, in a real browser: pausing costs nobody a word, and nobody meets himself."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect

from applications import actions
from applications.models import Application, SectionAnswer
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.journeys.browsing import Traveller, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTED = "application_form"


def opened(traveller: Traveller, page: Page, application: Application) -> Page:
    page.goto(f"{traveller.site}/my/applications/{application.pk}/sections/premises/")
    return page


def kept(application: Application) -> Any:
    return SectionAnswer.objects.get(application=application, section="premises").data["incubation_area"]


@pytest.fixture
def application(cast: Cast) -> Application:
    return dossiers.draft(cast)


def test_who_pauses_while_typing_is_not_told_that_somebody_else_was_faster(
    chromium: Browser, live_server: Any, cast: Cast, application: Application
) -> None:
    traveller = Traveller(chromium, live_server.url, script=True)
    with traveller.as_(cast.wang) as page:
        opened(traveller, page, application)
        for area in ("3100", "3050"):
            page.locator("#id_incubation_area").fill(area)
            with page.expect_response(lambda answer: answer.status == 204):
                pass
        page.locator("#id_incubation_area").fill("3000")
        press(page, "保存，下一节")
        expect(page).not_to_have_url("**/premises/")
    assert kept(application) == "3000"


def test_a_colleague_who_saved_in_between_is_not_overwritten(
    chromium: Browser, live_server: Any, cast: Cast, application: Application
) -> None:
    traveller = Traveller(chromium, live_server.url, script=True)
    with traveller.as_(cast.wang) as page:
        opened(traveller, page, application)
        SectionAnswer.objects.filter(application=application, section="premises").update(revision=99)
        page.locator("#id_incubation_area").fill("3000")
        expect(page.locator("[data-saved]")).to_contain_text("别人已改过")
        press(page, "保存，下一节")
        expect(page.locator("h1")).to_be_visible()
    assert kept(application) != "3000"


def test_who_was_signed_out_keeps_every_word(
    chromium: Browser, live_server: Any, cast: Cast, application: Application
) -> None:
    traveller = Traveller(chromium, live_server.url, script=True)
    with traveller.as_(cast.wang) as page:
        opened(traveller, page, application)
        Session.objects.all().delete()
        page.locator("#id_incubation_area").fill("3000")
        page.get_by_role("button", name="保存，下一节").click()
        expect(page.locator("[data-saved]")).to_contain_text("登录已过期")
        assert page.locator("#id_incubation_area").input_value() == "3000"
        _sign_in_again(traveller, page.context, cast)
        opened(traveller, page, application).get_by_role("button", name="取回来").click()
        press(page, "保存，下一节")
    assert kept(application) == "3000"


@pytest.mark.parametrize(("width", "button"), [(1366, "保存，下一节"), (360, "保存，下一节"), (1366, "保存，稍后再填")])
def test_the_button_answers_also_when_everything_was_saved_before_the_page_was_reloaded(
    chromium: Browser, live_server: Any, cast: Cast, application: Application, width: int, button: str
) -> None:
    traveller = Traveller(chromium, live_server.url, script=True)
    with traveller.as_(cast.wang) as page:
        page.set_viewport_size({"width": width, "height": 780})
        opened(traveller, page, application)
        with page.expect_response(lambda answer: answer.status == 204):
            page.locator("#id_incubation_area").fill("三千")
        page.reload()
        press(page, button)
        expect(page.get_by_text("不是数字") if "下一节" in button else page.locator("#todo")).not_to_have_count(0)
    assert kept(application) == "三千"


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_on_a_phone_a_section_begins_with_its_question_and_its_menu_is_folded(
    chromium: Browser, live_server: Any, cast: Cast, application: Application, script: bool
) -> None:
    traveller = Traveller(chromium, live_server.url, script=script)
    with traveller.as_(cast.wang) as page:
        page.set_viewport_size({"width": 360, "height": 780})
        opened(traveller, page, application)
        question = page.locator("#id_premises_right").bounding_box()
        assert question is not None
        assert question["y"] < 600
        menu = page.get_by_role("link", name="5 材料上传")
        assert not menu.is_visible()
        page.locator("details.folded summary").click()
        menu.click()
        expect(page.locator("h1")).to_have_text("材料上传")
        page.set_viewport_size({"width": 1366, "height": 900})
        expect(menu).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_after_a_refused_file_the_screen_shows_the_refusal(
    chromium: Browser, live_server: Any, cast: Cast, application: Application, script: bool
) -> None:
    traveller = Traveller(chromium, live_server.url, script=script)
    file = {"name": "照片.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    with traveller.as_(cast.wang) as page:
        page.goto(f"{traveller.site}/my/applications/{application.pk}/files/#application_form")
        page.locator("#f-photographs").set_input_files([file])
        page.locator("#photographs").get_by_role("button", name="上传").click()
        page.wait_for_load_state()
        expect(page.get_by_role("alert")).to_be_in_viewport()
        assert "#" not in page.url


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_list_leads_from_place_to_place_and_an_explanation_goes_with_the_submission(
    chromium: Browser, live_server: Any, cast: Cast, script: bool
) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": place, "kind": "incorrect", "note": "与附件不一致。"} for place in ("unit.contact_name", LISTED)]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    traveller = Traveller(chromium, live_server.url, script=script)
    with traveller.as_(cast.wang) as page:
        page.goto(f"{traveller.site}/my/applications/{application.pk}/")
        traveller.look(page, "overview-with-the-list")
        press(page, "去补正")
        traveller.look(page, "section-with-the-list")
        page.locator("#id_contact_name").fill("王新运营")
        press(page, "保存，下一处")
        expect(page.locator("h1")).to_have_text("材料上传")
        traveller.look(page, "files-with-the-list")
        press(page, "下一步，核对并提交")
        page.get_by_label("的说明").last.fill("盖章页原件清楚，没有缺页。")
        page.locator("#id_declared").check()
        traveller.look(page, "check-with-the-list")
        press(page, "^重新提交")
    assert application.submissions.get(number=2).replies == [{"place": LISTED, "reply": "盖章页原件清楚，没有缺页。"}]


def _sign_in_again(traveller: Traveller, context: BrowserContext, cast: Cast) -> None:
    with traveller.as_(cast.wang) as page:
        context.clear_cookies()
        context.add_cookies([each for each in page.context.cookies() if each["name"] == "sessionid"])
