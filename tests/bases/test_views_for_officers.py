"""The register for officers: the territory's bases, one base whole, and what the bureau enters or corrects."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bases.models import Certification
from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from tests.factories import dossiers, titles
from tests.factories.cast import Cast
from tests.factories.people import officer
from tests.factories.register import base as make_base

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


def listed(client: Client, query: str = "") -> list[str]:
    return sorted(base.name for base, _titles in client.get(f"/desk/register/{query}").context["rows"])


def test_each_bureau_sees_the_bases_of_its_territory(cast: Cast, sign_in: SignIn) -> None:
    make_base("520102", name="南明基地")
    make_base("520302", name="遵义基地")
    make_base("530102", name="昆明基地")
    assert listed(sign_in(cast.county_caseworker)) == ["筑梦创业孵化基地"]
    assert listed(sign_in(cast.city_caseworker)) == sorted(["南明基地", "筑梦创业孵化基地"])
    assert listed(sign_in(cast.province_caseworker)) == sorted(["南明基地", "筑梦创业孵化基地", "遵义基地"])
    assert listed(sign_in(cast.province_caseworker), "?place=520300") == ["遵义基地"]


def test_the_list_is_searched_by_name_code_title_and_state(cast: Cast, sign_in: SignIn) -> None:
    held = titles.certification(make_base("520102", name="南明基地"))
    ended = titles.revoked(make_base("520102", name="撤销基地"))
    client = sign_in(cast.province_caseworker)
    assert listed(client, "?q=南明 南明基地") == ["南明基地"]
    assert listed(client, "?q=南明区") == sorted(["南明基地", "撤销基地"])  # a place is a word of the search
    assert listed(client, f"?q={held.operator.uscc.lower()}") == ["南明基地"]
    assert listed(client, f"?title={held.title}&state=certified") == ["南明基地"]
    assert listed(client, "?state=revoked") == [ended.base.name]
    assert listed(client, "?state=none") == sorted(["撤销基地", "筑梦创业孵化基地"])


def test_the_page_of_a_base_shows_titles_cases_and_history_to_its_own_territory(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    page = sign_in(cast.city_caseworker).get(f"/desk/register/{cast.base.pk}/").content.decode()
    assert application.reference in page
    assert "市级认定文件" in page
    for stranger in (cast.neighbour, cast.other_province):
        assert sign_in(stranger).get(f"/desk/register/{cast.base.pk}/").status_code == 404


def test_a_draft_is_not_shown_to_officers(cast: Cast, sign_in: SignIn) -> None:
    dossiers.draft(cast)
    answer = sign_in(cast.province_caseworker).get(f"/desk/register/{cast.base.pk}/")
    assert answer.context["cases"] == []


def test_the_bureau_that_grants_a_title_enters_it_by_its_document(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.city_caseworker), f"/desk/register/{cast.base.pk}/record/"
    form = {"title": "city", "certified_on": "2024-05-06", "document": "筑人社发〔2024〕5 号"}
    assert client.post(url, {**form, "document": ""}).status_code == 422
    assert client.post(url, {**form, "title": "provincial"}).status_code == 422
    assert client.post(url, {**form, "certified_on": "2999-01-01"}).status_code == 422
    assert not Certification.objects.exists()
    assert client.post(url, form)["Location"] == f"/desk/register/{cast.base.pk}/"
    held = Certification.objects.get()
    assert (held.title, held.certified_on) == ("city", datetime.date(2024, 5, 6))
    again = client.post(url, form)
    assert (again.status_code, "仍然有效" in again.content.decode()) == (422, True)


def test_the_number_on_a_certificate_of_elsewhere_is_entered_once(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.city_caseworker), f"/desk/register/{cast.base.pk}/record/"
    form = {
        "title": "city",
        "certified_on": "2024-05-06",
        "document": "筑人社发〔2024〕5 号",
        "number": "筑认[2024]7号",
    }
    assert client.post(url, form).status_code == 302
    assert Certification.objects.get().certificate_number == "筑认〔2024〕7号"
    other = make_base("520103")
    again = client.post(f"/desk/register/{other.pk}/record/", form)
    assert (again.status_code, "一个编号只属于一项认定" in again.content.decode()) == (422, True)


def test_a_base_named_like_one_of_another_operator_is_confirmed_and_marked(cast: Cast, sign_in: SignIn) -> None:
    make_base(cast.county.code, name="启航孵化基地")
    wang, url = sign_in(cast.wang), "/my/bases/new/"
    form = {"name": "启航孵化基地", "county": cast.county.pk, "address": "中华路 1 号"}
    assert 'name="another"' not in wang.get(url).content.decode()
    asked = wang.post(url, form)
    assert (asked.status_code, "已登记一家同名基地" in asked.content.decode()) == (422, True)
    assert 'name="another"' in asked.content.decode()
    assert wang.post(url, {**form, "another": "on"}).status_code == 302
    page = sign_in(cast.county_caseworker).get("/desk/register/")
    assert {base.name for base, _titles in page.context["rows"] if base.pk in page.context["alike"]} == {"启航孵化基地"}


def test_the_register_offers_no_key_for_boxes_it_has_not_and_says_an_empty_list_once(
    cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.county_caseworker).get("/desk/register/?q=没有这家").content.decode()
    assert "<kbd>j</kbd>" in page
    assert "<kbd>x</kbd>" not in page
    assert page.count("可以去掉一些条件再查。") == 1


RECORDED = {
    "title": "city",
    "certified_on": "2024-05-06",
    "document": "筑人社发〔2024〕5 号",
    "number": "筑认〔2024〕7号",
}


def test_a_number_the_portal_gave_to_another_base_is_not_entered_again(cast: Cast, sign_in: SignIn) -> None:
    issued = titles.certification(make_base("520102", name="南明基地"))
    answer = sign_in(cast.city_caseworker).post(
        f"/desk/register/{cast.base.pk}/record/", {**RECORDED, "number": issued.number}
    )
    assert (answer.status_code, "南明基地" in answer.content.decode()) == (422, True)
    assert not Certification.objects.filter(base=cast.base).exists()


def test_a_title_older_than_the_policy_is_entered_by_its_document_and_shown_as_such(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.city_caseworker)
    url = f"/desk/register/{cast.base.pk}/record/"
    assert client.post(url, {**RECORDED, "certified_on": "2015-05-06"}).status_code == 302
    assert "早于现行政策" in client.get(f"/desk/register/{cast.base.pk}/").content.decode()
    assert "before_policy_of" in AuditEvent.objects.get(verb="base.certification_recorded").facts


def test_who_entered_a_title_does_not_correct_it_alone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.city_caseworker)
    client.post(f"/desk/register/{cast.base.pk}/record/", RECORDED)
    held = Certification.objects.get()
    url = f"/desk/register/titles/{held.pk}/correct/"
    right = {**RECORDED, "certified_on": "2024-05-16", "because": "与文件原件核对，日期录错"}
    own = client.post(url, right)
    assert (own.status_code, "另一位" in own.content.decode()) == (422, True)
    colleague = sign_in(cast.city_approver)
    assert colleague.post(url, {**right, "because": " "}).status_code == 422
    assert colleague.post(url, right).status_code == 302
    held.refresh_from_db()
    assert held.certified_on == datetime.date(2024, 5, 16)
    facts = AuditEvent.objects.get(verb="base.certification_corrected").facts
    assert (facts["before"]["certified_on"], facts["because"]) == ("2024-05-06", right["because"])


def test_a_title_entered_by_mistake_is_struck_out_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.city_caseworker).post(f"/desk/register/{cast.base.pk}/record/", RECORDED)
    held = Certification.objects.get()
    strike = {**RECORDED, "strike": "on", "because": "登到了别家基地名下"}
    url = f"/desk/register/titles/{held.pk}/correct/"
    assert sign_in(cast.province_caseworker).post(url, strike).status_code == 422  # not the bureau that entered it
    assert sign_in(officer("赵经办", cast.city.code)).post(url, strike).status_code == 302
    assert not Certification.objects.exists()
    facts = AuditEvent.objects.get(verb="base.certification_struck").facts
    assert (facts["paper_number"], facts["because"]) == ("筑认〔2024〕7号", strike["because"])


def test_entering_a_title_warns_of_an_application_that_runs(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.city_caseworker), f"/desk/register/{cast.base.pk}/record/"
    assert "正在申报" not in client.get(url).content.decode()
    application = dossiers.submitted(cast)
    assert str(application.reference) in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91520103MA000000", "应为 18 位，现为 16 位"),
        ("91520103MA0000009" + "A" * 23, "应为 18 位，现为 40 位"),
        ("9152010IMA0000009A", "不会出现"),
        ("91520103MA000000 ９Ｏ", "不会出现"),
        ("9152010AMA0000009A", "应是数字"),
    ],
)
def test_only_the_check_character_of_a_code_may_be_unusual(code: str, said: str, cast: Cast, sign_in: SignIn) -> None:
    before = cast.operator.uscc
    url = f"/desk/register/{cast.base.pk}/uscc/"
    answer = sign_in(cast.county_caseworker).post(url, {"code": code, "because": "与执照原件一致"})
    cast.operator.refresh_from_db()
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert cast.operator.uscc == before


def test_a_change_keeps_the_old_words_on_record(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.county_caseworker), f"/desk/register/{cast.base.pk}/amend/"
    form = {"name": "筑梦新基地", "address": "中华路 1 号", "government_developed": "false"}
    assert client.post(url, {**form, "name": " "}).status_code == 422
    assert client.post(url, form).status_code == 302
    cast.base.refresh_from_db()
    assert (cast.base.name, cast.base.government_developed) == ("筑梦新基地", False)
    facts = AuditEvent.objects.get(verb="base.amended").facts
    assert (facts["before"]["name"], facts["after"]["name"]) == ("筑梦创业孵化基地", "筑梦新基地")
    assert "筑梦创业孵化基地 → 筑梦新基地" in client.get(f"/desk/register/{cast.base.pk}/").content.decode()


def test_an_unusual_code_is_taken_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.county_caseworker), f"/desk/register/{cast.base.pk}/uscc/"
    assert client.post(url, {"code": "91520103MA0000009A", "because": ""}).status_code == 422
    assert client.post(url, {"code": "91520103MA0000009A", "because": "与执照原件一致"}).status_code == 302
    cast.operator.refresh_from_db()
    assert cast.operator.uscc == "91520103MA0000009A"
    taken = client.post(url, {"code": make_base("520103").operator.uscc, "because": "核对"})
    assert (taken.status_code, "已登记在另一家" in taken.content.decode()) == (422, True)


@pytest.mark.parametrize("act", ["record", "amend", "uscc"])
def test_approvers_read_the_register_but_do_not_keep_it(act: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.approver)
    offered = client.get(f"/desk/register/{cast.base.pk}/").context["acts"]
    assert [each.label for each in offered] == ["投诉与计数"]
    assert client.post(f"/desk/register/{cast.base.pk}/{act}/", {}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_register(cast: Cast, sign_in: SignIn, settings) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: calendar and rulings are kept for a while
    client = sign_in(cast.province_caseworker)
    client.get("/desk/register/")
    used = []
    for rows in (1, 24):
        for _row in range(rows):
            titles.certification(make_base("520103"))
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/register/")
        used.append([q["sql"] for q in seen.captured_queries if q["sql"].startswith("SELECT")])
    assert len(used[0]) == len(used[1])
    assert len(used[1]) <= 10, "\n".join(used[1])


def test_the_list_tells_titles_of_one_name_apart(cast: Cast, sign_in: SignIn) -> None:
    for title in ("county", "city"):
        titles.certification(cast.base, title=title, category_name="创业孵化基地", period_ends=None)
    titles.certification(make_base("520103", name="省级基地"))
    titles.certification(make_base("520103", name="旧文件基地"), policy="guizhou-2001", category_name="创业基地")
    answer = sign_in(cast.county_caseworker).get("/desk/register/")
    shown = {base.name: [it.titled for it in found] for base, found in answer.context["rows"]}
    assert shown["筑梦创业孵化基地"] == ["市级创业孵化基地", "县级创业孵化基地"]
    assert shown["省级基地"] == ["省级创业孵化示范基地"]
    assert shown["旧文件基地"] == ["创业基地"]  # a policy that is not installed says nothing
