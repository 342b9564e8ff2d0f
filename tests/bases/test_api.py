"""The open interface: what it gives, what it refuses and how, and that its description is the one on file."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bases.models import Certification
from bases.states import Standing
from portal.web import throttling
from portal.web.api_docs import as_yaml
from tests.factories.register import base
from tests.factories.titles import certification, in_proceedings, revoked

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


def results(client: Client, address: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{address}/", query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_the_schema_on_file_is_the_one_in_force() -> None:
    on_file = (ROOT / "docs" / "openapi.yaml").read_bytes()
    assert on_file == as_yaml(), "run: manage.py spectacular --file docs/openapi.yaml"


def test_the_schema_is_openapi_31_and_names_every_address(client: Client) -> None:
    schema = client.get("/api/schema/?format=json").json()
    assert schema["openapi"].startswith("3.1")
    assert {path.split("/")[3] for path in schema["paths"]} == {
        *("jurisdictions", "bases", "certifications", "calls", "notices", "verify")
    }


def test_a_certification_says_what_it_is_worth_today(client: Client) -> None:
    held = revoked()
    answer = client.get(f"/api/v1/certifications/{held.number}/").json()
    assert answer["state"] == {"code": "revoked", "word": "已撤销", "overdue": False}
    assert answer["ended_on"] == "2026-10-29"
    assert answer["place"]["full_name"] == "贵州省贵阳市云岩区"


def test_proceedings_are_not_told_apart(client: Client) -> None:
    held = in_proceedings()
    assert results(client, "certifications")[0]["state"]["code"] == "certified"
    assert [row["number"] for row in results(client, "certifications", state="certified")] == [held.number]
    assert client.get("/api/v1/certifications/", {"state": "in_proceedings"}).status_code == 400
    assert client.get(f"/api/v1/verify/{held.verify_code}/").json()["state"]["code"] == "certified"


def test_pages_by_cursor_show_everything_once(client: Client) -> None:
    numbers = {certification().number for _n in range(7)}
    seen, address = [], "/api/v1/certifications/?page_size=3"
    while address:
        answer = client.get(address).json()
        seen += [row["number"] for row in answer["results"]]
        address = answer["next"]
    assert len(seen) == 7
    assert set(seen) == numbers


def test_however_many_share_a_day_every_certification_comes_once_in_both_directions(client: Client) -> None:
    days = [datetime.date(2026, 3, 2)] * 9 + [datetime.date(2026, 3, 1)] * 2 + [datetime.date(2026, 3, 3)]
    rows = [certification(certified_on=day) for day in days]
    expected = [row.number for row in sorted(rows, key=lambda row: (row.certified_on, row.pk), reverse=True)]
    there, address = [], "/api/v1/certifications/?page_size=2"
    while address:
        answer = client.get(address).json()
        there.append([row["number"] for row in answer["results"]])
        last, address = address, answer["next"]
    assert [number for page in there for number in page] == expected
    back, address = [there[-1]], client.get(last).json()["previous"]
    while address:
        answer = client.get(address).json()
        back.append([row["number"] for row in answer["results"]])
        address = answer["previous"]
    assert back == there[::-1]


def test_a_page_that_lost_its_entries_meanwhile_leads_back(client: Client) -> None:
    rows = [certification() for _n in range(3)]
    address = client.get("/api/v1/certifications/?page_size=2").json()["next"]
    Certification.objects.filter(pk=rows[0].pk).delete()
    answer = client.get(address).json()
    assert (answer["results"], answer["next"]) == ([], None)
    assert client.get(answer["previous"]).json()["results"][0]["number"] == rows[2].number


def test_filters_of_certifications(client: Client) -> None:
    here = certification(base("520103", name="甲基地"))
    there = certification(base("520303"), title="city", status=Standing.RECTIFYING)
    assert [row["number"] for row in results(client, "certifications", place="520100")] == [here.number]
    assert [row["number"] for row in results(client, "certifications", title="city")] == [there.number]
    assert [row["number"] for row in results(client, "certifications", q="甲基地")] == [here.number]
    assert results(client, "certifications", certified_from="2025-01-01") == []


def test_a_base_carries_its_titles(client: Client) -> None:
    held = certification()
    answer = client.get(f"/api/v1/bases/{held.base.slug}/").json()
    assert [each["number"] for each in answer["certifications"]] == [held.number]
    assert set(answer["operator"]) == {"name", "uscc"}


def test_places_by_their_parent(client: Client) -> None:
    assert {row["code"] for row in results(client, "jurisdictions", parent="520000")} >= {"520100", "522700"}
    assert client.get("/api/v1/jurisdictions/520103/").json()["parent"] == "520100"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/certifications/nobody/", 404, "not_found"),
        ("/api/v1/certifications/?state=good", 400, "invalid"),
        ("/api/v1/calls/99999/", 404, "not_found"),
        ("/api/v1/verify/FORGED/", 404, "not_found"),
        ("/api/v2/anything/", 404, "unknown_address"),
        ("/api/v1/certifications/?cursor=broken", 400, "invalid"),
    ],
)
def test_an_error_is_a_problem_with_a_sentence_and_a_code(client: Client, address: str, status: int, code: str) -> None:
    answer = client.get(address)
    assert answer["Content-Type"].startswith("application/problem+json")
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["title"]
    assert problem["detail"].endswith("。")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_interface_is_only_read(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/bases/")
    assert answer.status_code == 405
    assert answer.json()["code"] == "read_only"


def test_an_answer_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    held = certification()
    first = client.get("/api/v1/certifications/")
    assert first["Last-Modified"]
    again = client.get("/api/v1/certifications/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    Certification.objects.filter(pk=held.pk).update(status=Standing.REVOKED)
    changed = client.get("/api/v1/certifications/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_one_address_may_ask_only_so_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.api.API", throttling.Rate("few", burst=2, per_minute=1))
    answers = [client.get("/api/v1/bases/") for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert int(answers[-1]["Retry-After"]) >= 1


def test_the_manual_names_every_field_without_script(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    for words in ("/api/v1/certifications/", "verify_url", "state.overdue", "results"):
        assert words in page
    assert "https://" not in page.replace("https://www.w3.org", "")


def test_the_manual_says_in_words_what_every_parameter_and_field_means(client: Client) -> None:
    rows = [row for it in client.get("/api/docs/").context["operations"] for row in it["parameters"] + it["fields"]]
    assert [row["name"] for row in rows if not re.search("[\u4e00-\u9fff]", row["meaning"])] == []
    page = client.get("/api/docs/").content.decode()
    assert ("* " in page, "`" in page) == (False, False)
    assert '<li><span class="code">rectifying</span> 整改中</li>' in page
    assert page.count("整改中</li>") == page.count(">rectifying<")


def test_the_explorer_says_without_script_that_it_needs_one_and_where_to_read(client: Client) -> None:
    page = client.get("/api/explorer/").content.decode()
    assert "要浏览器启用脚本" in page.split("<noscript>")[1].split("</noscript>")[0]
    assert 'href="/api/docs/"' in page.split("<noscript>")[0].split("<main")[1]
