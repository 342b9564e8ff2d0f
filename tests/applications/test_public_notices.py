"""公示 as the public sees it: how long it runs, who is on the list, what came of each, whom to call."""

import re

import pytest
from django.test import Client

from applications.models import Call
from applications.procedure import Procedure
from applications.views.for_public import procedure_for
from applications.views.progress import next_steps
from portal.deadlines.today import business_today
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.titles import DAY, published_call

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.fixture
def open_call() -> Call:
    today = business_today()
    return published_call(opens=today - 10 * DAY, closes=today + 10 * DAY)


@pytest.fixture
def procedure(open_call: Call) -> Procedure:
    found = procedure_for(open_call, business_today())[1]
    assert found is not None
    return found


@pytest.mark.parametrize("page", ["/520000/", "/520000/calls/{}/"])
def test_the_steps_say_how_long_the_list_is_public_and_under_which_clause(
    client: Client, open_call: Call, procedure: Procedure, page: str
) -> None:
    assert procedure.step("public_notice").workdays.value != procedure.notice_workdays.value == 5
    flow = shown(client, page.format(open_call.pk)).split('<ol class="flow">')[1].split("</ol>")[0]
    step = re.search(r"公示</b>(.*?)</li>", flow, re.DOTALL)
    assert step is not None
    assert step[1].startswith("5 个工作日")
    assert f"#{procedure.notice_workdays.clause}" in step[1]


def test_an_operator_is_told_how_long_the_list_will_be_public(cast: Cast) -> None:
    steps = {step.title: step for step in next_steps(dossiers.submitted(cast))}
    assert steps["公示"].text == "名单公示 5 个工作日，期间接受异议。"
    assert steps["公示"].clause == "GZ-32"
    assert "到达后 10 个工作日内办理" in steps["批复认定"].text


def test_the_call_names_one_length_of_the_notice(cast: Cast) -> None:
    dossiers.open_call(cast)
    letter = Call.objects.get().letter
    assert letter is not None
    told = [block["text"] for block in letter.wording["body"] if "公示" in block.get("text", "")]
    assert told[0].endswith("公示：5个工作日。")
    assert [text for text in told if "10个工作日" in text] == []
