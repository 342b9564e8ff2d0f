"""服务和场地: what a base said of them when its title was granted is public, and nothing of its people."""

import pytest
from django.test import Client

from applications.dossier import section
from applications.views.promises import promised
from tests.factories.cast import Cast
from tests.factories.dossiers import approved, submitted
from tests.factories.titles import certification

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.mark.slow
def test_the_services_a_base_promised_are_public_and_its_contacts_are_not(client: Client, cast: Cast) -> None:
    application = approved(cast)
    assert application.certification is not None
    page = shown(client, f"/base/{cast.base.slug}/services/")
    for words in ("信息咨询", "3200 平方米", "80 户", "2026-03-18"):
        assert words in page
    assert "13900000000" not in page
    assert f"/base/{cast.base.slug}/services/" in shown(client, f"/base/{cast.base.slug}/")


def test_a_dossier_that_names_no_services_is_said_to_name_none(client: Client, cast: Cast) -> None:
    application = submitted(cast)
    submission = application.submissions.get()
    submission.answers["premises"]["services"] = []
    told = {fact.term: fact.value for fact in promised(submission, application)}
    assert told["提供的服务"] == "申报书里没有填写"


def test_where_the_form_asks_for_no_services_none_are_said_to_be_missing(client: Client, cast: Cast) -> None:
    application = submitted(cast)
    application.policy, submission = "ordos-2022", application.submissions.get()
    submission.answers["premises"]["services"] = []
    told = [fact.term for fact in promised(submission, application)]
    assert "提供的服务" not in told
    assert "孵化面积" in told


def test_a_base_without_a_dossier_here_promises_nothing_here(client: Client) -> None:
    assert "没有公开的服务和场地情况" in shown(client, f"/base/{certification().base.slug}/services/")


def test_who_chooses_the_services_is_told_the_page_on_which_they_will_stand(client: Client) -> None:
    page = shown(client, f"/base/{certification().base.slug}/services/")
    name = page.partition("<h1>")[2].partition("</h1>")[0]
    assert f"“{name}”页" in section("premises").field("services").hint
