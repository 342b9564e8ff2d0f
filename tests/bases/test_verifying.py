"""Checking a certificate by number and name: people shorten names, and a number that exists is never called forged."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client

from bases.actions import amend_base
from bases.letters import certificate
from bases.models import Certification
from portal.deadlines.today import business_today
from portal.documents.letters import preview_letter
from portal.documents.sheets import sheet_of
from portal.jurisdictions.models import AgencyProfile
from tests.factories.cast import Cast
from tests.factories.people import place
from tests.factories.register import base, operator
from tests.factories.titles import certification

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Certification:
    runner = operator(name="贵阳筑梦创业服务有限公司（演示）")
    return certification(base(name="云岩（筑梦）创业孵化基地（演示）", run_by=runner))


@pytest.mark.parametrize(
    "name",
    [
        "云岩（筑梦）创业孵化基地（演示）",
        "云岩 (筑梦) 创业孵化基地",
        "云岩筑梦创业孵化基地",
        "云岩筑梦",
        "贵阳筑梦创业服务有限公司",
        "贵阳筑梦创业服务",
    ],
)
def test_a_name_counts_with_other_brackets_and_without_what_adds_nothing_to_it(
    client: Client, held: Certification, name: str
) -> None:
    answer = client.get("/verify/", {"number": held.number, "name": name})
    assert answer["Location"] == f"/verify/{held.verify_code}/"


@pytest.mark.parametrize("name", ["筑梦", "创业孵化基地", "服务有限公司", "有限公司", "（演示）", "别的创业孵化基地"])
def test_a_number_that_exists_under_another_name_is_not_called_forged_and_gives_no_name_away(
    client: Client, held: Certification, name: str
) -> None:
    answer = client.get("/verify/", {"number": held.number, "name": name})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "编号有，名称对不上。请照证书写基地或运营机构的全称；只写一段的，要连着写至少 4 个字" in page
    assert "假的" not in page
    assert "云岩" not in page
    assert "贵阳" not in page


def test_the_form_asks_for_no_more_of_a_name_than_is_needed(client: Client, held: Certification) -> None:
    page = client.get("/verify/").content.decode()
    assert "也可以只写全称里连着的一段，至少 4 个字" in page
    assert client.get("/verify/", {"number": held.number, "name": "云岩筑梦"}).status_code == 302


def test_the_register_decides_of_the_state_today_and_the_paper_of_the_text_on_certificate_verify_and_base_page(
    client: Client, held: Certification
) -> None:
    name = "贵州省人力资源和社会保障厅"
    AgencyProfile.objects.update_or_create(jurisdiction=place("520000"), defaults={"name": name, "short_name": name})
    letter = preview_letter(certificate(held), at=place("520000"), on=held.certified_on)
    paper = render_to_string("letters/certificate_sheet.html", {"sheet": sheet_of(letter)})
    pages = [client.get(at).content.decode() for at in (f"/verify/{held.verify_code}/", f"/base/{held.base.slug}/")]
    for said in (paper, *pages):
        assert "称号今天是否有效，以网上基地名册为准" in said
        assert re.search("证书文字，?以(该|正式印发的)纸质证书为准", said)
        assert "以网上为准" not in said


def test_a_number_that_nobody_was_given_is_not_in_the_register(client: Client, held: Certification) -> None:
    answer = client.get("/verify/", {"number": "520000-2024-9999", "name": held.base.name})
    assert answer.status_code == 404
    assert "名册里没有这张证书" in answer.content.decode()


def test_a_title_recorded_without_a_certificate_is_explained_and_not_called_forged(
    client: Client, held: Certification
) -> None:
    Certification.objects.filter(pk=held.pk).update(document="黔人社通〔2024〕12号", paper_number="")
    page = client.get("/verify/", {"number": held.number, "name": held.base.name}).content.decode()
    assert "名册里有这项认定，没有登记证书编号" in page
    assert f'href="/base/{held.base.slug}/"' in page
    assert "假的" not in page
    assert "筑梦" not in client.get("/verify/", {"number": held.number, "name": "别的基地"}).content.decode()


@pytest.mark.parametrize("by", ["form", "address"])
def test_a_code_that_is_too_short_is_told_its_length_and_not_called_forged(client: Client, by: str) -> None:
    code = "ABCD2345"
    answer = (
        client.get("/verify/", {"code": f"{code[:4]} {code[4:]}"}) if by == "form" else client.get(f"/verify/{code}/")
    )
    page = answer.content.decode()
    assert "核验码应为 16 位字母和数字，现为 8 位" in page
    assert "假的" not in page


def test_whoever_came_from_the_site_of_a_place_keeps_its_menu(client: Client) -> None:
    home = client.get("/520000/").content.decode()
    assert 'href="/verify/?at=520000"' in home
    for query in ({"at": "520000"}, {"at": "520000", "code": "ABCD"}):
        page = client.get("/verify/", query).content.decode()
        assert 'href="/520000/register/"' in page
    assert "/520000/" not in client.get("/verify/").content.decode()


def test_a_code_is_read_with_the_dashes_it_is_printed_with(client: Client, held: Certification) -> None:
    printed = "-".join(held.verify_code[at : at + 4] for at in range(0, 16, 4))
    assert held.base.name in client.get(f"/verify/{printed}/").content.decode()
    unknown = client.get("/verify/AAAA-BBBB-CCCC-DDDD/")
    assert unknown.status_code == 404
    assert "没有这张证书" in unknown.content.decode()


def test_a_certificate_is_shown_on_the_site_of_the_place_whose_policy_it_rests_on(client: Client) -> None:
    AgencyProfile.objects.update_or_create(jurisdiction=place("330400"), defaults={"name": "嘉兴市人社局"})
    held = certification(base("330402"), title="city", policy="jiaxing-2013")
    page = client.get(f"/verify/{held.verify_code}/").content.decode()
    assert 'href="/330400/' in page
    assert 'href="/330000/' not in page
    assert "主办单位：嘉兴市人社局" in page


def test_a_province_without_a_policy_leads_to_the_one_city_below_that_has_one(client: Client) -> None:
    assert client.get("/330000/")["Location"] == "/330400/"
    assert client.get("/520000/").status_code == 200


def test_the_form_says_beforehand_that_one_way_is_enough_and_of_which_letters_a_code_is_made(client: Client) -> None:
    page = client.get("/verify/").content.decode()
    assert "填一种就行：核验码，或者证书编号和名称" in page
    assert "不含数字 0、1 和字母 I、O" in page
    assert "（选填）" not in page
    empty = client.get("/verify/", {"code": "", "number": "", "name": ""}).content.decode()
    assert "核验码和证书编号都没有填。请填核验码，或者填证书编号和名称。" in empty


def test_who_came_from_the_site_of_a_place_is_not_asked_for_it_again_where_nothing_is_found(client: Client) -> None:
    unknown = client.get("/verify/", {"at": "540000", "code": "AAAA-BBBB-CCCC-DDDD"}, follow=True)
    page = unknown.content.decode()
    assert unknown.status_code == 404
    assert 'href="/540000/contacts/"' in page
    assert 'href="/verify/?at=540000"' in page
    assert "选择地区，联系主管部门" not in page
    assert "选择地区，联系主管部门" in client.get("/verify/AAAABBBBCCCCDDDD/").content.decode()


def test_a_certificate_is_found_by_the_name_it_was_issued_under_after_its_base_was_renamed(
    client: Client, held: Certification, cast: Cast
) -> None:
    printed, now = held.base.name, "云岩星河创业园（演示）"
    amend_base(held.base, by=cast.county_caseworker, on=business_today(), name=now)
    for name in (printed, now):
        answer = client.get("/verify/", {"number": held.certificate_number, "name": name}, follow=True)
        assert answer.status_code == 200, name
        page = answer.content.decode()
        assert now in page
        assert printed in page, "so that nobody takes the paper for a forgery"
        assert "原名" in page
    history = client.get(f"/base/{held.base.slug}/").content.decode()
    assert f"更名为{now}" in history
    assert f"原名：{printed}" in history


def test_a_name_given_up_before_the_title_was_granted_is_nobody_s_business(client: Client, cast: Cast) -> None:
    early = base(name="云岩晨光创业园（演示）")
    amend_base(early, by=cast.county_caseworker, on=business_today(), name="云岩朝阳创业园（演示）")
    held = certification(early, certified_on=business_today() + timedelta(days=1))
    page = client.get(f"/verify/{held.verify_code}/").content.decode()
    assert "原名" not in page
