"""The site of a place: its first page, calls, notices, objections without an account, feeds and maps."""

import gc
import html
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from PIL import Image

from applications import dossier
from applications.actions import answer_objection
from applications.actions.moving import policy_of
from applications.forms import SectionForm
from applications.models import Call, Objection, PublicNotice
from applications.rules import ApplicationPolicy
from applications.states import CallStatus, ObjectionStatus
from applications.views import objections
from bases.states import Standing
from portal.deadlines.today import business_today
from portal.documents.models import Upload
from portal.errors import DomainError
from portal.jurisdictions.models import AgencyProfile
from portal.policies.loader import pack_of
from portal.worklist.models import WorkItem
from tests.factories.cast import Cast
from tests.factories.dossiers import approved
from tests.factories.people import place
from tests.factories.register import base
from tests.factories.titles import DAY, certification, published_call, published_notice, revoked

pytestmark = pytest.mark.django_db

REASON = "公示的场地面积与现场不符，有照片为证。"


def shown(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.fixture
def open_call() -> Call:
    today = business_today()
    documents = [{"slot": "a", "name": "市级认定文件", "required": True, "hint": "", "clause": "D-01"}]
    return published_call(opens=today - 10 * DAY, closes=today + 10 * DAY, documents=documents, quota=7)


@pytest.fixture
def notice(cast: Cast, open_call: Call) -> PublicNotice:
    return published_notice(open_call, cast.base, base("520303"), on=business_today())


@pytest.mark.parametrize(("short", "code"), [("52", "520000"), ("5201", "520100")])
def test_a_short_code_leads_to_the_site_of_the_place(client: Client, short: str, code: str) -> None:
    assert client.get(f"/{short}/")["Location"] == f"/{code}/"


@pytest.mark.parametrize("code", ["520000", "650000", "540000", "330400", "150600", "520103", "110000"])
def test_every_place_has_a_site_with_or_without_a_policy(client: Client, code: str) -> None:
    assert place(code).name in shown(client, f"/{code}/")


@pytest.mark.parametrize("code", ["999999", "000000"])
def test_a_code_of_nowhere_says_so(client: Client, code: str) -> None:
    assert client.get(f"/{code}/").status_code == 404


def test_the_home_answers_who_what_until_when_and_under_which_clause(client: Client, open_call: Call) -> None:
    page = shown(client, "/520000/")
    for words in (open_call.name, "个工作日", "市级创业孵化基地", "市级认定文件", "三（五）", "正在申报"):
        assert words in page


def test_a_call_of_the_province_shows_in_its_counties_and_not_elsewhere(client: Client, open_call: Call) -> None:
    assert open_call.name in shown(client, "/520103/calls/")
    assert open_call.name not in shown(client, "/650000/calls/")
    assert client.get(f"/650000/calls/{open_call.pk}/").status_code == 404


def test_a_draft_is_nobodys_business(client: Client, open_call: Call) -> None:
    Call.objects.filter(pk=open_call.pk).update(status=CallStatus.DRAFT, published_on=None)
    assert open_call.name not in shown(client, "/520000/calls/")
    assert client.get(f"/520000/calls/{open_call.pk}/").status_code == 404
    assert client.get(f"/api/v1/calls/{open_call.pk}/").status_code == 404


def test_a_withdrawn_call_stays_with_its_reason(client: Client, open_call: Call) -> None:
    Call.objects.filter(pk=open_call.pk).update(status=CallStatus.WITHDRAWN, reason="政策调整")
    page = shown(client, f"/520000/calls/{open_call.pk}/")
    assert "已撤回" in page
    assert "政策调整" in page
    assert open_call.name not in shown(client, "/520000/").split("公示公告")[0]


def test_who_may_apply_is_told_with_every_condition_of_the_notice(client: Client, open_call: Call) -> None:
    page = client.get(f"/520000/calls/{open_call.pk}/").content.decode()
    pack = pack_of(open_call.policy, on=DAY)
    for rule in pack.section(ApplicationPolicy).eligibility.checklists:
        assert f"具备{rule.name}" in page
    assert "没有仍然有效的省级创业孵化示范基地称号" in page


def test_a_call_shows_its_papers_its_steps_and_its_quota(client: Client, open_call: Call) -> None:
    page = shown(client, f"/520000/calls/{open_call.pk}/")
    for words in ("市级认定文件", "必交", "7 家", "省级实地考察", "不要求这张清单以外的材料"):
        assert words in page


def test_a_base_with_two_titles_counts_once(client: Client) -> None:
    twice = base("520103")
    certification(twice)
    certification(twice, title="national", category_name="国家级创业孵化示范基地")
    revoked(base("520103"))
    assert ">1</b>" in shown(client, "/520000/").split("今天有称号的基地")[1][:200]


def test_the_number_of_bases_leads_to_the_titles_that_make_it_up(client: Client) -> None:
    certification(base("520103", name="有效基地"))
    certification(base("520103", name="整改基地"), status=Standing.RECTIFYING)
    certification(base("520103", name="程序基地"), status=Standing.IN_PROCEEDINGS, stood_as=Standing.SURRENDERED)
    revoked(base("520103", name="撤销基地"))
    page = shown(client, "/520000/")
    link = re.search(r'href="(/520000/register/[^"]*)"><b>2</b>', page)
    assert link is not None
    listed = shown(client, html.unescape(link[1]))
    assert [name for name in ("有效", "整改", "程序", "撤销") if f"{name}基地" in listed] == ["有效", "整改"]


def test_the_numbers_of_a_city_stand_in_tiles_by_county(client: Client) -> None:
    certification(base("520103"))
    page = shown(client, "/520100/")
    assert "有基地的 1 个" in page
    assert "<map" not in page


def objecting(client: Client, notice: PublicNotice, **changes: Any) -> Any:
    application = notice.applications.order_by("pk")[0]
    said = {"application": application.pk, "reason": REASON, "name": "陈旁人", "contact": "13900001111", **changes}
    return client.post(f"/520000/notices/{notice.pk}/objection/", said)


def test_an_objection_needs_no_account_and_is_followed_by_its_code(client: Client, notice: PublicNotice) -> None:
    answer = objecting(client, notice)
    objection = Objection.objects.get()
    assert answer["Location"] == f"/520000/objections/{objection.code}/"
    receipt = shown(client, answer["Location"])
    groups = [objection.code[:4], objection.code[4:8], objection.code[8:]]
    assert f">{'-'.join(groups)}<" in receipt
    assert "待答复" in receipt
    for between in ("", " ", "-", "－", "—"):
        found = client.get("/520000/objections/", {"receipt": between.join(groups).lower()})
        assert found["Location"] == answer["Location"]


def test_the_receipt_never_shows_who_objected(client: Client, notice: PublicNotice) -> None:
    receipt = shown(client, objecting(client, notice)["Location"])
    assert "陈旁人" not in receipt
    assert "13900001111" not in receipt
    page = shown(client, f"/520000/notices/{notice.pk}/")
    assert "陈旁人" not in page
    assert "陈旁人" not in client.get("/api/v1/notices/").content.decode()


@pytest.mark.parametrize("refusal", ["the notice is over", "the act refuses"])
def test_evidence_of_an_objection_that_is_not_taken_is_not_kept(
    client: Client, notice: PublicNotice, refusal: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    if refusal == "the notice is over":
        PublicNotice.objects.filter(pk=notice.pk).update(closed_on=notice.ends_on)
    else:
        monkeypatch.setattr(objections, "receive_objection", refused)
    answer = objecting(client, notice, evidence=picture())
    gc.collect()
    assert answer.status_code == 422
    assert ("现在不在公示期内" if refusal == "the notice is over" else "不能受理") in answer.content.decode()
    assert not Upload.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def refused(*args: Any, **kwargs: Any) -> None:
    raise DomainError("不能受理。")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "请填写您的姓名或单位名称"),
        ({"name": "赵"}, "“赵”只有 1 个字"),
        ({"name": "1"}, "“1”只有 1 个字"),
        ({"name": "123456"}, "“123456”不是姓名或单位名称。公示异议须实名，不能只写数字或符号"),
        ({"name": "１２３"}, "“１２３”不是姓名或单位名称"),
        ({"name": "。。"}, "“。。”不是姓名或单位名称"),
        ({"name": "匿名"}, "“匿名”不是姓名或单位名称。公示异议须实名，请写全名；姓名依法保密"),
        ({"contact": ""}, "请填写您的电话或邮箱"),
        ({"contact": "王五"}, "“王五”里没有电话或邮箱"),
        ({"contact": "wang@"}, "“wang@”里没有电话或邮箱"),
        ({"reason": "不行"}, "至少 10 个字"),
        ({"application": ""}, "请选择对哪家基地有异议"),
    ],
)
def test_an_objection_without_name_contact_or_reason_is_not_taken(
    client: Client, notice: PublicNotice, changes: dict[str, str], sentence: str
) -> None:
    answer = objecting(client, notice, **changes)
    assert answer.status_code == 422
    assert sentence.replace(" ", "") in answer.content.decode().replace(" ", "")
    assert not Objection.objects.exists()


def test_whatever_is_wrong_with_an_objection_is_said_at_once(client: Client, notice: PublicNotice) -> None:
    page = objecting(client, notice, name="123", contact="王五", reason="不行").content.decode()
    for sentence in ("“123”不是姓名或单位名称", "“王五”里没有电话或邮箱", "至少 10 个字"):
        assert sentence in page.replace("至少10个字", "至少 10 个字")


def test_what_was_typed_is_kept_when_something_is_missing(client: Client, notice: PublicNotice) -> None:
    assert REASON in objecting(client, notice, name="").content.decode()


@pytest.mark.parametrize(
    "contact", ["0851-8681 1234", "（0851）86811234", "１３９００００１１１１", "wang@example.cn，王五"]
)
def test_a_phone_number_or_a_mail_address_is_enough_to_be_answered(
    client: Client, notice: PublicNotice, contact: str
) -> None:
    assert objecting(client, notice, contact=contact).status_code == 302
    assert Objection.objects.get().contact == contact


def test_a_file_chosen_before_a_mistake_has_to_be_chosen_again_and_the_form_says_so(
    client: Client, notice: PublicNotice
) -> None:
    page = objecting(client, notice, name="", evidence=picture()).content.decode()
    assert "“现场.png”没有留下，文件要重新选" in page
    assert "文件要重新选" not in objecting(client, notice, name="").content.decode()


def test_the_receipt_shows_what_was_handed_in_and_by_when_it_is_answered(client: Client, notice: PublicNotice) -> None:
    bare = shown(client, objecting(client, notice)["Location"])
    answered_by = WorkItem.objects.get(kind="applications.objection").due_on
    for words in (REASON, "没有附件", f"{answered_by}，收到次日起 5 个工作日", 'class="clause"'):
        assert words in bare
    assert "现场.png" in shown(client, objecting(client, notice, evidence=picture())["Location"])


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    file.seek(0)
    file.name = "现场.png"
    return file


def test_evidence_goes_with_the_objection(client: Client, notice: PublicNotice) -> None:
    assert objecting(client, notice, evidence=picture()).status_code == 302
    assert Objection.objects.get().evidence.count() == 1


def test_a_file_that_is_not_what_its_name_says_is_refused_and_nothing_is_taken(
    client: Client, notice: PublicNotice
) -> None:
    fake = io.BytesIO(b"MZ this is a program")
    fake.name = "证据.pdf"
    answer = objecting(client, notice, evidence=fake)
    assert answer.status_code == 422
    assert "证据.pdf" in answer.content.decode()
    assert not Objection.objects.exists()


def test_an_objection_is_taken_on_the_last_day_and_not_on_the_next(client: Client, notice: PublicNotice) -> None:
    PublicNotice.objects.filter(pk=notice.pk).update(published_on=business_today() - 7 * DAY, ends_on=business_today())
    assert objecting(client, notice).status_code == 302
    PublicNotice.objects.filter(pk=notice.pk).update(ends_on=business_today() - DAY)
    late = objecting(client, notice)
    assert late.status_code == 422
    assert "不在公示期内" in late.content.decode()
    assert notice.contact in late.content.decode()


def test_a_base_that_is_not_on_the_list_cannot_be_objected_to(
    client: Client, notice: PublicNotice, open_call: Call
) -> None:
    other = published_notice(open_call, base("520201"), on=business_today())
    answer = objecting(client, notice, application=other.applications.get().pk)
    assert answer.status_code == 422
    assert not Objection.objects.exists()


def test_the_answer_stands_on_the_page_of_the_code(client: Client, cast: Cast, notice: PublicNotice) -> None:
    address = objecting(client, notice)["Location"]
    AgencyProfile.objects.get_or_create(jurisdiction=place("520000"), defaults={"name": "省厅", "short_name": "省厅"})
    answer_objection(
        Objection.objects.get(),
        founded=False,
        answer="经现场核实，面积与申报一致。",
        by=cast.province_caseworker,
        on=business_today(),
    )
    page = shown(client, address)
    assert "经现场核实" in page
    assert str(ObjectionStatus.UNFOUNDED.label) in page
    for words in (REASON, "可以再提一次异议", "60日内申请行政复议", notice.contact):
        assert words in page
    PublicNotice.objects.filter(pk=notice.pk).update(closed_on=notice.ends_on)
    assert "在认定决定作出以前，可以按公示所列的方式继续反映" in shown(client, address)


def test_one_address_may_object_only_so_often(client: Client, notice: PublicNotice) -> None:
    statuses = [objecting(client, notice, name="").status_code for _n in range(11)]
    assert statuses[:10] == [422] * 10
    assert statuses[10] == 429
    assert client.get(f"/520000/notices/{notice.pk}/objection/").status_code == 200


def test_a_notice_shows_its_list_its_term_and_its_contact(client: Client, cast: Cast, notice: PublicNotice) -> None:
    page = shown(client, f"/520000/notices/{notice.pk}/")
    for words in (cast.base.name, "公示中", notice.contact, str(notice.term["sum"])[:12]):
        assert words in page


def test_feeds_are_atom_and_lead_to_the_pages(client: Client, notice: PublicNotice) -> None:
    for address, target in (("calls", f"/calls/{notice.call_id}/"), ("notices", f"/notices/{notice.pk}/")):
        answer = client.get(f"/520000/{address}/feed/")
        assert answer["Content-Type"].startswith("application/atom+xml")
        links = [
            node.get("href", "")
            for node in ElementTree.fromstring(answer.content).iter("{http://www.w3.org/2005/Atom}link")
        ]
        assert any(link.endswith(target) for link in links)


@pytest.mark.slow
def test_every_page_of_the_map_can_be_opened(client: Client, notice: PublicNotice) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    maps = [node.text or "" for node in ElementTree.fromstring(client.get("/sitemap.xml").content).iter(space)]
    assert len(maps) == 2
    pages = [n.text or "" for one in maps for n in ElementTree.fromstring(client.get(one).content).iter(space)]
    assert len(pages) > 40
    assert {page: status for page in pages if (status := client.get(page).status_code) != 200} == {}


def test_robots_are_kept_from_the_desk_and_told_of_the_map(client: Client) -> None:
    text = shown(client, "/robots.txt")
    assert "Disallow: /desk/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_calls_and_notices_of_the_interface(client: Client, notice: PublicNotice) -> None:
    call = client.get("/api/v1/calls/?open=true&place=520000").json()["results"][0]
    assert call["state"] == "open"
    assert call["documents"][0]["name"] == "市级认定文件"
    found = client.get(f"/api/v1/notices/{notice.pk}/").json()
    assert found["open"] is True
    assert len(found["entries"]) == 2
    assert client.get("/api/v1/notices/?open=false").json()["results"] == []


def test_the_form_says_of_every_public_field_and_of_no_other_that_it_is_public(cast: Cast) -> None:
    lists = policy_of(approved(cast)).lists
    said = {
        f"{each.code}.{code}"
        for each in dossier.SECTIONS
        for code, field in SectionForm(each, lists).fields.items()
        if "认定后对外公开" in str(field.help_text)
    }
    assert said == {f"{section}.{code}" for section, codes in dossier.PUBLIC_FIELDS for code in codes}


def test_contacts_that_were_given_come_first_and_the_others_are_counted_and_shown_where_asked(client: Client) -> None:
    said = {"name": "海宁市人社局", "short_name": "市局", "phone": "0573-00000481"}
    AgencyProfile.objects.create(jurisdiction=place("330481"), **said)
    AgencyProfile.objects.create(jurisdiction=place("330482"), name="平湖市人社局", short_name="市局")
    listed = client.get("/330400/contacts/")
    assert [place.name for place, _agency in listed.context["rows"]] == ["海宁市"]
    page, others = listed.content.decode(), listed.context["others"]
    assert f"另有 {others} 家还没有填写" in page
    rest = client.get("/330400/contacts/?rest=1")
    assert {"桐乡市", "平湖市"} <= {place.name for place, _agency in rest.context["rows"]}
    assert rest.context["page"].total == others
    assert "未填写" in rest.content.decode()
    assert "填写了的有 1 家" in rest.content.decode()
