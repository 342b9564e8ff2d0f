"""The open register as a stranger sees it: search, files, pages of bases, verification, what came before."""

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bases.exports import COLUMNS
from bases.models import Ban, Certification
from bases.states import Standing
from portal.deadlines.today import business_today
from portal.jurisdictions.models import AgencyProfile
from portal.web import throttling
from tests.factories.cast import Cast
from tests.factories.people import place
from tests.factories.register import base, operator
from tests.factories.titles import (
    CERTIFIED_ON,
    DAY,
    certification,
    in_proceedings,
    published_call,
    published_notice,
    revoked,
)

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode()


def downloaded(client: Client, kind: str, **query: str) -> str:
    response = client.get(f"/520000/register.{kind}", query)
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["筑梦", "青云服务", "uscc", "number"])
def test_a_base_is_found_by_its_name_its_operator_its_code_and_its_number(client: Client, words: str) -> None:
    run = operator("520103", name="贵阳青云服务有限公司")
    held = certification(base("520103", run_by=run, name="云岩筑梦基地"))
    certification(base("520103", name="南明众创园"))
    asked = {"uscc": run.uscc.lower(), "number": held.number}.get(words, words)
    page = shown(client, "/520000/register/", q=asked)
    assert "云岩筑梦基地" in page
    assert "南明众创园" not in page


def test_a_place_is_a_word_of_the_search_and_words_apart_all_count(client: Client) -> None:
    names = {"长征创业基地": "520302", "甲秀创业基地": "520102"}
    for name, code in names.items():
        certification(base(code, name=name))

    def found(words: str) -> int:
        return client.get("/520000/register/", {"q": words}).context["page"].total

    assert place("520302").name == "红花岗区"
    assert (found("遵义市"), found("红花岗 长征"), found("贵阳 红花岗")) == (1, 1, 0)
    assert found("南明 贵阳") == 1


def test_a_filtered_file_has_another_name_than_the_whole_register(client: Client) -> None:
    whole = client.get("/520000/register.csv")["Content-Disposition"]
    part = client.get("/520000/register.csv?state=revoked")["Content-Disposition"]
    assert "-part-" in part
    assert "-part-" not in whole


def test_the_register_of_a_place_holds_what_lies_in_it(client: Client) -> None:
    certification(base("520103", name="云岩基地"))
    certification(base("520303", name="汇川基地"))
    certification(base("330402", name="南湖基地"))
    assert "南湖基地" not in shown(client, "/520000/register/")
    assert "汇川基地" not in shown(client, "/520100/register/")
    assert "汇川基地" not in shown(client, "/520000/register/", place="520100")
    assert "云岩基地" in shown(client, "/520000/register/", place="520100", county="520103")
    assert "云岩基地" in shown(client, "/520000/register/", place="520103")


def test_a_place_that_is_not_below_is_passed_over(client: Client) -> None:
    certification(base("520103", name="云岩基地"))
    assert "云岩基地" in shown(client, "/520000/register/", place="330400")


@pytest.mark.parametrize(("state", "found"), [("revoked", {"撤"}), ("certified", {"有", "程"}), ("rectifying", {"整"})])
def test_the_states_the_public_filters_by_do_not_tell_proceedings_apart(
    client: Client, state: str, found: set[str]
) -> None:
    certification(base(name="有基地"))
    in_proceedings(base(name="程基地"))
    certification(base(name="整基地"), status=Standing.RECTIFYING)
    revoked(base(name="撤基地"))
    page = shown(client, "/520000/register/", state=state)
    assert {name for name in ("有", "程", "整", "撤") if f"{name}基地" in page} == found


def everything_public(client: Client, held: Certification) -> str:
    """Return all that a stranger can read about a title, in one text."""
    api = client.get(f"/api/v1/certifications/{held.number}/").content.decode()
    return "".join(
        (
            shown(client, f"/verify/{held.verify_code}/"),
            shown(client, f"/base/{held.base.slug}/"),
            shown(client, "/520000/register/"),
            downloaded(client, "csv"),
            downloaded(client, "json"),
            api,
        )
    )


def test_nothing_public_changes_before_a_decision_is_served(client: Client) -> None:
    held = certification()
    before = everything_public(client, held)
    held.advance(Standing.IN_PROCEEDINGS)
    during = everything_public(client, held)
    assert "in_proceedings" not in during
    assert "撤销程序" not in during
    assert strip_moments(during) == strip_moments(before)


@pytest.mark.parametrize("standing", [Standing.RECTIFYING, Standing.SURRENDERED, Standing.NOT_RENEWED])
def test_a_title_that_enters_proceedings_stays_in_public_what_it_was(client: Client, standing: Standing) -> None:
    ended = None if standing == Standing.RECTIFYING else datetime.date(2026, 5, 6)
    held = certification(status=standing, ended_on=ended)
    lists = [("state", each) for each in ("certified", "rectifying", "surrendered", "not_renewed", "overdue")]
    seen = []
    for _turn in range(2):
        found = [held.base.name in shown(client, "/520000/register/", **{name: state}) for name, state in lists]
        seen.append((strip_moments(everything_public(client, held)), found))
        if held.status == standing:
            held.advance(Standing.IN_PROCEEDINGS)
    assert seen[0] == seen[1]
    assert held.underlying == standing
    assert held.stands == (standing == Standing.RECTIFYING)


def strip_moments(text: str) -> str:
    """Leave out the lines that name the minute of the answer."""
    return "\n".join(line for line in text.splitlines() if "截至" not in line and "查询时间" not in line)


def test_a_revoked_title_says_so_with_its_day_and_its_bar(client: Client) -> None:
    held = revoked(on=datetime.date(2026, 10, 29))
    Ban.objects.create(
        jurisdiction=held.jurisdiction,
        base=held.base,
        operator_uscc=held.operator.uscc,
        title="provincial",
        policy="guizhou-2022",
        clause="GZ-30",
        ground="complaints",
        starts_on=datetime.date(2026, 10, 29),
        ends_on=datetime.date(2031, 10, 29),
    )
    answer = shown(client, f"/verify/{held.verify_code}/")
    assert "已撤销" in answer
    assert "2026-10-29" in answer
    page = shown(client, f"/base/{held.base.slug}/")
    assert "没有有效称号" in page
    assert "暂停申报至 2031-10-29" in page


def test_a_title_whose_review_is_overdue_stands_with_a_note(client: Client) -> None:
    held = certification(period_ends=business_today() - datetime.timedelta(days=1))
    answer = shown(client, f"/verify/{held.verify_code}/")
    assert "今日状态：有效" in answer
    assert "复评逾期" in answer
    assert held.base.name in shown(client, "/520000/register/", state="overdue")


def test_the_last_day_of_the_period_is_not_overdue(client: Client) -> None:
    held = certification(period_ends=business_today())
    assert "复评逾期：" not in shown(client, f"/verify/{held.verify_code}/")
    assert held.base.name not in shown(client, "/520000/register/", state="overdue")


def test_the_csv_opens_in_a_spreadsheet_and_has_every_column_of_the_dictionary(client: Client) -> None:
    AgencyProfile.objects.create(jurisdiction=place("520000"), name="省厅", short_name="省厅", licence="署名即可使用")
    certification(base("520103", name="=SUM(A1)"))
    text = downloaded(client, "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert list(rows[0]) == [str(column.heading) for column in COLUMNS]
    assert rows[0]["基地名称"] == "'=SUM(A1)"
    assert rows[0]["开放许可"] == "署名即可使用"
    assert rows[0]["数据更新日期"] == business_today().isoformat()
    assert (rows[0]["省份"], rows[0]["市（州）"], rows[0]["县（市、区）"]) == ("贵州省", "贵阳市", "云岩区")


def test_the_json_carries_its_dictionary_and_only_what_the_search_found(client: Client) -> None:
    certification(base(name="甲基地"))
    certification(base(name="乙基地"))
    found = json.loads(downloaded(client, "json", q="甲"))
    assert [entry["base"] for entry in found["entries"]] == ["甲基地"]
    assert {field["name"] for field in found["fields"]} == set(found["entries"][0])


def test_an_empty_register_is_still_a_sound_file(client: Client) -> None:
    assert json.loads(downloaded(client, "json"))["entries"] == []
    assert downloaded(client, "csv").count("\n") == 1


def test_no_file_and_no_page_holds_personal_data(client: Client) -> None:
    run = operator("520103", legal_representative="王小明", phone="13912345678")
    held = certification(base("520103", run_by=run))
    text = everything_public(client, held)
    assert "王小明" not in text
    assert "13912345678" not in text


def test_a_program_that_asks_for_json_is_led_to_the_interface(client: Client) -> None:
    held = certification()
    answer = client.get(f"/base/{held.base.slug}/", headers={"accept": "application/json"}, follow=True)
    assert answer.json()["slug"] == held.base.slug
    answer = client.get("/520000/register/?state=certified", headers={"accept": "application/json"}, follow=True)
    assert [row["number"] for row in answer.json()["results"]] == [held.number]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_register_costs_the_same_whatever_its_length(client: Client, settings: Any) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60.0  # as in operation, where most requests find the rulings read already
    certification()
    queries(client, "/520000/register/")
    few = queries(client, "/520000/register/")
    for code in ("520103", "520303", "522601", "520103", "520201"):
        certification(base(code))
    assert queries(client, "/520000/register/") == few <= 10


def test_the_page_of_a_base_names_the_nearest_bureau_with_a_channel(client: Client) -> None:
    AgencyProfile.objects.create(jurisdiction=place("520000"), name="省厅", short_name="省厅", phone="0851-1")
    AgencyProfile.objects.create(jurisdiction=place("520103"), name="云岩区局", short_name="区局")
    held = certification(base("520103"))
    assert "省厅" in shown(client, f"/base/{held.base.slug}/")
    AgencyProfile.objects.filter(name="云岩区局").update(complaint_channel="区局三楼")
    assert "区局三楼" in shown(client, f"/base/{held.base.slug}/")


def test_a_page_without_any_channel_says_it_is_not_filled_in(client: Client) -> None:
    assert "未填写" in shown(client, f"/base/{base().slug}/")


def test_a_certificate_is_verified_by_its_code_however_it_is_typed(client: Client) -> None:
    code = certification().verify_code
    typed = f" {code[:4]} {code[4:8].lower()}-{code[8:12]} {code[12:]}"
    answer = client.get("/verify/", {"code": typed}, follow=True)
    assert answer.status_code == 200
    assert "今日状态：有效" in answer.content.decode()


def test_a_certificate_is_verified_by_number_and_name_together(client: Client) -> None:
    held = certification(base(name="云岩（示范）基地"), number="演示〔2024〕7号")
    found = client.get("/verify/", {"number": "演示[2024] 7号", "name": "云岩(示范)基地"}, follow=True)
    assert "今日状态：有效" in found.content.decode()
    wrong = client.get("/verify/", {"number": held.number, "name": "别的基地"})
    assert wrong.status_code == 422
    assert held.base.name not in wrong.content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [({"number": "1"}, "只填了证书编号"), ({"name": "甲"}, "只填了名称"), ({"code": ""}, "核验码和证书编号都没有填")],
)
def test_a_question_with_half_its_facts_says_what_is_missing(
    client: Client, asked: dict[str, str], sentence: str
) -> None:
    answer = client.get("/verify/", asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_forged_codes_get_one_page_at_one_price(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling.secrets, "randbelow", lambda _below: 1)  # nobody sweeps old allowances just now
    held = certification()
    seen = set()
    for code in (
        "FORGEDFORGED0000",
        "0" * 16,
        "2" * 16,
        held.verify_code[:-1] + "2" * (held.verify_code[-1] != "2") + "3",
    ):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/verify/{code[:16]}/")
        page = answer.content.decode().replace(code[:16], "CODE")
        seen.add((answer.status_code, len(asked), strip_moments(page)))
    assert len(seen) == 1
    assert seen.pop()[0] == 404
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/verify/{held.verify_code}/")
    with CaptureQueriesContext(connection) as forged:
        client.get("/verify/FORGED/")
    assert len(asked) == len(forged)


def test_one_address_may_verify_only_so_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    standing_still = throttling.TAKE.replace("clock_timestamp()", "now()")  # the beginning of the test's transaction
    monkeypatch.setattr(throttling, "TAKE", standing_still)
    answers = [client.get("/verify/FORGED/").status_code for _n in range(throttling.VERIFY.burst + 1)]
    assert answers == [404] * throttling.VERIFY.burst + [429]
    refused = client.get("/verify/FORGED/")
    assert int(refused["Retry-After"]) >= 1
    assert client.get("/verify/FORGED/", REMOTE_ADDR="10.9.8.7").status_code == 404


def test_a_bucket_fills_again_with_time() -> None:
    rate = throttling.Rate("test", burst=2, per_minute=1)
    assert [throttling.take(rate, "a") > 0 for _n in range(3)] == [False, False, True]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE web_allowance SET at = at - interval '1 minute'")
    assert [throttling.take(rate, "a") > 0 for _n in range(2)] == [False, True]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE web_allowance SET at = at - interval '1 hour'")
    assert [throttling.take(rate, "a") > 0 for _n in range(3)] == [False, False, True]


def test_a_title_granted_elsewhere_is_verified_by_the_number_on_its_own_certificate(client: Client) -> None:
    held = certification(base(name="外地基地"), document="筑人社发〔2024〕5 号", paper_number="筑认〔2024〕7号")
    answer = client.get("/verify/", {"number": "筑认[2024] 7号", "name": "外地基地"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "筑认〔2024〕7号" in page
    assert held.number not in page
    assert client.get("/verify/", {"number": held.number, "name": "外地基地"}).status_code == 404
    assert "筑认〔2024〕7号" in shown(client, "/520000/register/", q="筑认〔2024〕7号")


def test_a_title_entered_without_a_certificate_shows_our_number_as_what_it_is(client: Client) -> None:
    held = certification(base(name="无证基地"), document="筑人社发〔2024〕5 号")
    page = shown(client, f"/base/{held.base.slug}/")
    assert "<dt>登记号</dt>" in page
    assert "证书编号</dt>" not in page
    assert "核验这张证书" not in page
    assert f'data-label="登记号"><span class="unfolded">登记号 </span>{held.number}' in shown(
        client, "/520000/register/"
    )
    assert "没有登记证书编号" in shown(client, "/verify/", number=held.number, name="无证基地")
    entry = client.get(f"/api/v1/certifications/{held.number}/").json()
    assert (entry["certificate_number"], entry["verify_url"]) == ("", None)


def test_a_base_that_no_bureau_has_published_is_nobody_elses_business(client: Client, cast: Cast) -> None:
    own, addresses = cast.base, (f"/base/{cast.base.slug}/", f"/base/{cast.base.slug}/services/")
    certification(base("520303"))

    def seen() -> list[bool]:
        listed = client.get("/api/v1/bases/").content.decode() + client.get("/sitemaps/bases-1.xml").content.decode()
        pages = [client.get(address).status_code == 200 for address in (*addresses, f"/api/v1/bases/{own.slug}/")]
        return [*pages, own.slug in listed]

    assert seen() == [False] * 4
    held = certification(own)
    assert seen() == [True] * 4
    held.advance(Standing.SURRENDERED, ended_on=held.certified_on)
    assert seen() == [True] * 4


def test_a_base_on_the_list_of_a_notice_is_public(client: Client) -> None:
    proposed = base("520303")
    assert client.get(f"/base/{proposed.slug}/").status_code == 404
    call = published_call(opens=CERTIFIED_ON, closes=CERTIFIED_ON + 10 * DAY)
    published_notice(call, proposed, on=CERTIFIED_ON + 20 * DAY)
    assert client.get(f"/base/{proposed.slug}/").status_code == 200
