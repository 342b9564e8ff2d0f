"""The answer to an objection, in the hands of who objected: by the code, on paper and on the page alike."""

import io
from typing import Any

import pytest
from django.test import Client

from applications.actions import answer_objection
from applications.models import Objection, PublicNotice
from portal.deadlines.today import business_today
from portal.documents.models import Letter
from portal.documents.remedies import remedies
from portal.jurisdictions.models import AgencyProfile
from tests.factories.cast import Cast
from tests.factories.people import place
from tests.factories.titles import DAY, published_call, published_notice

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.fixture
def notice(cast: Cast) -> PublicNotice:
    today = business_today()
    return published_notice(published_call(opens=today - 10 * DAY, closes=today + 10 * DAY), cast.base, on=today)


def objecting(client: Client, notice: PublicNotice, **changes: Any) -> Any:
    """Hand in an objection on the public form."""
    application = notice.applications.order_by("pk")[0]
    reason = "公示的场地面积与现场不符，有照片为证。"
    said = {"application": application.pk, "reason": reason, "name": "陈旁人", "contact": "13900001111", **changes}
    return client.post(f"/520000/notices/{notice.pk}/objection/", said)


def answered(cast: Cast, **changes: Any) -> Objection:
    """Return the objection with its answer of today."""
    AgencyProfile.objects.get_or_create(jurisdiction=place("520000"), defaults={"name": "省厅", "short_name": "省厅"})
    said = {"founded": False, "answer": "经现场核实，面积与申报一致。", **changes}
    return answer_objection(Objection.objects.get(), by=cast.province_caseworker, on=business_today(), **said)


def test_who_objects_is_told_the_number_at_once_and_gets_the_answer_on_paper_by_the_code_alone(
    client: Client, cast: Cast, notice: PublicNotice
) -> None:
    address = objecting(client, notice)["Location"]
    assert Objection.objects.get().number in shown(client, address)
    assert client.get(f"{address}letter.pdf").status_code == 404
    letter = answered(cast).letter
    assert letter is not None
    assert f'href="{address}letter.pdf"' in shown(client, address)
    answer = client.get(f"{address}letter.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/520000/objections/ABCDEFGHJKLM/letter.pdf").status_code == 404
    assert client.get(f"/letters/{letter.key}/").status_code == 302


def test_an_answer_that_was_voided_is_not_handed_out(client: Client, cast: Cast, notice: PublicNotice) -> None:
    address = objecting(client, notice)["Location"]
    Letter.objects.filter(pk=answered(cast).letter_id).update(voided_on=business_today())
    assert client.get(f"{address}letter.pdf").status_code == 404
    assert "letter.pdf" not in shown(client, address)


@pytest.mark.parametrize("founded", [True, False])
def test_the_answer_on_paper_names_the_same_remedies_and_the_same_day_as_its_page(
    client: Client, cast: Cast, notice: PublicNotice, founded: bool
) -> None:
    address = objecting(client, notice)["Location"]
    letter = answered(cast, founded=founded).letter
    assert letter is not None
    paper, page = "".join(block["text"] for block in letter.wording["body"]), shown(client, address)
    day = notice.ends_on
    shared = [remedies("知道决定之日")]
    shared += ["决定不予认定或者退回复审"] if founded else ["（含当日）前可以再提一次异议"]
    for words in shared:
        assert words in paper
        assert words in page
    assert (f"{day.year}年{day.month}月{day.day}日（含当日）前可以再提" in paper) is not founded
    assert (f"{day}（含当日）前可以再提" in page) is not founded


def test_evidence_of_a_kind_that_is_not_taken_is_said_to_be_so_whatever_else_is_missing(
    client: Client, notice: PublicNotice
) -> None:
    for name in ("", "陈旁人"):
        file = io.BytesIO(b"PK\x03\x04")
        file.name = "bad.docx"
        page = objecting(client, notice, name=name, evidence=file).content.decode()
        assert "文件类型是 docx；这里只收 PDF、JPG 图片、PNG 图片" in page
        assert "文件要重新选" not in page
