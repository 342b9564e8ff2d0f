"""公示 as the public sees it: how long it runs, who is on the list, what came of each, whom to call."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.moving import procedure_of
from applications.models import Application, Call, Objection, PublicNotice
from applications.procedure import Procedure
from applications.states import ApplicationStatus
from applications.views.for_public import procedure_for
from applications.views.progress import next_steps
from portal.accounts.capacity import SYSTEM, VISITOR, Capacity
from portal.deadlines.today import business_today
from portal.notifications.models import Notification
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.register import base
from tests.factories.titles import DAY, published_call, published_notice

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
    found = procedure_for(open_call)[1]
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
    application = dossiers.submitted(cast)
    steps = {step.title: step for step in next_steps(application)}
    assert steps["公示"].text == "名单公示 5 个工作日，期间接受异议。"
    assert steps["公示"].clause == procedure_of(application).notice_workdays
    assert "到达后 10 个工作日内办理" in steps["批复认定"].text


def test_the_call_names_one_length_of_the_notice(cast: Cast) -> None:
    dossiers.open_call(cast)
    letter = Call.objects.get().letter
    assert letter is not None
    told = [block["text"] for block in letter.wording["body"] if "公示" in block.get("text", "")]
    assert told[0].endswith("公示：5个工作日。")
    assert [text for text in told if "10个工作日" in text] == []


@pytest.fixture
def notice(cast: Cast, open_call: Call) -> PublicNotice:
    return published_notice(open_call, cast.base, base("520303"), base("520201"), on=business_today())


def test_a_notice_that_is_over_says_what_came_of_each_base_on_it(client: Client, notice: PublicNotice) -> None:
    address = f"/520000/notices/{notice.pk}/"
    assert "仍在办理" not in shown(client, address)
    PublicNotice.objects.filter(pk=notice.pk).update(
        published_on=business_today() - 10 * DAY, ends_on=business_today() - DAY
    )
    first, second, third = notice.applications.order_by("region_code", "pk")
    decided = {"decided_on": business_today(), "desk": None, "due_on": None}
    Application.objects.filter(pk=first.pk).update(status=ApplicationStatus.APPROVED, **decided)
    Application.objects.filter(pk=second.pk).update(status=ApplicationStatus.REFUSED, **decided)
    rows = shown(client, address).split("<tbody")[1].split("</tbody>")[0].split("</tr>")
    for row, application, word in zip(rows, (first, second, third), ("认定", "不予认定", "仍在办理"), strict=False):
        assert application.base.name in row
        assert f"</svg>{word}</span>" in row
    assert f"</span> {business_today()}" in rows[1]


@pytest.mark.parametrize("page", ["/520000/notices/", "/520000/", "/520000/notices/feed/", "/520000/calls/{}/"])
def test_notices_of_one_title_are_told_apart_by_whom_they_are_about(
    client: Client, open_call: Call, notice: PublicNotice, page: str
) -> None:
    other = published_notice(open_call, base("520201", name="水城青创基地"), on=business_today())
    assert other.title == notice.title
    names = [each.base.name for each in notice.applications.order_by("region_code", "pk")]
    found = shown(client, page.format(open_call.pk))
    assert f"{names[0]}、{names[1]}等 3 家" in found
    assert "水城青创基地" in found


def test_nobody_is_told_to_dial_a_street_or_that_a_phone_is_missing(client: Client, notice: PublicNotice) -> None:
    PublicNotice.objects.filter(pk=notice.pk).update(contact="0851-00000000，贵州省演示路 1 号", discipline_contact="")
    page = shown(client, f"/520000/notices/{notice.pk}/")
    assert "0851-00000000<br>贵州省演示路 1 号" in page
    assert "监督电话" not in page
    form = shown(client, f"/520000/notices/{notice.pk}/objection/")
    assert "拨打" not in form
    assert "0851-00000000；贵州省演示路 1 号" in form
    PublicNotice.objects.filter(pk=notice.pk).update(discipline_contact="0851-00000001")
    assert "0851-00000001" in shown(client, f"/520000/notices/{notice.pk}/")


def test_a_notice_gives_its_long_title_once(client: Client, notice: PublicNotice) -> None:
    assert shown(client, f"/520000/notices/{notice.pk}/").split("<main")[1].count(notice.title) == 1


@pytest.mark.parametrize("page", ["/520000/", "/520000/calls/{}/"])
def test_the_first_clause_of_a_call_says_of_which_document_it_is(client: Client, open_call: Call, page: str) -> None:
    assert "<dd>贵州省质量提升方案（2022年） <a" in shown(client, page.format(open_call.pk))


@pytest.mark.parametrize(
    ("status", "word", "remedy"),
    [("approved", "认定", True), ("refused", "不予认定", True), ("withdrawn", "已撤回申报", False)],
)
def test_who_objected_is_told_what_was_decided_and_on_which_day(
    client: Client, notice: PublicNotice, status: str, word: str, *, remedy: bool
) -> None:
    application = notice.applications.order_by("pk")[0]
    said = {
        "application": application.pk,
        "reason": "二楼已经转租给一家网吧。",
        "name": "陈旁人",
        "contact": "13900001111",
    }
    receipt = client.post(f"/520000/notices/{notice.pk}/objection/", said)["Location"]
    Objection.objects.update(status="unfounded", answer="经核实，二楼没有转租。", answered_on=notice.ends_on)
    assert "申报的结果" not in shown(client, receipt)
    Application.objects.filter(pk=application.pk).update(status=status, decided_on=notice.ends_on + DAY)
    page = shown(client, receipt)
    assert f"这家基地的申报已于 {notice.ends_on + DAY} 办结：{word}。" in page
    assert "可以再提一次异议" not in page
    assert ("行政复议" in page) == remedy


@pytest.mark.parametrize("asked", ["", "?pick={}"])
def test_who_was_reviewed_against_is_never_ticked_beforehand_also_where_asked_for(
    cast: Cast, sign_in: Callable[[Capacity], Client], asked: str
) -> None:
    application = dossiers.visited(cast)
    actions.give_opinion(
        application, verdict="against", text="面积不实。", by=cast.province_caseworker, on=dossiers.FILED
    )
    client, address = sign_in(cast.province_caseworker), reverse("applications:new_notice", args=[application.call_id])
    page = shown(client, address + asked.format(application.pk))
    assert f'name="applications" value="{application.pk}">' in page
    assert "复审意见为“不同意”的不预先勾选" in page
    said = {"applications": application.pk, "contact": "0851-00000000", "act": "preview"}
    sent = client.post(address + asked.format(application.pk), said).content.decode()
    assert f'name="applications" value="{application.pk}" checked>' in sent


def test_the_one_that_is_asked_for_is_ticked(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    application = dossiers.reviewed(cast)
    address = reverse("applications:new_notice", args=[application.call_id])
    client, ticked = sign_in(cast.province_caseworker), f'name="applications" value="{application.pk}" checked>'
    assert ticked in shown(client, f"{address}?pick={application.pk}")
    assert ticked not in shown(client, f"{address}?pick=0")


@pytest.mark.parametrize(
    ("objections", "told"),
    [(0, "公示期间没有收到异议"), (1, "收到异议 1 件，已全部答复"), (2, "收到异议 2 件，已全部答复")],
)
def test_the_approver_learns_how_many_objections_were_answered_and_that_there_were_none(
    cast: Cast, objections: int, told: str
) -> None:
    application, notice = dossiers.publicised(cast)
    for number in range(objections):
        said = {"name": f"张三{number}", "contact": "13900000000", "reason": "场地面积与实际情况不一致，请核实。"}
        on = notice.published_on
        found = actions.receive_objection(notice, application=application, by=VISITOR, on=on, **said)
        actions.answer_objection(found, founded=False, answer="经查不实。", by=cast.province_caseworker, on=on)
    actions.conclude_notice(notice, by=SYSTEM, on=notice.ends_on + datetime.timedelta(days=1))
    message = Notification.objects.filter(kind="application.for_approval").first()
    assert message is not None
    assert f"受理号 {application.reference}，{told}，请于" in message.body
