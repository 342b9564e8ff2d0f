"""What the letters of a revocation say: grounds as the document counts, the defence line by line, what ends and how."""

import datetime

import pytest
from django.utils import translation

from bases import actions, letters
from bases.actions.proceedings import conclusions_of
from bases.letters.drafting import facts_of
from bases.models import Revocation
from portal.accounts.capacity import SYSTEM
from portal.deadlines.sums import in_words
from portal.documents.letters import Draft
from portal.documents.models import Service
from portal.documents.remedies import remedies
from portal.jurisdictions.models import AgencyProfile
from tests.factories.cast import cast_at
from tests.factories.complaints import CONCLUSION, Story
from tests.factories.dossiers import upload

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACE = "《贵州省创业孵化示范基地质量提升实施方案》第三部分（五）第三点"
FAILED_TWICE = "两次挂号邮寄均被退回，两人上门无人签收。"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def said(draft: Draft) -> str:
    return "\n".join(block.text for block in draft.body)


def announced(story: Story) -> tuple[Revocation, Service]:
    revocation, by = story.decided(), story.cast.province_caseworker
    scan = upload(by, story.base)
    proof = actions.announce_paper(revocation, because=FAILED_TWICE, evidence=[scan], by=by, on=story.on)
    return revocation, proof


def shown(revocation: Revocation, proof: Service) -> dict[str, str]:
    table = letters.service_record(revocation, proof).body[1]
    return {name: value for name, value in table.rows}


def test_notice_and_decision_name_the_place_in_the_document_and_no_clause_of_ours(story: Story) -> None:
    revocation = story.decided()
    for draft in (letters.prior_notice(revocation), letters.decision(revocation)):
        assert PLACE in said(draft)
        assert "GZ-" not in said(draft)


def test_a_prior_notice_is_drafted_from_what_was_found_of_each_complaint(story: Story) -> None:
    revocation = story.opened()
    lines = facts_of(revocation, conclusions_of(revocation)).splitlines()
    assert len(lines) == 5
    for number, (row, line) in enumerate(zip(revocation.counted, lines[1:4], strict=True), start=1):
        day = in_words(datetime.date.fromisoformat(row["on"]))
        assert line == f"（{number}）{row['complaint']}，{day}确认属实：{CONCLUSION}"


def test_a_decision_names_both_remedies_with_their_law_as_every_letter_does(story: Story) -> None:
    told = remedies("收到本决定之日", to="贵州省人民政府")
    assert "60日内，向贵州省人民政府申请行政复议（《行政复议法》第二十条）" in told
    assert "6个月内，依法向有管辖权的人民法院提起行政诉讼（《行政诉讼法》第四十六条）" in told
    assert f"如不服本决定，{told}" in said(letters.decision(story.decided()))


def test_defence_and_opinion_stand_line_by_line_in_the_decision(story: Story) -> None:
    revocation = story.in_defence()
    actions.file_defence(
        revocation, statement="其一，名册是旧版；\n其二，合同另有原件", by=story.cast.wang, on=story.on
    )
    story.later(6)
    opinion = "一、名册经核对为现行版本，不采纳；\n二、合同原件没有提交，不采纳"
    revocation = actions.weigh_defence(revocation, opinion=opinion, by=story.cast.province_caseworker, on=story.on)
    texts = [block.text for block in letters.decision(revocation).body]
    assert any(text.endswith("你单位提出：其一，名册是旧版；\n其二，合同另有原件。") for text in texts)
    assert f"复核意见：{opinion}。" in texts


def test_prior_notice_says_where_a_defence_on_paper_goes(story: Story) -> None:
    revocation = story.in_defence()
    assert "书面意见请送交" not in said(letters.prior_notice(revocation))
    AgencyProfile.objects.update_or_create(
        jurisdiction=revocation.decider,
        defaults={
            "name": "贵州省人力资源和社会保障厅",
            "short_name": "省人社厅",
            "address": "贵阳市某路1号",
            "phone": "",
        },
    )
    assert "书面意见请送交或寄至本机关（地址：贵阳市某路1号）。" in said(letters.prior_notice(revocation))


def test_decision_that_was_not_served_is_void_when_the_proceedings_are_closed(story: Story) -> None:
    revocation, _proof = announced(story)
    number = revocation.decision.reference
    letter = actions.close_revocation(
        revocation, because="申辩期后查明其中一件不是服务对象。", by=story.decider, on=story.on
    )
    revocation.decision.refresh_from_db()
    assert revocation.decision.voided_on == story.on
    assert not Service.objects.announced(on=story.on).exists()
    text = "\n".join(block["text"] for block in letter.wording["body"])
    assert f"撤销决定（{number}）没有送达，不发生效力，予以作废。称号恢复告知前的状态" in text


def test_proceedings_closed_before_a_decision_speak_of_none(story: Story) -> None:
    revocation = story.weighed()
    letter = actions.close_revocation(
        revocation, because="申辩期后查明其中一件不是服务对象。", by=story.decider, on=story.on
    )
    assert "予以作废" not in "\n".join(block["text"] for block in letter.wording["body"])


def test_reversal_gives_back_a_plaque_that_was_handed_in(story: Story) -> None:
    revocation = story.revoked()
    revocation.authority, revocation.ended_because = "贵州省人民政府", "黔府复决字〔2026〕5号，事实不清"
    assert "予以发还" not in said(letters.reversal(revocation))
    by = story.cast.province_caseworker
    actions.record_plaque_recovered(revocation, recovered_on=story.on, by=by, on=story.on)
    revocation.refresh_from_db()
    revocation.authority, revocation.ended_because = "贵州省人民政府", "黔府复决字〔2026〕5号，事实不清"
    assert "已交回的牌匾和证书予以发还。" in said(letters.reversal(revocation))


def test_a_title_without_a_plaque_asks_for_its_certificate_alone(story: Story) -> None:
    revocation = story.revoked()
    assert "牌匾和认定证书" in said(letters.plaque_recovery(revocation))
    revocation.certification.plaque_text = ""
    text = said(letters.plaque_recovery(revocation))
    assert "牌匾" not in text
    assert f"认定证书（证书编号：{revocation.certification.number}）" in text


def test_record_of_an_announcement_shows_its_first_and_last_day_and_no_signature(story: Story) -> None:
    revocation, proof = announced(story)
    story.on += datetime.timedelta(days=31)
    revocation = actions.end_announcement(revocation, proof, by=SYSTEM, on=story.on)
    proof.refresh_from_db()
    rows = shown(revocation, proof)
    assert rows["公告日期"] == "2026年4月3日"
    assert rows["公告期满"] == "2026年5月3日，期满视为送达"
    assert rows["送达日期"] == "2026年5月3日"
    assert "签收人" not in rows


def test_record_of_registered_mail_shows_its_number_and_one_by_hand_has_none(story: Story) -> None:
    revocation, by = story.decided(), story.cast.province_caseworker
    served = {
        "method": "mail",
        "recipient": "王运营",
        "tracking": "XA12345678952",
        "evidence": [upload(by, story.base)],
    }
    revocation = actions.record_service(revocation, arrived_on=story.on, by=by, on=story.on, **served)
    proof = Service.objects.get(letter=revocation.decision)
    assert shown(revocation, proof)["挂号邮件号"] == "XA12345678952"
    notice = Service.objects.get(letter=revocation.notice)
    assert "挂号邮件号" not in shown(revocation, notice)


def test_record_of_service_is_in_chinese_for_an_officer_who_reads_english(story: Story) -> None:
    revocation = story.revoked()
    proof = Service.objects.get(letter=revocation.decision)
    with translation.override("en"):
        assert shown(revocation, proof)["送达方式"] == "电子送达"
