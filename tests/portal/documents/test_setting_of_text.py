"""How the text of a letter is set: numbers stay whole on a phone, spaces do not gape on paper, names break at words."""

import datetime

import pytest
from django.template.loader import render_to_string

from portal.documents.letters import Block, Draft, issue_letter
from portal.documents.models import Letter
from portal.documents.sheets import UNSEALED, sheet_of
from portal.jurisdictions.models import AgencyProfile
from tests.factories.cast import Cast
from tests.portal.documents import letter_drafts as drafts

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 24)


def issued(cast: Cast, draft: Draft) -> Letter:
    name = "贵州省人力资源和社会保障厅"
    AgencyProfile.objects.update_or_create(jurisdiction=cast.province, defaults={"name": name, "short_name": name})
    return issue_letter(draft, about=cast.base, at=cast.province, by=cast.approver, on=ON)


def set_as(cast: Cast, template: str, said: str, *, paged: bool) -> str:
    draft = Draft(kind="test.set", title="通知", body=(Block("p", said),))
    return render_to_string(f"letters/{template}.html", {"sheet": sheet_of(issued(cast, draft)), "paged": paged})


def test_a_number_with_dashes_is_not_broken_on_a_screen(cast: Cast) -> None:
    html = set_as(cast, "on_screen", "受理号：SQ-520111-2026-0002。<b>", paged=False)
    assert '受理号：<span class="nowrap">SQ-520111-2026-0002</span>。&lt;b&gt;' in html


def test_a_space_beside_chinese_does_not_widen_where_a_line_on_paper_is_justified(cast: Cast) -> None:
    html = set_as(cast, "official_sheet", "地址：演示路 1 号（演示），see page 1", paged=True)
    assert "演示路\u00a01\u00a0号（演示），see page 1" in html
    assert "演示路 1 号" in set_as(cast, "on_screen", "地址：演示路 1 号（演示）", paged=False)


def test_the_name_of_a_bureau_breaks_between_place_and_office_on_a_screen(cast: Cast) -> None:
    html = set_as(cast, "on_screen", "内容。", paged=False)
    assert html.count("贵州省<wbr>人力资源和社会保障厅</p>") == 2  # red head and signature


def test_every_sheet_says_which_paper_is_the_formal_one(cast: Cast) -> None:
    assert sheet_of(issued(cast, drafts.notice())).status == f"{UNSEALED}（即同一文号的纸质原件）"
    assert sheet_of(issued(cast, drafts.certificate())).status == f"{UNSEALED}（即同一编号的纸质证书）"


def test_what_is_certified_stands_on_one_line_of_the_certificate(cast: Cast) -> None:
    html = render_to_string("letters/on_screen.html", {"sheet": sheet_of(issued(cast, drafts.certificate()))})
    assert '经审核和公示，<span class="whole">认定为省级创业孵化示范基地。</span></p>' in html


def test_a_certificate_has_its_words_above_the_picture_on_a_phone(cast: Cast) -> None:
    letter = issued(cast, drafts.certificate())
    html = render_to_string("letters/on_screen.html", {"sheet": sheet_of(letter)})
    words = html.partition("certificate-words")[2].partition("</dl>")[0]
    for said in (letter.reference, letter.wording["facts"]["base"], letter.wording["facts"]["code"], letter.issuer):
        assert said in words
