"""Who may read a letter: its territory, the operator it is addressed to, everybody if public; 404 for the rest."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from playwright.sync_api import Browser

from applications.actions import return_for_correction, submit_application
from portal.accounts.capacity import Capacity
from portal.documents import rendering
from portal.documents.letters import Draft, issue_letter, void_letter
from portal.documents.models import Letter
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.portal.documents import letter_drafts as drafts

ON = datetime.date(2026, 11, 24)
SignIn = Callable[[Capacity], Client]
VIEWS = ("documents:letter", "documents:letter_pdf")


@pytest.fixture
def letter(cast: Cast, places: Path) -> Letter:
    """A letter to the operator of the cast."""
    return issue_letter(
        drafts.notice(), about=cast.base, at=cast.province, by=cast.approver, on=ON, operator_id=cast.operator.pk
    )


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", ["wang", "county_caseworker", "city_caseworker", "province_caseworker", "auditor"])
def test_territory_and_addressee_read_it(
    cast: Cast, letter: Letter, sign_in: SignIn, client: Client, view: str, who: str
) -> None:
    assert sign_in(getattr(cast, who)).get(reverse(view, args=[letter.key])).status_code == 200


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", ["neighbour", "other_province", "other_operator"])
def test_stranger_finds_nothing(
    cast: Cast, letter: Letter, sign_in: SignIn, client: Client, view: str, who: str
) -> None:
    assert sign_in(getattr(cast, who)).get(reverse(view, args=[letter.key])).status_code == 404


def test_post_without_case_files_is_refused(cast: Cast, letter: Letter, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.system_admin).get(reverse("documents:letter", args=[letter.key])).status_code == 403


@pytest.mark.parametrize("view", VIEWS)
def test_visitor_is_asked_to_sign_in_whether_the_letter_exists_or_not(
    client: Client, letter: Letter, view: str
) -> None:
    for key in (letter.key, "3b241101-e2bb-4255-8caf-4136c566a962"):
        response = client.get(reverse(view, args=[key]))
        assert response.status_code == 302
        assert "login" in response["Location"]


@pytest.mark.parametrize("view", VIEWS)
def test_public_letter_is_for_everybody(cast: Cast, places: Path, client: Client, view: str) -> None:
    public = issue_letter(drafts.table(3), about=cast.base, at=cast.province, by=cast.approver, on=ON, public=True)
    rendering.render(public.pk)
    assert client.get(reverse(view, args=[public.key])).status_code == 200


def test_a_stranger_reads_a_letter_on_the_site_of_the_place_it_concerns(cast: Cast, client: Client) -> None:
    public = issue_letter(drafts.table(3), about=cast.base, at=cast.province, by=cast.approver, on=ON, public=True)
    AgencyProfile.objects.update_or_create(jurisdiction=cast.county, defaults={"name": "云岩区人力资源和社会保障局"})
    page = client.get(reverse("documents:letter", args=[public.key])).content.decode()
    assert f'href="/{cast.county.code}/"' in page
    assert "选择地区" not in page
    assert "主办单位</b>：云岩区人力资源和社会保障局" in page


@pytest.fixture
def unmade(cast: Cast, places: Path) -> Letter:
    """A public letter of which no worker has made the PDF yet."""
    return issue_letter(drafts.table(3), about=cast.base, at=cast.province, by=cast.approver, on=ON, public=True)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What was drawn on the spot."""
    found: list[Letter] = []

    def draw(letter: Letter) -> bytes:
        found.append(letter)
        return b"%PDF-"

    monkeypatch.setattr(rendering, "drawn", draw)
    return found


def test_nothing_is_drawn_for_a_visitor_who_is_told_to_come_back(
    client: Client, unmade: Letter, drawn: list[Letter]
) -> None:
    answer = client.get(reverse("documents:letter_pdf", args=[unmade.key]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "正在生成" in answer.content.decode()
    assert drawn == []


def test_a_letter_that_cannot_be_drawn_is_not_tried_again_at_every_click(
    cast: Cast, sign_in: SignIn, unmade: Letter, drawn: list[Letter]
) -> None:
    Letter.objects.filter(pk=unmade.pk).update(render_attempts=rendering.MOST_ATTEMPTS)
    answer = sign_in(cast.wang).get(reverse("documents:letter_pdf", args=[unmade.key]))
    assert answer.status_code == 503
    assert "没有生成成功" in answer.content.decode()
    assert drawn == []


def test_a_lost_file_is_told_and_is_no_failure_of_the_page(
    cast: Cast, sign_in: SignIn, client: Client, unmade: Letter, drawn: list[Letter]
) -> None:
    rendering.render(unmade.pk)
    unmade.refresh_from_db()
    unmade.pdf.storage.delete(unmade.pdf.name)
    here = reverse("documents:letter_pdf", args=[unmade.key])
    assert client.get(here).status_code == 503
    assert sign_in(cast.wang).get(here).content == b"%PDF-"


def test_pdf_is_made_on_the_spot_when_no_worker_has_and_reading_writes_nothing(
    cast: Cast, letter: Letter, sign_in: SignIn, client: Client
) -> None:
    response = sign_in(cast.wang).get(reverse("documents:letter_pdf", args=[letter.key]))
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%85%B3%E4%BA%8E")
    letter.refresh_from_db()
    assert not letter.pdf


@pytest.mark.parametrize("draft", [drafts.notice(), drafts.table(2), drafts.certificate(), drafts.with_annexes()])
def test_page_shows_the_whole_wording_without_inline_style(
    cast: Cast, places: Path, sign_in: SignIn, client: Client, draft: drafts.Draft
) -> None:
    letter = issue_letter(draft, about=cast.base, at=cast.province, by=cast.approver, on=ON)
    page = sign_in(cast.county_caseworker).get(reverse("documents:letter", args=[letter.key])).content.decode()
    for block in draft.body:
        assert block.text in strip_tags(page)
    assert "打印件 / 无电子印章，以正式印发文件为准" in page
    assert " style=" not in page


def test_voided_letter_says_so_with_the_reason(cast: Cast, letter: Letter, sign_in: SignIn, client: Client) -> None:
    void_letter(letter, because="主送单位有误", by=cast.approver, on=ON)
    page = sign_in(cast.wang).get(reverse("documents:letter", args=[letter.key])).content.decode()
    assert "2026-11-24 作废" in page
    assert "主送单位有误" in page


def void(client: Client, letter: Letter, reason: str = "主送单位有误") -> int:
    return client.post(reverse("documents:void_letter", args=[letter.key]), {"reason": reason}).status_code


def test_an_approver_of_the_bureau_that_issued_a_letter_voids_it_on_its_page(
    cast: Cast, letter: Letter, sign_in: SignIn
) -> None:
    client = sign_in(cast.approver)
    assert "作废这份文书" in client.get(reverse("documents:letter", args=[letter.key])).content.decode()
    assert void(client, letter, reason=" ") == 422
    assert void(client, letter) == 302
    letter.refresh_from_db()
    assert letter.void_reason == "主送单位有误"
    assert "作废这份文书" not in client.get(reverse("documents:letter", args=[letter.key])).content.decode()
    assert void(client, letter) == 422


@pytest.mark.parametrize("who", ["wang", "province_caseworker", "city_approver", "auditor", "system_admin"])
def test_nobody_else_voids_it(cast: Cast, letter: Letter, sign_in: SignIn, who: str) -> None:
    assert void(sign_in(getattr(cast, who)), letter) == 403
    letter.refresh_from_db()
    assert letter.voided_on is None


def test_the_pdf_of_a_voided_letter_is_made_anew_with_the_mark(
    cast: Cast, letter: Letter, sign_in: SignIn, django_capture_on_commit_callbacks
) -> None:
    rendering.render(letter.pk)
    letter.refresh_from_db()
    before = letter.pdf_sha256
    with django_capture_on_commit_callbacks(execute=True):
        void(sign_in(cast.approver), letter)
    letter.refresh_from_db()
    assert letter.pdf
    assert letter.pdf_sha256 not in {"", before}


def test_a_certificate_is_not_voided_apart_from_its_certification(cast: Cast, places: Path, sign_in: SignIn) -> None:
    paper = issue_letter(drafts.certificate(), about=cast.base, at=cast.province, by=cast.approver, on=ON)
    assert void(sign_in(cast.approver), paper) == 403


def test_what_people_wrote_is_never_markup(cast: Cast, places: Path, sign_in: SignIn, client: Client) -> None:
    draft = drafts.notice(title="关于<script>alert(1)</script>的通知")
    letter = issue_letter(draft, about=cast.base, at=cast.province, by=cast.approver, on=ON)
    page = sign_in(cast.county_caseworker).get(reverse("documents:letter", args=[letter.key])).content.decode()
    assert "<script>alert" not in page


def test_an_operator_finds_from_the_correction_notice_to_what_has_to_be_corrected(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    letter = Letter.objects.get(kind="application.correction")
    page = sign_in(cast.wang).get(reverse("documents:letter", args=[letter.key])).content.decode()
    way = f'<a class="btn primary" href="{reverse("applications:overview", args=[application.pk])}">去补正'
    assert way in page
    desk = sign_in(cast.county_caseworker).get(reverse("documents:letter", args=[letter.key])).content.decode()
    assert f'href="{reverse("applications:case", args=[application.pk])}">看这件申报' in desk


def test_a_correction_notice_leads_to_the_application_once_its_list_no_longer_waits(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "application_form", "kind": "missing", "note": "缺一页。"}]
    return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    at, replies = dossiers.moment(dossiers.FILED), {"application_form": "没有缺页。"}
    submit_application(application, by=cast.wang, at=at, declared=True, replies=replies)
    letter = Letter.objects.get(kind="application.correction")
    page = sign_in(cast.wang).get(reverse("documents:letter", args=[letter.key])).content.decode()
    assert "去补正" not in page
    assert f'<a href="{reverse("applications:overview", args=[application.pk])}">看这件申报' in page


def test_everybody_finds_from_the_public_notice_to_its_page(cast: Cast, client: Client) -> None:
    notice = dossiers.publicised(cast)[1]
    assert notice.letter is not None
    page = client.get(reverse("documents:letter", args=[notice.letter.key])).content.decode()
    assert f'href="/520000/notices/{notice.pk}/">看这份公示' in page


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 360, 768, 1366])
@pytest.mark.parametrize("draft", [drafts.notice(), drafts.table(3), drafts.certificate()], ids=lambda d: d.layout)
def test_a_letter_is_as_wide_as_the_screen_it_is_read_on(
    cast: Cast, places: Path, chromium: Browser, live_server: Any, draft: Draft, width: int
) -> None:
    letter = issue_letter(draft, about=cast.base, at=cast.province, by=cast.approver, on=ON, public=True)
    page = chromium.new_page(viewport={"width": width, "height": 740})
    page.goto(live_server.url + reverse("documents:letter", args=[letter.key]))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".sheet-view").evaluate("view => view.scrollWidth <= view.clientWidth")
    page.close()
