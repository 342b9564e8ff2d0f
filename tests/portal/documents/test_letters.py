"""Letters: a number at issue and never again, wording frozen, voided with a reason, previewed without a trace."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from portal.audit.models import AuditEvent
from portal.documents.letters import (
    Block,
    Draft,
    agency_of,
    issue_letter,
    numbered,
    numeral,
    place_word,
    preview_letter,
    take_number,
    void_letter,
)
from portal.documents.models import Letter, LetterSeries
from portal.documents.wording import closed
from portal.errors import DomainError
from portal.jurisdictions.models import AgencyProfile, Jurisdiction
from tests.factories.cast import Cast
from tests.portal.documents import letter_drafts as drafts

ON = datetime.date(2026, 11, 24)


def issue(cast: Cast, draft: Draft | None = None, at: Jurisdiction | None = None, on: datetime.date = ON) -> Letter:
    return issue_letter(draft or drafts.notice(), about=cast.base, at=at or cast.province, by=cast.approver, on=on)


@pytest.fixture
def guizhou(cast: Cast) -> Cast:
    """The cast, in a province that has set its 机关代字."""
    AgencyProfile.objects.update_or_create(
        jurisdiction=cast.province,
        defaults={"name": "贵州省人力资源和社会保障厅", "short_name": "省人社厅", "document_word": "演示发"},
    )
    return cast


def test_number_follows_number_within_word_and_year(guizhou: Cast) -> None:
    found = [issue(guizhou).reference, issue(guizhou).reference, issue(guizhou, on=datetime.date(2027, 1, 4)).reference]
    assert found == ["演示发〔2026〕1号", "演示发〔2026〕2号", "演示发〔2027〕1号"]


def test_papers_that_are_no_documents_have_their_own_series(guizhou: Cast) -> None:
    assert issue(guizhou, drafts.table(1)).reference == "贵州省孵化公示〔2026〕1号"
    assert issue(guizhou).reference == "演示发〔2026〕1号"


def test_bureau_without_a_document_word_is_named_by_its_place(cast: Cast) -> None:
    AgencyProfile.objects.filter(jurisdiction=cast.city).delete()
    assert issue(cast, at=cast.city).reference == "贵阳市孵化〔2026〕1号"


def test_certificate_keeps_its_number_and_takes_none(cast: Cast) -> None:
    letter = issue(cast, drafts.certificate())
    assert letter.reference == "520000-2026-0007"
    assert letter.series is None
    assert not LetterSeries.objects.exists()


def test_act_that_is_undone_takes_no_number_with_it(guizhou: Cast) -> None:
    @transaction.atomic
    def undone() -> None:
        issue(guizhou)
        raise KeyError("the act goes wrong later")

    issue(guizhou)
    with pytest.raises(KeyError):
        undone()
    assert issue(guizhou).reference == "演示发〔2026〕2号"


def test_voided_number_is_not_given_out_again(guizhou: Cast) -> None:
    first = issue(guizhou)
    void_letter(first, because="主送单位有误", by=guizhou.approver, on=ON)
    assert issue(guizhou).reference == "演示发〔2026〕2号"
    first.refresh_from_db()
    assert (first.voided_on, first.void_reason) == (ON, "主送单位有误")
    assert AuditEvent.objects.filter(verb="letter.voided", subject_id=str(first.pk)).exists()


def test_voiding_needs_a_reason_and_happens_once(guizhou: Cast) -> None:
    letter = issue(guizhou)
    with pytest.raises(DomainError, match="要写明原因"):
        void_letter(letter, because=" ", by=guizhou.approver, on=ON)
    void_letter(letter, because="重复印发", by=guizhou.approver, on=ON)
    with pytest.raises(DomainError, match="不用重复办理"):
        void_letter(letter, because="重复印发", by=guizhou.approver, on=ON)


def test_database_refuses_a_number_used_twice(guizhou: Cast) -> None:
    letter = issue(guizhou)
    letter.pk = None
    letter.key = None  # type: ignore[assignment]  # a copy by hand
    with pytest.raises(IntegrityError), transaction.atomic():
        letter.save(force_insert=True)


def test_wording_is_frozen_against_later_changes_of_the_subject(cast: Cast) -> None:
    draft = drafts.notice(title=f"关于{cast.base.name}的通知")
    letter = issue(cast, draft)
    cast.base.name = "改了名的基地"
    cast.base.save()
    AgencyProfile.objects.update_or_create(
        jurisdiction=cast.province, defaults={"name": "改了名的厅", "short_name": "厅"}
    )
    letter.refresh_from_db()
    assert letter.title == "关于筑梦创业孵化基地的通知"
    assert letter.wording["body"][0]["text"].startswith("第1段")
    assert letter.issuer != "改了名的厅"


@pytest.mark.parametrize(
    "change", [{"title": "另一标题"}, {"wording": {}}, {"reference": "演示发〔2026〕99号"}, {"number": 99}]
)
def test_database_refuses_to_reword_or_renumber_an_issued_letter(cast: Cast, change: dict[str, object]) -> None:
    letter = issue(cast)
    with pytest.raises(IntegrityError, match="cannot change"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)


def test_database_refuses_to_set_a_series_back(cast: Cast) -> None:
    issue(cast)
    with pytest.raises(IntegrityError, match="has given number"), transaction.atomic():
        LetterSeries.objects.update(last_number=0)


def test_issue_leaves_one_trace(cast: Cast) -> None:
    letter = issue(cast)
    event = AuditEvent.objects.get(verb="letter.issued")
    assert event.subject_id == str(letter.pk)
    assert event.facts["reference"] == letter.reference


def test_preview_has_no_number_and_leaves_nothing(cast: Cast) -> None:
    letter = preview_letter(drafts.notice(), at=cast.province, on=ON)
    assert letter.pk is None
    assert "预览" in letter.reference
    assert not Letter.objects.exists()
    assert not LetterSeries.objects.exists()


def test_letter_about_demo_data_is_marked(cast: Cast) -> None:
    cast.base.demo = True
    assert issue(cast).demo
    cast.base.demo = False
    assert not issue(cast).demo


def test_empty_letter_is_not_issued(cast: Cast) -> None:
    with pytest.raises(DomainError, match="没有标题或正文"):
        issue(cast, Draft(kind="x", title="通知", body=()))


def test_character_that_no_font_has_stops_the_issue_and_is_named(cast: Cast) -> None:
    with pytest.raises(DomainError, match=r"“𪚥”（U\+2A6A5）在现有字体里没有字形"):
        issue(cast, drafts.notice(title="关于𪚥孵化基地的通知"))
    assert not LetterSeries.objects.exists()


def test_headings_are_numbered_by_level() -> None:
    blocks = [
        Block("h1", "甲"),
        Block("h2", "乙"),
        Block("item", "丙"),
        Block("item", "丁"),
        Block("h1", "戊"),
        Block("item", "己"),
    ]
    assert [block.text for block in numbered(blocks)] == ["一、甲", "（一）乙", "1.丙", "2.丁", "二、戊", "己"]


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")])
def test_numerals(number: int, word: str) -> None:
    assert numeral(number) == word


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("黔西南布依族苗族自治州", "黔西南州"),
        ("黔东南苗族侗族自治州", "黔东南州"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("广西壮族自治区", "广西"),
        ("玉屏侗族自治县", "玉屏县"),
        ("龙胜各族自治县", "龙胜县"),
        ("鄂温克族自治旗", "鄂温克族自治旗"),
        ("贵阳市", "贵阳市"),
    ],
)
def test_a_number_names_an_autonomous_place_whole_and_short(name: str, word: str) -> None:
    assert place_word(name) == word


def test_series_is_kept_for_each_bureau(cast: Cast) -> None:
    first, second = take_number(cast.city, "演示", 2026), take_number(cast.county, "演示", 2026)
    assert (first[1], second[1]) == (1, 1)
    assert first[0] != second[0]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("520000", "贵州省人力资源和社会保障主管部门"),
        ("330400", "嘉兴市人力资源和社会保障主管部门"),
        ("150627", "伊金霍洛旗人力资源和社会保障主管部门"),
        ("650000", "新疆维吾尔自治区经济和信息化主管部门"),
        ("540000", "西藏自治区创新创业主管部门"),
        ("110000", "北京市人力资源和社会保障主管部门"),
    ],
)
def test_bureau_that_filled_nothing_in_is_of_the_field_that_leads_there(db: None, code: str, name: str) -> None:
    AgencyProfile.objects.filter(jurisdiction__code=code).delete()
    assert agency_of(Jurisdiction.objects.get(code=code)).name == name


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("事实清楚", "事实清楚。"),
        ("事实清楚。\n", "事实清楚。"),
        ("一、属实；\r\n\r\n  二、 不属实；", "一、属实；\n二、 不属实。"),
        ("为什么？", "为什么？"),
        ("see file.", "see file。"),
    ],
)
def test_what_was_typed_keeps_its_lines_and_ends_with_a_full_stop(typed: str, stands: str) -> None:
    assert closed(typed) == stands
