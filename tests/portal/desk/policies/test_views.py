"""The settings page, the form for one value, and the public page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from portal.desk.policies.pages import shown
from portal.policies import loader
from portal.policies.entries import entries
from portal.policies.models import AssumptionRuling
from portal.policies.packs import all_packs
from portal.policies.wording import owner_of, wording

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.desk.policies.urls")]
RECTIFICATION = "assessments.cycle.rectification_days"
VALUE = {"pack_id": "guizhou-2022", "path": RECTIFICATION}


def signed_in(capacity) -> Client:
    client = Client()
    client.force_login(capacity.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_settings_page_shows_every_clause_with_its_values_and_assumptions(approver):
    page = signed_in(approver).get(reverse("policies:settings")).content.decode()
    for clause in all_packs()["guizhou-2022"].clauses:
        assert f'id="{clause}"' in page
    assert "整改期限（日）" in page
    assert "疑义 G-11：限时整改的期限（把握低）" in page
    assert "确认或变更" in page


def test_an_approver_changes_an_assumption_through_the_form(approver):
    client = signed_in(approver)
    page = client.get(reverse("policies:value", kwargs=VALUE)).content.decode()
    assert 'value="90"' in page
    said = {"outcome": "changed", "content": "60", "reason": "经研究缩短为六十日", "seen": ""}
    answer = client.post(reverse("policies:value", kwargs=VALUE), said, follow=True)
    assert answer.status_code == 200
    ruling = AssumptionRuling.objects.get()
    assert (ruling.content, ruling.before, ruling.outcome) == ("value = 60", "value = 90", "changed")
    assert "由 90 改为 60" in answer.content.decode()
    public = Client().get(reverse("public:policy", args=["520103"])).content.decode()
    assert "经研究缩短为六十日" in public


def test_the_policy_of_tibet_says_why_the_department_signs_for_the_office_that_certifies():
    page = Client().get(reverse("public:policy", args=["540000"])).content.decode()
    place = page.partition('id="XZ-22"')[2].partition('id="XZ-23"')[0]
    assert "自治区级双创中心由自治区双创办（科技厅）认定。" in place
    assert "办公室的职责由科技厅承担，认定文书因此由科技厅署名" in place
    assert "设在" not in place


def test_the_page_after_a_ruling_reads_what_another_process_took(approver, settings):
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: each process keeps the rulings for a while
    client = signed_in(approver)
    client.get(reverse("policies:settings"))
    before = loader._Cache.snapshot
    said = {"outcome": "changed", "content": "60", "reason": "经研究缩短为六十日", "seen": ""}
    client.post(reverse("policies:value", kwargs=VALUE), said)
    loader._Cache.snapshot = before  # the next request meets a process that has not heard of it
    assert "由 90 改为 60" in client.get(reverse("policies:settings")).content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"outcome": "changed", "content": "很多", "reason": "试填一个数"}, "整数"),
        ({"outcome": "changed", "content": "0", "reason": "试填一个数"}, "1 至 1000 之间"),
        ({"outcome": "changed", "content": "90", "reason": "没有变化的"}, "与现在的取值相同"),
        ({"outcome": "confirmed", "content": "", "reason": ""}, "理由"),
        ({"outcome": "perhaps", "content": "", "reason": "试填一个数"}, "您的决定"),
    ],
)
def test_a_form_filled_in_wrongly_says_what_to_mend(approver, said, sentence):
    answer = signed_in(approver).post(reverse("policies:value", kwargs=VALUE), {"seen": "", **said})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AssumptionRuling.objects.exists()


def test_a_title_is_chosen_by_its_name_among_those_of_the_policy(approver):
    path = next(entry.path for entry in entries(all_packs()["guizhou-2022"].tables) if entry.path.endswith(".needs"))
    address = reverse("policies:value", kwargs={"pack_id": "guizhou-2022", "path": path})
    client = signed_in(approver)
    page = client.get(address).content.decode()
    assert '<option value="provincial">省级创业孵化示范基地</option>' in page
    said = {"outcome": "changed", "content": "cityy", "reason": "试填一个称号", "seen": ""}
    assert client.post(address, said).status_code == 422
    assert not AssumptionRuling.objects.exists()


@pytest.mark.parametrize("letter", ["\x01", "\x1b", "\x7f"])
def test_a_text_with_a_control_character_is_refused_with_a_sentence(approver, letter):
    address = reverse("policies:value", kwargs={"pack_id": "guizhou-2022", "path": "policy.doc_number"})
    said = {"outcome": "changed", "content": f"黔人社发{letter}1号", "reason": "查到原件扫描件", "seen": ""}
    answer = signed_in(approver).post(address, said)
    assert answer.status_code == 422
    assert "一行文字，不含控制字符" in answer.content.decode()
    assert not AssumptionRuling.objects.exists()


def test_a_form_left_open_is_told_who_decided_meanwhile(approver):
    client = signed_in(approver)
    said = {"outcome": "confirmed", "reason": "经研究予以确认", "seen": ""}
    client.post(reverse("policies:value", kwargs=VALUE), said)
    answer = client.post(reverse("policies:value", kwargs=VALUE), said)
    assert answer.status_code == 422
    assert "张三" in answer.content.decode()


def test_an_officer_of_a_county_reads_but_has_nothing_to_click(post):
    client = signed_in(post("李四", "520103", Role.CASEWORKER))
    page = client.get(reverse("policies:settings")).content.decode()
    assert "贵州省创业孵化示范基地质量提升实施方案" in page
    assert "确认或变更<span" not in page
    assert client.get(reverse("policies:value", kwargs=VALUE)).status_code == 403


def test_an_approver_of_a_city_is_told_whose_business_it_is(post):
    answer = signed_in(post("孙七", "520100")).get(reverse("policies:value", kwargs=VALUE))
    assert answer.status_code == 403


def test_the_policy_of_another_province_is_not_found(post):
    client = signed_in(post("王五", "650000"))
    assert client.get(reverse("policies:settings"), {"pack": "guizhou-2022"}).status_code == 404
    assert client.get(reverse("policies:value", kwargs=VALUE)).status_code == 404


@pytest.mark.parametrize("path", ["bases.titles[2].level", "bases.nothing", "clauses"])
def test_only_open_values_have_a_form(approver, path):
    address = reverse("policies:value", kwargs={"pack_id": "guizhou-2022", "path": path})
    assert signed_in(approver).get(address).status_code == 404


@pytest.mark.slow
def test_every_open_value_of_every_pack_has_a_form_that_confirms_it(post):

    for pack in all_packs().values():
        client = signed_in(post("赵六", pack.jurisdiction))
        for entry in entries(pack.tables):
            if entry.is_open:
                address = reverse("policies:value", kwargs={"pack_id": pack.id, "path": entry.path})
                assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("pack_id", all_packs())
def test_the_public_reads_every_policy_without_signing_in(pack_id, client):
    page = client.get(reverse("public:policy_pack", args=[pack_id])).content.decode()
    pack = all_packs()[pack_id]
    assert pack.title in page
    assert all(f'id="{clause}"' in page for clause in pack.clauses)
    assert "确认或变更<span" not in page


def test_a_place_without_a_policy_says_so(client):
    assert client.get(reverse("public:policy", args=["110101"])).status_code == 404
    assert client.get(reverse("public:policy", args=["999999"])).status_code == 404
    assert client.get(reverse("public:policy_pack", args=["nothing-1"])).status_code == 404


def test_a_policy_whose_period_is_over_says_that_nothing_new_arises(client):
    page = client.get(reverse("public:policy", args=["150602"])).content.decode()
    assert "期满" in page
    assert "不再产生新的补助" in page


def test_strangers_are_sent_to_sign_in(client):
    assert client.get(reverse("policies:settings")).status_code == 302


def test_the_settings_fold_each_group_and_say_what_to_do_with_it(approver, post):
    page = signed_in(approver).get(reverse("policies:settings")).content.decode()
    assert "点“确认或变更”写明理由" in page
    for part in ("waiting", "blank", "clauses", "sources"):
        section = page.split(f'<section id="{part}"', 1)[1].split("</section>", 1)[0]
        before_the_fold = section.split("<details", 1)[0]
        assert "<details" in section
        assert "<table" not in before_the_fold
        assert "<li id=" not in before_the_fold
    reader = signed_in(post("李四", "520000", Role.AUDITOR)).get(reverse("policies:settings")).content.decode()
    assert "由印发地区主管部门的审批岗确认或变更。" in reader
    assert "点“确认或变更”写明理由" not in reader


def test_confirming_with_another_value_typed_is_refused_and_says_which_is_which(approver):
    said = {"outcome": "confirmed", "content": "60", "reason": "经研究予以确认", "seen": ""}
    answer = signed_in(approver).post(reverse("policies:value", kwargs=VALUE), said)
    assert answer.status_code == 422
    assert "您选的是“确认”，却填了另一个取值“60”，现取“90”" in answer.content.decode()
    assert not AssumptionRuling.objects.exists()
    signed_in(approver).post(reverse("policies:value", kwargs=VALUE), said | {"content": "90"})
    assert AssumptionRuling.objects.get().outcome == "confirmed"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"outcome": "confirmed", "content": "90"}, "，取“90”。"),
        ({"outcome": "changed", "content": "60"}, "，改为“60”。"),
    ],
)
def test_the_answer_to_a_ruling_names_the_value(approver, said, sentence):
    said = {"reason": "经研究予以确认", "seen": "", **said}
    page = signed_in(approver).post(reverse("policies:value", kwargs=VALUE), said, follow=True).content.decode()
    assert sentence in page


def test_no_value_of_any_policy_is_shown_as_a_code():
    words = wording()
    for pack in all_packs().values():
        shown_codes = [each for each in entries(pack.tables) if re.search(r"[a-z]{3}", shown(pack, each, words))]
        assert shown_codes == [], pack.id


def test_every_value_of_a_subsidy_names_the_subsidy():
    pack = all_packs()["ordos-2022"]
    named = {e.path: owner_of(pack, e.path, wording()) for e in entries(pack.tables) if e.path.startswith("subsidies.")}
    assert named["subsidies.startup.amount"] == "一次性创业补贴"
    assert named["subsidies.internship.wages[0].monthly"] == "创业见习补贴 · 2021-12 起"
    assert [path for path, owner in named.items() if not owner] == [
        "subsidies.exclusion.awards"
    ]  # it names them itself


@pytest.mark.parametrize(
    ("pack", "path", "said"),
    [
        ("ordos-2022", "targets[2].goal", "40,000万元"),
        ("ordos-2022", "targets[0].goal", "3000人"),
        ("ordos-2022", "subsidies.project.amounts", "1万元、2万元、5万元、8万元"),
        ("ordos-2022", "subsidies.internship.wages[0].monthly", "1,980元"),
        ("ordos-2022", "subsidies.internship.wage_share", "60%"),
        ("ordos-2022", "subsidies.internship.months_at_most", "12"),
        ("guizhou-2022", "subsidies.certifications[0].amount", "50万元"),
    ],
)
def test_amounts_shares_and_goals_are_said_in_words(pack: str, path: str, said: str) -> None:
    found = all_packs()[pack]
    entry = next(each for each in entries(found.tables) if each.path == path)
    assert shown(found, entry, wording().at(found.jurisdiction)) == said


def test_the_public_page_begins_with_a_list_that_leads_to_every_part(client):
    page = client.get(reverse("public:policy_pack", args=["ordos-2022"])).content.decode()
    contents = re.findall(r'<a class="chip" href="#([^"]+)">', page)
    assert len(contents) > 20
    assert [part for part in contents if page.count(f'id="{part}"') != 1] == []
