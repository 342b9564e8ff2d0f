"""Revocation on screen: officers act with proof, the holder signs and answers, strangers see the end alone."""

import datetime
import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bases import actions
from bases.models import Ban, Revocation
from bases.states import RevocationStatus as R
from portal.accounts.capacity import Capacity
from subsidies.models import Entitlement
from tests.factories import dossiers
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.register import base as make_base
from tests.factories.register import operator as make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
LIVES_IN = ("revocations", "revoking", "for_operators", "announcements")
MOMENTS = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?|csrf\w*\W+\w+|nonce\W+[\w+/=-]+")


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture(autouse=True)
def _today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    for module in LIVES_IN:
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


def picture(name: str = "回执.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def fresh(revocation: Revocation) -> Revocation:
    return Revocation.objects.get(pk=revocation.pk)


def public_pages(story: Story) -> dict[str, str]:
    """Return what strangers read of the base: register, base page, verify page, interface, open data."""
    code, slug, verify = "520000", story.base.slug, story.title.verify_code
    addresses = {
        "register": f"/{code}/register/?q={story.base.name}",
        "base": f"/base/{slug}/",
        "verify": f"/verify/{verify}/",
        "api": f"/api/v1/bases/{slug}/",
        "verify_api": f"/api/v1/verify/{verify}/",
        "csv": f"/{code}/register.csv",
        "json": f"/{code}/register.json",
    }
    pages = {}
    for name, address in addresses.items():
        answer = Client().get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        pages[name] = MOMENTS.sub("", body.decode())
    return pages


def test_strangers_see_nothing_before_the_decision_is_served_and_the_end_at_once(story: Story) -> None:
    before = public_pages(story)
    revocation = story.decided()
    assert public_pages(story) == before
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    after = public_pages(story)
    for name, page in after.items():
        assert page.count("已撤销") > before[name].count("已撤销"), name
    decision = fresh(revocation).decision
    assert decision is not None
    assert decision.reference in after["base"]
    assert f"{story.on}" in after["base"]
    assert f"{Ban.objects.get(base=story.base).ends_on}（含当日）" in after["base"]


def test_a_title_that_was_restored_is_valid_in_public_and_both_stay_on_record(story: Story) -> None:
    revocation = story.revoked()
    story.later(30)
    actions.set_aside_revocation(
        revocation, authority="贵州省人民政府", because="黔府行复〔2026〕1号，程序违法。", by=story.decider, on=story.on
    )
    page = public_pages(story)["base"]
    assert "今日有效" in page
    assert "贵州省人民政府撤销了原决定" in page
    assert "自 2026" not in page


def test_officers_go_from_opening_to_revocation_on_screen(story: Story, sign_in: SignIn) -> None:
    revocation = story.opened()
    officer, approver = sign_in(story.cast.province_caseworker), sign_in(story.decider)
    case = f"/desk/revocations/{revocation.pk}/"
    assert revocation.number in officer.get("/desk/revocations/").content.decode()
    page = officer.get(f"{case}notice/").content.decode()
    for row in revocation.basis["counted"]:
        assert row["complaint"] in page  # the facts stand there already
    said = {"facts": "三件有效投诉均经两人核实属实。", "evidence": "核实记录", "seen": revocation.revision}
    preview = officer.post(f"{case}notice/", {**said, "act": "preview"})
    assert "三件有效投诉均经两人核实属实。" in preview.content.decode()
    assert fresh(revocation).status == R.OPENED
    assert officer.post(f"{case}notice/", said).status_code == 302
    proof = {"method": "mail", "arrived_on": f"{story.on}", "recipient": "王运营", "tracking": "XA1234567"}
    assert officer.post(f"{case}service/", {**proof, "tracking": "", "evidence": picture()}).status_code == 422
    assert officer.post(f"{case}service/", {**proof, "evidence": picture()}).status_code == 302
    defence = {"statement": "其中一件票据与本基地无关。", "asks_hearing": "on", "uploads": [picture("来信.png")]}
    defence["filed_on"] = f"{story.on}"
    assert officer.post(f"{case}defence/", defence).status_code == 302
    story.later(6)
    assert "先举行并登记听证" in officer.get(case).content.decode()
    story.on = story.set_hearing(fresh(revocation))
    assert officer.post(f"{case}hearing/", {"held_on": f"{story.on}", "minutes": "双方到场。"}).status_code == 302
    seen = {"seen": fresh(revocation).revision}
    assert officer.post(f"{case}weighing/", {**seen, "opinion": "不采纳，理由逐条如下。"}).status_code == 302
    seen = {"seen": fresh(revocation).revision}
    assert officer.get(f"{case}decision/").status_code == 403
    assert approver.post(f"{case}decision/", {**seen, "reason": "三次有效投诉，事实清楚。"}).status_code == 302
    hand = {"method": "hand", "arrived_on": f"{story.on}", "recipient": "王运营", "evidence": picture()}
    assert officer.post(f"{case}service/", hand).status_code == 302
    assert fresh(revocation).status == R.REVOKED
    assert officer.post(f"{case}plaque/", {"recovered_on": f"{story.on}"}).status_code == 302
    page = officer.get(case).content.decode()
    for word in ("来信.png", "回执.png", "XA1234567", "双方到场。", "不采纳", "收回牌匾和证书", "送达回证"):
        assert word in page


def test_a_paper_with_a_mistake_is_replaced_before_it_is_served(story: Story, sign_in: SignIn) -> None:
    revocation = story.opened()
    officer, approver = sign_in(story.cast.province_caseworker), sign_in(story.decider)
    case = f"/desk/revocations/{revocation.pk}/"
    for evidence in ("核实记录", "核实记录、收据"):
        said = {"facts": "三件有效投诉均经两人核实属实。", "evidence": evidence, "seen": fresh(revocation).revision}
        assert officer.post(f"{case}notice/", said).status_code == 302
    assert "更正撤销事先告知书" in officer.get(f"{case}notice/").content.decode()
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    assert 'name="facts"' not in officer.get(f"{case}notice/").content.decode()
    story.later(6)
    actions.weigh_defence(
        revocation, opinion="对方没有提出。事实清楚。", by=story.cast.province_caseworker, on=story.on
    )
    for reason in ("三次有效投诉，事实清楚。", "三次有效投诉，事实清楚，证据充分。"):
        said = {"reason": reason, "seen": fresh(revocation).revision}
        assert approver.post(f"{case}decision/", said).status_code == 302
    assert "更正决定书" in approver.get(case).content.decode()
    assert fresh(revocation).reason == reason


def test_the_record_of_each_service_can_be_printed(story: Story, sign_in: SignIn) -> None:
    revocation = story.revoked()
    officer = sign_in(story.cast.province_caseworker)
    page = officer.get(f"/desk/revocations/{revocation.pk}/services/1/").content.decode()
    assert f"{revocation.number}-1" in page
    assert "电子送达" in page
    assert "预览" not in page
    assert officer.get(f"/desk/revocations/{revocation.pk}/services/3/").status_code == 404


def test_files_are_handed_out_with_the_case_they_hang_on_alone(story: Story, sign_in: SignIn) -> None:
    revocation = story.in_defence()
    foreign = dossiers.upload(story.cast.wang, story.base, "别案.pdf")
    own = dossiers.upload(story.cast.wang, story.base, "证据.pdf")
    actions.file_defence(
        revocation, statement="其中一件票据与本基地无关。", uploads=[own], by=story.cast.wang, on=story.on
    )
    officer = sign_in(story.cast.province_caseworker)
    address = f"/desk/revocations/{revocation.pk}/files/"
    assert officer.get(f"{address}{own.key}/").status_code == 200
    assert officer.get(f"{address}{foreign.key}/").status_code == 404


def test_who_clicks_too_late_learns_who_acted(story: Story, sign_in: SignIn) -> None:
    revocation = story.weighed()
    approver = sign_in(story.decider)
    late = {"seen": revocation.revision - 1, "reason": "三次有效投诉，事实清楚。"}
    answer = approver.post(f"/desk/revocations/{revocation.pk}/decision/", late)
    assert answer.status_code == 409
    assert f">{late['reason']}</textarea>" in answer.content.decode()
    assert f'href="/desk/revocations/{revocation.pk}/"' in answer.content.decode()
    assert fresh(revocation).status == R.WEIGHED


def test_another_bureau_reads_the_case_and_does_not_act_on_it(story: Story, sign_in: SignIn) -> None:
    revocation = story.opened()
    county = sign_in(story.cast.county_caseworker)
    case = f"/desk/revocations/{revocation.pk}/"
    assert "由贵州省的经办岗办理" in county.get(case).content.decode()
    assert 'name="facts"' not in county.get(f"{case}notice/").content.decode()
    said = {"facts": "三件有效投诉均经两人核实属实。", "evidence": "核实记录", "seen": revocation.revision}
    assert county.post(f"{case}notice/", said).status_code == 422
    assert sign_in(story.cast.other_province).get(case).status_code == 404


def test_closing_says_why_and_shows_its_letter_first(story: Story, sign_in: SignIn) -> None:
    revocation = story.weighed()
    approver = sign_in(story.decider)
    address = f"/desk/revocations/{revocation.pk}/closing/"
    said = {"because": "其中一件事实存疑，决定不予撤销。", "seen": revocation.revision}
    assert "终结撤销程序通知书" in approver.post(address, {**said, "act": "preview"}).content.decode()
    assert approver.post(address, said).status_code == 302
    page = sign_in(story.cast.wang).get(f"/my/revocations/{revocation.pk}/").content.decode()
    assert "决定不予撤销，称号恢复告知前的状态" in page


def test_the_holder_knows_nothing_before_the_notice_and_signs_before_it_reads(story: Story, sign_in: SignIn) -> None:
    revocation = story.opened()
    wang = sign_in(story.cast.wang)
    mine = f"/my/revocations/{revocation.pk}/"
    assert wang.get(mine).status_code == 404
    facts = "三件有效投诉均经两人核实属实。"
    letter = actions.issue_prior_notice(
        revocation, facts=facts, evidence="核实记录", by=story.cast.province_caseworker, on=story.on
    )
    page = wang.get(mine).content.decode()
    assert letter.title in page
    assert "签收就是送达" in page
    assert facts not in page
    for part in ("", "pdf/"):
        assert wang.get(f"/letters/{letter.key}/{part}").status_code == 403
    assert sign_in(story.cast.province_caseworker).get(f"/letters/{letter.key}/").status_code == 200
    assert letter.reference not in wang.get("/my/").content.decode()
    assert wang.post(f"{mine}sign/").status_code == 302
    assert facts in wang.get(f"/letters/{letter.key}/").content.decode()
    assert sign_in(story.cast.other_operator).get(mine).status_code == 404
    assert sign_in(story.cast.other_operator).get(f"/letters/{letter.key}/").status_code == 404


def test_the_holder_defends_itself_until_the_last_day_with_its_sum(story: Story, sign_in: SignIn) -> None:
    revocation = story.in_defence()
    wang = sign_in(story.cast.wang)
    mine = f"/my/revocations/{revocation.pk}/"
    page = wang.get(mine).content.decode()
    assert f"{revocation.defence_ends}（含当日）" in page
    assert "5个工作日" in page
    bad = SimpleUploadedFile("证据.pdf", b"not a pdf", "application/pdf")
    statement = "其中一件票据与本基地无关。"
    refused = wang.post(f"{mine}defence/", {"statement": statement, "uploads": bad, "asks_hearing": "on"})
    assert refused.status_code == 422
    assert statement in refused.content.decode()
    assert not revocation.defences.exists()
    said = {"statement": statement, "asks_hearing": "on", "uploads": [picture("一.png"), picture("二.png")]}
    assert wang.post(f"{mine}defence/", said).status_code == 302
    filed = revocation.defences.get()
    assert (filed.asks_hearing, filed.uploads.count()) == (True, 2)
    assert statement in wang.get(mine).content.decode()


def test_after_the_decision_the_holder_reads_remedies_ban_and_what_to_hand_back(story: Story, sign_in: SignIn) -> None:
    revocation = fresh(story.revoked())
    page = sign_in(story.cast.wang).get(f"/my/revocations/{revocation.pk}/").content.decode()
    assert revocation.ban is not None
    assert f"{revocation.ban.ends_on}（含当日）" in page
    for word in ("行政复议", "行政诉讼", "贵州省人民政府", "个工作日内（至 ", "撤销后不再拨付"):
        assert word in page


def test_an_announced_paper_is_named_in_public_while_it_runs_and_not_what_it_says(
    story: Story, sign_in: SignIn
) -> None:
    revocation = story.opened()
    facts = "三件有效投诉均经两人核实属实。"
    letter = actions.issue_prior_notice(
        revocation, facts=facts, evidence="核实记录", by=story.cast.province_caseworker, on=story.on
    )
    officer = sign_in(story.cast.province_caseworker)
    case = f"/desk/revocations/{revocation.pk}/"
    said = {"because": "邮寄退回，上门两次无人。", "evidence": picture("退信.png")}
    assert officer.post(f"{case}announcement/", said).status_code == 302
    assert "公告送达中" in officer.get(case).content.decode()
    for code in ("520000", "520100", "520103"):
        page = Client().get(f"/{code}/announcements/").content.decode()
        assert letter.title in page
        assert f"受送达人：{story.cast.operator.name}" in page
        assert facts not in page
        assert "邮寄退回" not in page
    assert letter.title not in Client().get("/520300/announcements/").content.decode()
    assert "/520000/announcements/" in Client().get("/520000/notices/").content.decode()
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    assert letter.title not in Client().get("/520000/announcements/").content.decode()


def test_an_announcement_is_over_for_the_public_when_its_days_are(story: Story) -> None:
    revocation = story.opened()
    letter = actions.issue_prior_notice(
        revocation,
        facts="三件有效投诉均经两人核实属实。",
        evidence="核实记录",
        by=story.cast.province_caseworker,
        on=story.on,
    )
    proof = dossiers.upload(story.cast.province_caseworker, story.base, "退信.pdf")
    actions.announce_paper(
        revocation, because="邮寄退回，上门两次无人。", evidence=[proof], by=story.cast.province_caseworker, on=story.on
    )
    story.later(40)
    assert letter.title not in Client().get("/520000/announcements/").content.decode()


def test_a_base_like_a_barred_one_is_pointed_out_and_not_refused(story: Story) -> None:
    type(story.base).objects.filter(pk=story.base.pk).update(address="云岩区延安路 1 号")
    type(story.cast.operator).objects.filter(pk=story.cast.operator.pk).update(legal_representative="田换名")
    story.revoked()
    stranger = make_base("520103", address="别处 2 号")
    housed = make_base("520103", address="云岩区延安路 1 号")
    led = make_base("520302", run_by=make_operator("520302", legal_representative="田换名"))
    found = {each.pk: Ban.objects.alike(each, story.on) for each in (stranger, housed, led)}
    assert found[stranger.pk] == []
    assert [(it.address, it.representative) for it in found[housed.pk]] == [(True, False)]
    assert [(it.address, it.representative) for it in found[led.pk]] == [(False, True)]
    assert Ban.objects.alike(story.base, story.on) == []  # stopped at the door, not warned of
    assert Ban.objects.alike(housed, story.on.replace(year=story.on.year + 6)) == []
    assert Ban.objects.alike(make_base("530102", address="云岩区延安路 1 号"), story.on) == []


def test_the_officer_s_page_of_an_application_warns_of_a_barred_one_alike(story: Story, sign_in: SignIn) -> None:
    story.revoked()
    Ban.objects.update(ends_on=datetime.date(2099, 1, 1))
    type(story.base).objects.filter(pk=story.base.pk).update(address="云岩区延安路 1 号")
    other = cast_at("520102")
    type(other.base).objects.filter(pk=other.base.pk).update(address="云岩区延安路 1 号")
    application = dossiers.submitted(other)
    page = sign_in(other.county_caseworker).get(f"/desk/applications/{application.pk}/").content.decode()
    assert f"地址与{story.base.name}相同" in page
    assert "不因此自动不予受理" in page


def test_an_award_of_a_revoked_title_is_shown_as_no_longer_paid(story: Story, sign_in: SignIn) -> None:
    Entitlement.objects.create(
        certification=story.title,
        jurisdiction=story.base.jurisdiction,
        award="provincial_award",
        amount="500000.00",
        policy=story.title.policy,
        clause="GZ-38",
        arose_on=story.title.certified_on,
    )
    pages = [(story.cast.wang, "/my/"), (story.cast.province_caseworker, f"/desk/register/{story.base.pk}/")]
    for reader, address in pages:
        assert "不再拨付" not in sign_in(reader).get(address).content.decode()
    story.revoked()
    for reader, address in pages:
        assert "撤销后不再拨付" in sign_in(reader).get(address).content.decode()


def test_what_people_typed_stands_in_a_letter_with_one_full_stop(story: Story) -> None:
    revocation = story.in_defence()
    actions.file_defence(revocation, statement="其中一件票据与本基地无关。", by=story.cast.wang, on=story.on)
    story.later(6)
    by = story.cast.province_caseworker
    actions.weigh_defence(revocation, opinion="不采纳，票据印章与备案一致", by=by, on=story.on)
    letter = actions.decide_to_revoke(revocation, reason="三次有效投诉，事实清楚", by=story.decider, on=story.on)
    words = "".join(block["text"] for block in letter.wording["body"])
    assert "。。" not in words
    assert "核实记录、协议、收据。" in words
    assert "票据印章与备案一致。" in words
    assert "三次有效投诉，事实清楚。依据" in words


def test_officers_read_what_the_public_still_sees_while_proceedings_run(story: Story, sign_in: SignIn) -> None:
    story.in_defence()
    page = sign_in(story.cast.province_caseworker).get(reverse("desk:base", args=[story.base.pk])).content.decode()
    assert "撤销程序中" in page
    assert "对公众仍显示“有效”：撤销决定送达以前，认定照常有效" in page
