"""From a tenant who complains to the changed verify page: the third upheld complaint, with and without script."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bases.models import Ban, Revocation
from complaints.models import Complaint
from portal.deadlines.calendar import calendar_for
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.journeys.browsing import Day, Traveller, press

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
START = datetime.date(2026, 3, 2)
TOLD = "签协议时说第一年场租减半，今年三月起按全额收，问了两次都说名额满了。"


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    return Day(monkeypatch, START)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_third_upheld_complaint(chromium: Browser, live_server: Any, day: Day, script: bool) -> None:
    story = Story(cast_at("520103"), on=START)
    story.upheld()
    story.upheld()
    day.move(story.on)
    traveller = Traveller(chromium, str(live_server.url), script)
    number, code = _complain(traveller, story)
    complaint = Complaint.objects.get(number=number)
    _accept_and_summarise(traveller, story, complaint)
    _answer(traveller, story, complaint)
    _verify(traveller, story, complaint)
    _sign(traveller, story, f"/my/complaints/{complaint.pk}/", "签收，看核实结果", "finding-signed")
    day.move(_later(story, 6))
    _confirm(traveller, story, complaint)
    revocation = Revocation.objects.get(base=story.base)
    _notify(traveller, story, revocation)
    _sign(traveller, story, f"/my/revocations/{revocation.pk}/", "签收，打开全文", "notice-signed")
    _defend(traveller, story, revocation)
    _still_stands(traveller, story)
    day.move(_later(story, 6))
    _weigh_and_decide(traveller, story, revocation)
    _still_stands(traveller, story)
    _sign(traveller, story, f"/my/revocations/{revocation.pk}/", "签收，打开全文", "decision-signed")
    _revoked_for_everybody(traveller, story)
    _follow_by_code(traveller, number, code)
    assert Ban.objects.get(base=story.base).starts_on == story.on
    assert not traveller.outside


def _later(story: Story, workdays: int) -> datetime.date:
    story.on = calendar_for(story.cast.county).add_workdays(story.on, workdays)
    return story.on


def _open(traveller: Traveller, page: Page, path: str, name: str) -> None:
    page.goto(traveller.site + path)
    traveller.look(page, name)


def _complain(traveller: Traveller, story: Story) -> tuple[str, str]:
    with traveller.as_(None) as page:
        _open(traveller, page, f"/base/{story.base.slug}/", "base-page")
        _open(traveller, page, f"/base/{story.base.slug}/complain/", "tell")
        page.locator("[name=told]").fill(TOLD)
        press(page, "下一步：您是谁")
        traveller.look(page, "who")
        page.locator("[name=named][value=named]").check()
        page.locator("[name=name]").fill("田小雨")
        press(page, "下一步：看一遍再提交")
        assert "电话" in page.content()
        traveller.look(page, "who-without-contact")
        page.locator("[name=phone]").fill("13912345678")
        page.locator("[name=business]").fill("小雨设计工作室")
        press(page, "下一步：看一遍再提交")
        traveller.look(page, "check")
        press(page, "^提交投诉")
        traveller.look(page, "received")
        number = page.locator("#number").inner_text().strip()
        code = page.locator("#code").inner_text().strip()
        assert number.startswith("TS-520103-")
    return number, code


def _accept_and_summarise(traveller: Traveller, story: Story, complaint: Complaint) -> None:
    case = f"/desk/complaints/{complaint.pk}/"
    with traveller.as_(story.cast.county_caseworker) as page:
        _open(traveller, page, "/desk/", "county-worklist")
        page.get_by_role("link", name=story.base.name).first.click()
        traveller.look(page, "case-received")
        _open(traveller, page, f"{case}accept/", "accept")
        page.locator("[name=category][value=fees]").check()
        press(page, "受理，告知投诉人")
        _open(traveller, page, f"{case}summary/", "summary")
        page.locator("[name=summary]").fill("反映小雨设计工作室的场租没有减半，请说明。")
        press(page, "发给基地")
        assert "投诉人的企业" in page.content()
        traveller.look(page, "summary-refused")
        page.locator("[name=summary]").fill("反映首年场租减半的承诺没有兑现，请说明收费依据。")
        press(page, "发给基地")
        traveller.look(page, "case-answering")


def _answer(traveller: Traveller, story: Story, complaint: Complaint) -> None:
    with traveller.as_(story.cast.wang) as page:
        _open(traveller, page, "/my/", "operator-home")
        _open(traveller, page, "/my/complaints/", "operator-complaints")
        _open(traveller, page, f"/my/complaints/{complaint.pk}/", "operator-complaint")
        for secret in ("田小雨", "13912345678", "小雨设计", TOLD[:12]):
            assert secret not in page.content()
        page.locator("[name=text]").fill("减半以书面申请为条件，对方没有提交申请。")
        press(page, "提交答复")
        traveller.look(page, "operator-answered")


def _verify(traveller: Traveller, story: Story, complaint: Complaint) -> None:
    case = f"/desk/complaints/{complaint.pk}/"
    with traveller.as_(story.cast.city_caseworker) as page:
        _open(traveller, page, case, "case-verifying")
        _open(traveller, page, f"{case}recipient/", "recipient")
        page.locator("[name=service_recipient]").first.check()
        page.locator("[name=because]").fill("入驻协议")
        press(page, "保存")
        _open(traveller, page, f"{case}finding/", "finding")
        for officer in (story.cast.city_caseworker, story.second_city):
            page.get_by_label(str(officer.person)).check()
        page.locator("[name=visited]").first.check()
        page.locator("[name=outcome][value=true]").check()
        page.locator("[name=checked_on]").fill(story.on.isoformat())
        page.locator("[name=minutes]").fill("到场查看协议和收据，询问财务人员，收费与协议不符。")
        page.locator("[name=conclusion]").fill("入驻协议约定首年场租减半，实际按全额收取，情况属实。")
        page.locator("main form button.primary").first.click()
        page.wait_for_load_state()
        traveller.look(page, "case-found")
        assert Complaint.objects.get(pk=complaint.pk).status == "found"


def _sign(traveller: Traveller, story: Story, path: str, button: str, name: str) -> None:
    with traveller.as_(story.cast.wang) as page:
        _open(traveller, page, path, f"before-{name}")
        press(page, button)
        traveller.look(page, name)


def _confirm(traveller: Traveller, story: Story, complaint: Complaint) -> None:
    with traveller.as_(story.cast.city_approver) as page:
        _open(traveller, page, "/desk/", "city-approver-worklist")
        _open(traveller, page, f"/desk/complaints/{complaint.pk}/", "case-to-confirm")
        _open(traveller, page, f"/desk/complaints/{complaint.pk}/confirm/", "confirm")
        assert "第 3 件" in page.content()
        page.locator("main form button.primary, main form button.bad").first.click()
        page.wait_for_load_state()
        traveller.look(page, "confirmed")
        _open(traveller, page, f"/desk/bases/{story.base.pk}/complaints/", "count")
    assert Complaint.objects.get(pk=complaint.pk).status == "upheld"


def _notify(traveller: Traveller, story: Story, revocation: Revocation) -> None:
    with traveller.as_(story.cast.province_caseworker) as page:
        _open(traveller, page, "/desk/", "province-worklist")
        _open(traveller, page, "/desk/revocations/", "revocations")
        _open(traveller, page, f"/desk/revocations/{revocation.pk}/", "revocation-opened")
        _open(traveller, page, f"/desk/revocations/{revocation.pk}/notice/", "prior-notice")
        press(page, "预览文书")
        traveller.look(page, "prior-notice-preview")
        press(page, "^制发告知书")
        traveller.look(page, "notice-issued")


def _defend(traveller: Traveller, story: Story, revocation: Revocation) -> None:
    with traveller.as_(story.cast.wang) as page:
        page.goto(f"{traveller.site}/my/revocations/{revocation.pk}/")
        page.locator("[name=statement]").fill("前两件已经退款，第三件正在协商，请从轻处理。")
        press(page, "提交陈述申辩")
        traveller.look(page, "defended")


def _weigh_and_decide(traveller: Traveller, story: Story, revocation: Revocation) -> None:
    with traveller.as_(story.cast.province_caseworker) as page:
        _open(traveller, page, f"/desk/revocations/{revocation.pk}/weighing/", "weighing")
        page.locator("[name=opinion]").fill("退款不改变已经核实的事实，不予采纳。")
        page.locator("main form button[value=do]").click()
        page.wait_for_load_state()
        traveller.look(page, "weighed")
    with traveller.as_(story.decider) as page:
        _open(traveller, page, "/desk/", "decider-worklist")
        _open(traveller, page, f"/desk/revocations/{revocation.pk}/decision/", "decision")
        page.locator("[name=reason]").fill("三次有效投诉，事实清楚，证据充分。")
        press(page, "预览文书")
        traveller.look(page, "decision-preview")
        page.locator("main form button[value=do]").click()
        page.wait_for_load_state()
        traveller.look(page, "decided")


def _still_stands(traveller: Traveller, story: Story) -> None:
    with traveller.as_(None) as page:
        page.goto(f"{traveller.site}/verify/{story.title.verify_code}/")
        assert "撤销" not in page.locator("main").inner_text()


def _revoked_for_everybody(traveller: Traveller, story: Story) -> None:
    with traveller.as_(None) as page:
        _open(traveller, page, f"/verify/{story.title.verify_code}/", "verified-revoked")
        assert "已撤销" in page.locator("main").inner_text()
        _open(traveller, page, f"/base/{story.base.slug}/", "base-page-revoked")
        assert "已撤销" in page.locator("main").inner_text()


def _follow_by_code(traveller: Traveller, number: str, code: str) -> None:
    with traveller.as_(None) as page:
        _open(traveller, page, "/complain/progress/", "track")
        page.locator("[name=number]").fill(number)
        page.locator("[name=code]").fill(code)
        page.locator("main form button.primary").first.click()
        page.wait_for_load_state()
        traveller.look(page, "progress")
        assert "投诉有效" in page.content()
        _open(traveller, page, "/complain/case/rating/", "rating")
        page.locator("[name=grade]").first.check()
        page.locator("main form button.primary").first.click()
        page.wait_for_load_state()
        traveller.look(page, "rated")
