"""The PDF of a letter: made once, whatever happens to messages; complete, tagged, with its fonts, never a seal."""

import datetime
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.template.loader import render_to_string
from weasyprint import HTML

from portal.documents import fonts, rendering
from portal.documents.glyphs import missing_glyphs
from portal.documents.justifying import _lines, justify
from portal.documents.letters import Block, Draft, issue_letter, preview_letter
from portal.documents.models import Letter
from portal.documents.pdf import _laid_out
from portal.documents.sheets import UNSEALED, head_lines, sheet_of, title_lines
from portal.jurisdictions.models import AgencyProfile
from tests.factories.cast import Cast
from tests.portal.documents import letter_drafts as drafts

ON = datetime.date(2026, 11, 24)
RARE = "堃喆玥昇瑄頔犇赟祎㛃䶮"


def issued(cast: Cast, draft: Draft | None = None) -> Letter:
    return issue_letter(draft or drafts.notice(), about=cast.base, at=cast.province, by=cast.approver, on=ON)


def opened(letter: Letter) -> pypdf.PdfReader:
    rendering.render(letter.pk)
    letter.refresh_from_db()
    with letter.pdf.open("rb") as file:
        return pypdf.PdfReader(io.BytesIO(file.read()))


def text_of(reader: pypdf.PdfReader) -> str:
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


@pytest.mark.slow
def test_letter_says_what_was_frozen_and_that_it_is_not_sealed(cast: Cast, places: Path) -> None:
    letter = issued(cast)
    text = text_of(opened(letter))
    assert letter.title in text
    assert letter.reference in text
    assert "各有关单位：" in text
    assert "2026年11月24日印发" in text
    assert "".join(UNSEALED.split()) in text
    assert "演示数据" not in text
    assert "字体" not in text
    assert "GB/T" not in text


def test_letter_is_a4_tagged_titled_and_carries_its_fonts(cast: Cast, places: Path) -> None:
    reader = opened(issued(cast))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.metadata is not None
    assert reader.metadata.title == "关于开展申报工作的通知"
    assert reader.trailer["/Root"]["/Lang"] == "zh-Hans"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.xmp_metadata is not None
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert any(key in descendant for key in ("/FontFile2", "/FontFile3"))
            assert re.match(r"/[A-Z]{6}\+", descendant["/FontName"])


@pytest.mark.parametrize("draft", [drafts.notice(), drafts.table(2), drafts.certificate()])
def test_no_letter_draws_a_seal_or_any_picture(cast: Cast, places: Path, draft: Draft) -> None:
    reader = opened(issued(cast, draft))
    for page in reader.pages:
        assert len(page.images) == 0
        assert "章" not in "".join(page.extract_text().split()).replace("印章", "")


def test_demo_letter_is_marked_on_every_page(cast: Cast, places: Path) -> None:
    cast.base.demo = True
    reader = opened(issued(cast, drafts.notice(paragraphs=40)))
    assert len(reader.pages) > 1
    for page in reader.pages:
        assert "演示数据" in "".join(page.extract_text().split())


def test_preview_is_marked_and_kept_nowhere(cast: Cast, places: Path) -> None:
    content = rendering.drawn(preview_letter(drafts.notice(), at=cast.province, on=ON))
    assert "预览" in text_of(pypdf.PdfReader(io.BytesIO(content)))
    assert not (places / "media").exists()


@pytest.mark.slow
def test_long_letter_flows_over_pages_numbered_and_its_signature_is_never_alone(cast: Cast, places: Path) -> None:
    for paragraphs in range(6, 24, 2):
        reader = opened(issued(cast, drafts.notice(paragraphs=paragraphs)))
        pages = ["".join(page.extract_text().split()) for page in reader.pages]
        for number, page in enumerate(pages, start=1):
            assert f"—{number}—" in page
        assert "按时报送。" in pages[-1], f"{paragraphs} paragraphs leave the signature alone on page {len(pages)}"
        assert "第1段" in pages[0]


def test_every_line_an_officer_typed_is_a_paragraph_and_no_markup(cast: Cast, places: Path) -> None:
    typed = "第一件事。\n\n<b>第二件事</b>。"
    body = (Block("p", typed), Block("table", columns=("项目",), rows=(("甲\n乙",),)))
    letter = issued(cast, Draft(kind="test.typed", title="告知书", body=body))
    html = render_to_string("letters/on_screen.html", {"sheet": sheet_of(letter)})
    assert "<p>第一件事。</p><p>&lt;b&gt;第二件事&lt;/b&gt;。</p>" in html
    assert "<td>甲<br>乙</td>" in html


def test_preview_says_word_for_word_what_is_issued(cast: Cast, places: Path) -> None:
    draft = drafts.notice(paragraphs=3)
    preview = sheet_of(preview_letter(draft, at=cast.province, on=ON), preview=True)
    letter = sheet_of(issued(cast, draft))
    same = ("wording", "head", "title", "date", "status", "annexes")
    assert [getattr(preview, name) for name in same] == [getattr(letter, name) for name in same]


def test_list_of_twenty_repeats_its_head_on_each_page(cast: Cast, places: Path) -> None:
    reader = opened(issued(cast, drafts.table(60)))
    assert 2 <= len(reader.pages) <= 6
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    assert all("基地名称" in page for page in pages if "号孵化基地" in page)
    assert all(f"第{n}号孵化基地" in "".join(pages) for n in range(1, 61))


@pytest.mark.slow
def test_notice_is_set_closer_rather_than_run_over_by_a_few_lines(cast: Cast, places: Path) -> None:
    letter = issued(cast, drafts.table(23))
    assert len(_laid_out(sheet_of(letter)).pages) == 2
    reader = opened(letter)
    assert len(reader.pages) == 1
    assert "第23号孵化基地" in text_of(reader)


def test_short_letter_of_a_bureau_with_a_long_name_stays_on_one_page(cast: Cast, places: Path) -> None:
    name = "鄂尔多斯市伊金霍洛旗人力资源和社会保障局"
    AgencyProfile.objects.update_or_create(jurisdiction=cast.province, defaults={"name": name, "short_name": name})
    said = (
        "关于某某孵化基地的投诉，本机关决定不予受理。" * 2,
        "理由：反映的是个人劳动争议，不属于本方案的投诉。",
        "如有异议，可以反映。",
    )
    body = tuple(Block("p", text) for text in said)
    draft = Draft(kind="test.short", title="不予受理告知书", body=body, addressee="投诉人", notes="示例流程，待确认")
    assert len(opened(issued(cast, draft)).pages) == 1


def test_annexes_begin_on_pages_of_their_own(cast: Cast, places: Path) -> None:
    pages = ["".join(page.extract_text().split()) for page in opened(issued(cast, drafts.with_annexes())).pages]
    assert "附件：1.名单2.联系方式" in "".join(pages)
    assert sum("附件1名单" in page for page in pages) == 1
    assert sum("附件2联系方式" in page for page in pages) == 1
    assert "抄送：某某单位。" in pages[-1]


def test_rare_characters_are_printed_by_the_fonts_behind(cast: Cast, places: Path) -> None:
    assert missing_glyphs(RARE) == ""
    text = text_of(opened(issued(cast, drafts.notice(title=f"关于{RARE}孵化基地的通知"))))
    assert f"关于{RARE}孵化基地的通知" in text


def test_certificate_is_one_landscape_page_with_code_and_address(cast: Cast, places: Path) -> None:
    reader = opened(issued(cast, drafts.certificate()))
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [842, 595]
    text = text_of(reader)
    for part in ("认定证书", "520000-2026-0007", "贵州省创业孵化示范基地", "W7Q2-4HD8-K3M9-QRTX"):
        assert part in text
    assert "核验网址：portal.example/verify/" in text, "not everybody can scan"
    assert "打开核验网址输入核验码，或编号和名称" in text


def test_made_once_and_the_same_wording_gives_the_same_file(cast: Cast, places: Path) -> None:
    letter = issued(cast)
    opened(letter)
    name, digest = letter.pdf.name, letter.pdf_sha256
    rendering.render(letter.pk)
    letter.refresh_from_db()
    assert (letter.pdf.name, letter.pdf_sha256) == (name, digest)
    with letter.pdf.open("rb") as file:
        assert file.read() == rendering.drawn(letter)


def test_sweep_makes_what_a_lost_message_left_out(cast: Cast, places: Path) -> None:
    letters = [issued(cast), issued(cast)]
    assert rendering.render_waiting() == 2
    assert rendering.render_waiting() == 0
    for letter in letters:
        letter.refresh_from_db()
        assert letter.pdf


def broken(letter: Letter) -> bytes:
    """Stand in for a writer that fails on one letter."""
    if "坏" in letter.title:
        raise ValueError("cannot draw this")
    return b"%PDF-1.7"


def test_letter_that_fails_holds_up_no_other_and_says_why(cast: Cast, places: Path, settings: Any) -> None:
    settings.LETTER_WRITER = f"{__name__}.broken"
    sys.modules.setdefault(__name__, sys.modules[broken.__module__])
    bad, good = issued(cast, drafts.notice("关于坏的通知")), issued(cast)
    assert rendering.render_waiting() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.render_attempts, bad.render_error) == (1, "ValueError: cannot draw this")
    assert good.pdf
    for _attempt in range(10):
        rendering.render_waiting()
    bad.refresh_from_db()
    assert bad.render_attempts == rendering.MOST_ATTEMPTS


def test_broker_away_does_not_stop_the_act(
    cast: Cast, places: Path, settings: Any, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def away(*_args: object, **_options: object) -> None:
        raise ConnectionRefusedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering.current_app, "send_task", away)
        with django_capture_on_commit_callbacks(execute=True):
            letter = issued(cast)
    letter.refresh_from_db()
    assert not letter.pdf
    assert rendering.render_waiting() == 1


@pytest.mark.slow
def test_web_process_does_not_carry_the_pdf_maker() -> None:
    code = (
        "import django, sys; django.setup();"
        "import portal.urls, portal.documents.views, portal.documents.tasks, portal.documents.letters;"
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_office_s_own_fonts_come_first(places: Path, settings: Any) -> None:
    own = places / "own"
    own.mkdir()
    source = next(fonts.chain("title")).path
    (own / "方正小标宋.otf").symlink_to(source)
    (own / "仿宋_GB2312.otf").symlink_to(source)
    settings.FONT_DIR = str(own)
    assert next(fonts.chain("title")).path.name == "方正小标宋.otf"
    assert next(fonts.chain("fang")).path.name == "仿宋_GB2312.otf"


@pytest.mark.parametrize(
    ("issuer", "lines"),
    [
        ("贵州省人力资源和社会保障厅", ("贵州省人力资源和社会保障厅",)),
        ("克孜勒苏柯尔克孜自治州人力资源和社会保障局", ("克孜勒苏柯尔克孜自治州", "人力资源和社会保障局")),
    ],
)
def test_red_head_fits_between_the_margins(issuer: str, lines: tuple[str, ...]) -> None:
    assert head_lines(issuer) == lines


def test_title_is_broken_between_words() -> None:
    title = "关于同意认定南明青创孵化基地为省级创业孵化示范基地的批复"
    assert title_lines(title) == ("关于同意认定南明青创孵化基地", "为省级创业孵化示范基地的批复")
    assert "".join(title_lines("字" * 90)) == "字" * 90
    for line in title_lines("关于推荐某某、某某（演示）申报《省级》的函" * 4):
        assert line[0] not in "、，。）》的"


def test_title_does_not_part_a_word_that_begins_like_the_end_of_a_name() -> None:
    title = "关于撤销某某省某某市大学生创业孵化示范园区二期称号的决定"
    assert not any(line.endswith("园") for line in title_lines(title))


def test_sheet_of_a_voided_letter_says_so(cast: Cast) -> None:
    letter = issued(cast)
    letter.voided_on = ON
    assert "作废" in sheet_of(letter).marks


def test_lines_are_flush_at_both_edges() -> None:
    text = "根据有关规定，经推荐、初审、实地核查和公示，认定下列单位为省级创业孵化示范基地。" * 6
    html = f'<p style=\'margin:0;width:200pt;font:16pt "FandolFang","Noto Serif CJK SC";text-align:justify\'>{text}</p>'
    document = HTML(string=html).render()
    justify(document)
    edges = [
        line.children[0].position_x + line.children[0].width for _block, line in _lines(document.pages[0]._page_box)
    ]
    left = document.pages[0]._page_box.content_box_x()
    wanted = left + 8 + 200 * 4 / 3  # body margin, and points as pixels
    assert len(edges) > 8
    assert all(abs(edge - wanted) < 0.01 for edge in edges[:-1])
