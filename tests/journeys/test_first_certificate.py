"""The first certificate, from the call to the stranger who verifies it; in a browser, with and without JavaScript."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from applications.actions.papers import registered_alone
from applications.models import Application, Call, Objection, PublicNotice
from bases.models import Certification
from portal.accounts.capacity import SYSTEM
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at
from tests.journeys.browsing import Day, Traveller, press

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
START = datetime.date(2026, 3, 9)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    return Day(monkeypatch, START)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_first_certificate(chromium: Browser, live_server: Any, tmp_path: Path, day: Day, script: bool) -> None:
    cast = cast_at("520103")
    dossiers.city_title(cast)
    traveller = Traveller(chromium, str(live_server.url), script)
    paper = _paper(tmp_path)
    call = _publish_call(traveller, cast)
    application = _apply(traveller, cast, call, paper)
    _return_once(traveller, cast, application)
    _correct(traveller, cast, application, tmp_path)
    _pass_county_and_city(traveller, cast, application)
    _visit(traveller, cast, application, tmp_path)
    notice = _publicise(traveller, cast, application)
    _object(traveller, notice)
    _answer(traveller, cast)
    day.move(notice.ends_on + datetime.timedelta(days=1))
    dossiers.actions.conclude_notice(notice, by=SYSTEM, on=day.on)
    _approve(traveller, cast, application)
    _verify_as_a_stranger(traveller, cast)
    assert not traveller.outside
    assert len(traveller.seen) >= 20


def _paper(folder: Path) -> Path:
    path = folder / "材料.pdf"
    path.write_bytes(dossiers.blank_pdf())
    return path


def _open(traveller: Traveller, page: Page, path: str, name: str) -> None:
    page.goto(traveller.site + path)
    traveller.look(page, name)


def _publish_call(traveller: Traveller, cast: Cast) -> Call:
    with traveller.as_(cast.province_caseworker) as page:
        _open(traveller, page, "/desk/", "worklist-empty")
        _open(traveller, page, "/desk/calls/new/", "call-form")
        page.get_by_label("省级创业孵化示范基地").check()
        page.get_by_label("通知名称").fill("2026 年度省级创业孵化示范基地申报")
        page.get_by_label("开始时间").fill("2026-03-09 09:00")
        page.get_by_label("截止时间").fill("2026-04-01 18:00")
        press(page, "保存，等审批发布")
    with traveller.as_(cast.approver) as page:
        _open(traveller, page, "/desk/", "approver-worklist")
        page.get_by_role("link", name="2026 年度省级创业孵化示范基地申报").first.click()
        traveller.look(page, "call-draft")
        press(page, "^发布申报通知")
        traveller.look(page, "call-published")
    return Call.objects.get()


def _apply(traveller: Traveller, cast: Cast, call: Call, paper: Path) -> Application:
    with traveller.as_(cast.wang) as page:
        _open(traveller, page, "/my/", "operator-home")
        _open(traveller, page, "/my/applications/", "operator-applications")
        page.get_by_role("link", name=call.name).first.click()
        traveller.look(page, "start")
        press(page, "开始填报")
        traveller.look(page, "first-section")
        application = Application.objects.get()
        for section, typed in dossiers.complete_answers().items():
            page.goto(f"{traveller.site}/my/applications/{application.pk}/sections/{section}/")
            _fill(page, typed)
            if section == "premises":
                page.locator("#id_incubation_area").fill("4200")
                press(page, "保存，下一节")
                assert "大于建筑面积" in page.content()
                traveller.look(page, "section-with-an-error")
                page.locator("#id_incubation_area").fill("3200")
            press(page, "保存，下一节")
        traveller.look(page, "files")
        for document in dossiers.required(application):
            if document.slot in registered_alone(application, START):
                continue  # the page offers no upload: the register shows it
            page.goto(f"{traveller.site}/my/applications/{application.pk}/files/")
            numbers = range(document.least)
            files = [paper] if "pdf" in document.types else [_photo(paper.parent, number) for number in numbers]
            page.locator(f"#f-{document.slot}").set_input_files(files)
            page.locator(f"#{document.slot}").get_by_role("button", name="上传").click()
            page.wait_for_load_state()
        _submit(traveller, page, application, "check-answers")
        traveller.look(page, "submitted")
    return Application.objects.get()


def _fill(page: Page, typed: dict[str, Any]) -> None:
    for code, value in typed.items():
        field = page.locator(f"[name={code}]")
        kind = field.first.get_attribute("type") or "text"
        if kind == "radio":
            page.locator(f"[name={code}][value={value}]").check()
        elif kind == "checkbox":
            for one in value:
                page.locator(f"[name={code}][value={one}]").check()
        else:
            field.first.fill(value)


def _photo(folder: Path, number: int = 0) -> Path:
    path = folder / f"现场{number or ''}.jpg"
    if not path.exists():
        path.write_bytes(dossiers.small_photo(number))
    return path


def _submit(traveller: Traveller, page: Page, application: Application, name: str) -> None:
    _open(traveller, page, f"/my/applications/{application.pk}/check/", name)
    page.locator("#id_declared").check()
    press(page, "^(提交申报|重新提交)")


def _return_once(traveller: Traveller, cast: Cast, application: Application) -> None:
    with traveller.as_(cast.county_caseworker) as page:
        _open(traveller, page, "/desk/", "county-worklist")
        page.get_by_role("link", name=cast.base.name).first.click()
        traveller.look(page, "county-dossier")
        press(page, "^退回补正")
        page.locator('[name="pick:premises.incubation_area"]').check()
        page.locator('[name="note:premises.incubation_area"]').fill("与合同附图不一致，请按合同填写。")
        press(page, "预览告知书")
        traveller.look(page, "correction-preview")
        press(page, "发出补正告知书")


def _correct(traveller: Traveller, cast: Cast, application: Application, folder: Path) -> None:
    with traveller.as_(cast.wang) as page:
        _open(traveller, page, "/my/", "operator-home-returned")
        _open(traveller, page, f"/my/applications/{application.pk}/", "overview-returned")
        page.goto(f"{traveller.site}/my/applications/{application.pk}/sections/premises/")
        page.locator("#id_incubation_area").fill("3100")
        press(page, "保存，下一处")
        traveller.look(page, "stamped-page-again")
        page.locator("#f-application_form").set_input_files(_photo(folder))
        page.locator("#application_form").get_by_role("button", name="上传").click()
        page.wait_for_load_state()
        _submit(traveller, page, application, "check-again")


def _pass_county_and_city(traveller: Traveller, cast: Cast, application: Application) -> None:
    with traveller.as_(cast.county_caseworker) as page:
        _open(traveller, page, f"/desk/applications/{application.pk}/", "differences")
        assert "3200" in page.content()
        assert "3100" in page.content()
        for box in page.locator('[name^="check:"][value=agreed]').all():
            box.check()
        press(page, "保存核对结果")
        _give_opinion(page)
    with traveller.as_(cast.city_caseworker) as page:
        _open(traveller, page, f"/desk/applications/{application.pk}/", "city-dossier")
        _give_opinion(page)


def _give_opinion(page: Page) -> None:
    page.locator("[name=verdict][value=for]").check()
    page.locator("[name=text]").fill("材料齐全，情况属实，同意。")
    press(page, "保存意见，报下一环节")


def _visit(traveller: Traveller, cast: Cast, application: Application, folder: Path) -> None:
    with traveller.as_(cast.province_caseworker) as page:
        _open(traveller, page, f"/desk/applications/{application.pk}/visit/", "visit")
        page.locator("#id_visited_on").fill("2026-03-09")
        for box in page.locator("[name=officers]").all()[:2]:
            box.check()
        page.locator("#id_received_by").fill("王运营，总经理")
        for box in page.locator('[name^="found:"][value=yes]').all():
            box.check()
        page.locator("#id_record_text").fill("查看场地、制度和台账，与申报一致。")
        page.locator("[name=conclusion][value=for]").check()
        page.locator("#id_photos").set_input_files(_photo(folder))
        press(page, "保存考察记录")
        _open(traveller, page, f"/desk/applications/{application.pk}/", "province-dossier")
        _give_opinion(page)


def _publicise(traveller: Traveller, cast: Cast, application: Application) -> PublicNotice:
    with traveller.as_(cast.province_caseworker) as page:
        _open(traveller, page, f"/desk/calls/{application.call_id}/notices/new/", "notice-form")
        page.locator("#id_contact").fill("0851-00000000，延安路 1 号")
        press(page, "^发布公示")
        traveller.look(page, "notice")
    return PublicNotice.objects.get()


def _object(traveller: Traveller, notice: PublicNotice) -> None:
    with traveller.as_(None) as page:
        _open(traveller, page, "/520000/", "public-home")
        _open(traveller, page, f"/520000/notices/{notice.pk}/", "public-notice")
        _open(traveller, page, f"/520000/notices/{notice.pk}/objection/", "objection-form")
        page.locator("[name=name]").fill("邻居张某")
        page.locator("[name=contact]").fill("13800000000")
        page.locator("[name=reason]").fill("该基地孵化面积与公示不符，二楼已经转租他用。")
        page.locator("main form button.primary").click()
        page.wait_for_load_state()
        traveller.look(page, "objection-receipt")
    assert Objection.objects.count() == 1


def _answer(traveller: Traveller, cast: Cast) -> None:
    objection = Objection.objects.get()
    with traveller.as_(cast.province_caseworker) as page:
        _open(traveller, page, f"/desk/objections/{objection.pk}/", "objection")
        page.locator("[name=founded][value=no]").check()
        page.locator("[name=answer]").fill("经现场核实，二楼没有转租，异议不成立。")
        press(page, "答复异议")


def _approve(traveller: Traveller, cast: Cast, application: Application) -> None:
    with traveller.as_(cast.approver) as page:
        _open(traveller, page, f"/desk/applications/{application.pk}/", "approver-dossier")
        page.locator("[name=approve-reason]").fill("符合认定条件，公示期满，异议已答复。")
        page.get_by_role("button", name="批准认定").first.click()
        page.wait_for_load_state()
        traveller.look(page, "approved-dossier")
    assert Application.objects.get().status == "approved"


def _verify_as_a_stranger(traveller: Traveller, cast: Cast) -> None:
    certification = Certification.objects.get(title="provincial")
    with traveller.as_(cast.wang) as page:
        _open(traveller, page, f"/my/applications/{Application.objects.get().pk}/", "overview-approved")
        with page.expect_download() as download:
            page.get_by_role("link", name="下载证书").click()
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    with traveller.as_(None) as page:
        _open(traveller, page, f"/verify/{certification.verify_code}/", "verified")
        assert "有效" in page.content()
        assert certification.number in page.content()
        _open(traveller, page, f"/base/{cast.base.slug}/", "public-base")
        _open(traveller, page, "/520000/register/", "public-register")
        assert cast.base.name in page.content()
