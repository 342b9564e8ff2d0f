"""The operator's home: the one thing to do first, what comes next, by when, under which clause."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actions
from bases.models import Tenant
from portal.accounts.capacity import SYSTEM, Capacity
from portal.desk.home import views
from portal.jurisdictions.models import AgencyProfile
from subsidies.actions import record_entitlements
from tests.factories import dossiers, titles
from tests.factories.cast import Cast, cast_at
from tests.factories.people import representative
from tests.factories.register import base, operator

pytestmark = pytest.mark.django_db
NOW = dossiers.moment(datetime.date(2026, 3, 10))
Home = Callable[[Capacity], Any]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, sign_in: Callable[[Capacity], Client]) -> Home:
    monkeypatch.setattr(views, "business_now", lambda: NOW)
    monkeypatch.setattr("portal.web.context_processors.business_today", lambda: NOW.date())

    def opened(capacity: Capacity) -> Any:
        answer = sign_in(capacity).get("/my/")
        assert answer.status_code == 200
        return answer

    return opened


def test_a_newcomer_is_shown_three_steps(cast: Cast, home: Home) -> None:
    answer = home(representative("新人", operator()))
    assert [step.label for step in answer.context["steps"]] == ["登记基地", "选申报通知", "填报并提交"]
    assert answer.context["first"].href == "/my/bases/new/"


def test_the_three_steps_stay_until_the_first_application_is_handed_in(cast: Cast, home: Home) -> None:
    def states() -> list[str]:
        return [step.state for step in home(cast.wang).context["steps"]]

    call = dossiers.open_call(cast)
    assert states() == ["done", "now", "next"]
    application = dossiers.draft(cast, call)
    assert states() == ["done", "done", "now"]
    dossiers.actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert states() == []


def test_with_a_base_the_open_call_comes_first(cast: Cast, home: Home) -> None:
    call = dossiers.open_call(cast)
    dossiers.city_title(cast)
    first = home(cast.wang).context["first"]
    assert (first.href, first.on, first.hour) == (f"/my/calls/{call.pk}/", call.closes_at.date(), "18:00")
    assert first.title.startswith("可以申报：")


def test_a_call_whose_places_are_used_up_invites_nobody_unawares(cast: Cast, home: Home) -> None:
    call = dossiers.approved(cast).call
    type(call).objects.filter(pk=call.pk).update(quota=1)
    dossiers.city_title(cast, base("520103", run_by=cast.other_operator.operator))
    first = home(cast.other_operator).context["first"]
    said = {fact.term: fact.value for fact in first.facts}
    assert first.title == f"正在申报，名额已用完：{call.name}"
    assert said["名额"].startswith("共 1 家，已认定 1 家，已用完。申报期内仍可以提交")


def test_a_call_one_may_not_answer_is_not_put_first(cast: Cast, home: Home) -> None:
    """Without the city title on the register the door is shut (D-01): who enters it is said, nothing is urged."""
    AgencyProfile.objects.update_or_create(
        jurisdiction=cast.city,
        defaults={
            "name": "贵阳市人社局",
            "short_name": "市局",
            "phone": "0851-12345",
            "address": "林城路 1 号",
        },
    )
    call = dossiers.open_call(cast)
    answer = home(cast.wang)
    first, shown = answer.context["first"], answer.content.decode()
    assert (first.mine, first.act, first.href) == (False, "看原因", f"/my/calls/{call.pk}/")
    assert "最先要办" not in shown
    for word in ("贵阳市人社局", "0851-12345", "林城路 1 号"):
        assert word in shown


def test_no_page_of_a_call_offers_an_upload_instead_of_the_register(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    call = dossiers.open_call(cast)
    named = next(row["name"] for row in call.documents if row["slot"] == "city_recognition")
    started = sign_in(cast.wang).get(f"/my/calls/{call.pk}/")
    assert named not in [row["name"] for row in started.context["uploads"]]
    public = Client().get(reverse("public:call", args=[cast.county.code, call.pk]))
    for shown in (started.content.decode(), public.content.decode()):
        assert "不用上传，也不能用上传代替登记" in shown
        assert "盖章页要清楚" not in shown


def test_nobody_is_let_begin_where_no_base_may_apply(
    cast: Cast, sign_in: Callable[[Capacity], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.views.for_operators.cases.business_now", lambda: NOW)
    monkeypatch.setattr("applications.views.for_operators.cases.business_today", lambda: NOW.date())
    call, client = dossiers.open_call(cast), sign_in(cast.wang)
    held_back = client.get(f"/my/calls/{call.pk}/")
    assert held_back.context["may_begin"] is False
    assert "现在没有可以申报的基地" in held_back.content.decode()
    dossiers.city_title(cast)
    assert "现在没有可以申报的基地" not in client.get(f"/my/calls/{call.pk}/").content.decode()


def test_a_title_that_is_held_is_not_offered_again(cast: Cast, home: Home) -> None:
    dossiers.open_call(cast)
    titles.certification(cast.base)
    answer = home(cast.wang)
    assert answer.context["first"].key == "duty"
    assert not [line for line in answer.context["agenda"] if line.key.startswith("call:")]


@pytest.mark.slow
def test_a_new_certificate_is_the_first_thing(cast: Cast, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    application = dossiers.approved(cast)
    certificate = dossiers.fresh(application).certification.certificate
    for days, first in ((1, True), (61, False)):
        moment = dossiers.moment(datetime.date(2026, 3, 18) + datetime.timedelta(days=days))
        monkeypatch.setattr(views, "business_now", lambda moment=moment: moment)
        shown = home(cast.wang).context["first"]
        assert (shown.act == "下载证书", str(certificate.key) in shown.href) == (first, first)
        assert not (first and shown.mine), "it is no task"
        told = " ".join(str(fact.value) for fact in shown.facts)
        assert ("纸质证书和牌匾由贵州省人力资源和社会保障主管部门颁发" in told) == first


@pytest.mark.slow
def test_a_roster_that_holds_fewer_than_were_filed_is_a_thing_to_do_after_the_certificate(
    cast: Cast, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers.approved(cast)
    roster, said = f"/my/bases/{cast.base.pk}/tenants/", "申报书填 52 户，名册现有 %s 户"

    def shown(day: datetime.date) -> Any:
        monkeypatch.setattr(views, "business_now", lambda: dossiers.moment(day))
        return home(cast.wang).context

    def told(context: Any) -> list[str]:
        return [line.now for line in context["agenda"] if line.href == roster]

    soon, later = datetime.date(2026, 3, 19), datetime.date(2026, 9, 1)
    context = shown(soon)
    assert [fact.value for fact in context["first"].facts if fact.href == roster] == [
        f"在名册里逐户登记在孵实体（{said % 0}）"
    ]
    assert told(context) == told(shown(later)) == [f"{said % 0}；考核、复评以名册为准"]
    entered = {"base": cast.base, "jurisdiction": cast.base.jurisdiction, "entered_on": dossiers.OPENED}
    Tenant.objects.bulk_create(Tenant(name=f"第{n}户", **entered) for n in range(51))
    assert told(shown(soon)) == [f"{said % 51}；考核、复评以名册为准"]
    assert told(shown(later)) == []
    Tenant.objects.create(name="第52户", **entered)
    assert told(shown(soon)) == []


def test_a_correction_goes_before_everything_else(cast: Cast, home: Home) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    answer = home(cast.wang)
    first = answer.context["first"]
    assert first.href == f"/my/applications/{application.pk}/"
    assert first.moment.sum
    assert first.clause
    assert "补正 1 处" in answer.content.decode()  # the stamped page that prints the answer is asked for apart


def test_a_call_one_base_has_answered_is_open_to_the_other_in_the_panel_and_in_the_list(cast: Cast, home: Home) -> None:
    application = dossiers.submitted(cast)
    dossiers.city_title(cast, base("520103", run_by=cast.operator))
    key, said = f"call:{application.call_id}", f"{cast.province.name}的这一批次正在申报，您单位还有基地没有申报"
    first = home(cast.wang).context["first"]
    assert (first.key, first.facts[0].value) == (key, said)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert [line.now for line in home(cast.wang).context["agenda"] if line.key == key] == [said]


def test_a_call_for_another_title_stands_below_the_case_that_a_bureau_has(home: Home) -> None:
    cast = cast_at("150602")
    dossiers.submitted(cast, dossiers.open_call(cast, "park"))
    other = dossiers.open_call(cast, "student_park")
    context = home(cast.wang).context
    assert context["first"].title == "现在不用您办"
    assert f"call:{other.pk}" in [line.key for line in context["agenda"]]


def test_while_the_bureau_works_the_operator_reads_that_nothing_is_to_be_done(cast: Cast, home: Home) -> None:
    application = dossiers.submitted(cast)
    answer = home(cast.wang)
    first = answer.context["first"]
    assert first.title == "现在不用您办"
    panel = answer.content.decode().partition('aria-labelledby="now"')[2].partition("</section>")[0]
    assert "最先要办" not in panel
    assert "截止时间" not in panel
    assert "办理机关办结期限" in panel
    assert any("云岩区" in str(fact.value) for fact in first.facts)
    assert any(application.reference in event.text for event in answer.context["events"])


def test_the_duties_of_a_title_stand_with_their_day_and_clause(cast: Cast, home: Home) -> None:
    held = titles.certification(cast.base)
    record_entitlements(held, by=SYSTEM, on=NOW.date())
    answer = home(cast.wang)
    duties = {line.name: line for line in answer.context["agenda"] if line.key.startswith("duty:")}
    first = answer.context["first"]
    days = {name: line.on for name, line in duties.items()}
    assert first.on == datetime.date(2026, 12, 18)
    assert days["复评"] == datetime.date(2029, 12, 18)
    assert days["年度报告"] == datetime.date(2027, 2, 1)  # 31 January is a Sunday
    assert all(line.clause for line in duties.values())
    page = answer.content.decode()
    assert "系统默认，待主管部门确认" in page
    assert "G-13" not in page  # the number of the question is for those who answer it
    assert "50 万元" in page or "50万元" in page
    assert f"/verify/{held.verify_code}/" in page


def test_proceedings_do_not_show_before_they_are_served(cast: Cast, home: Home) -> None:
    titles.in_proceedings(cast.base)
    page = home(cast.wang).content.decode()
    assert "撤销程序中" not in page


def test_it_shows_nothing_of_others(cast: Cast, home: Home) -> None:
    dossiers.submitted(cast)
    answer = home(cast.other_operator)
    assert "筑梦" not in answer.content.decode()


def test_it_takes_few_queries_whatever_one_has(
    cast: Cast, sign_in: Callable[[Capacity], Client], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: calendar and rulings are kept for a while
    monkeypatch.setattr(views, "business_now", lambda: NOW)
    dossiers.submitted(cast)
    titles.certification(cast.base)
    client = sign_in(cast.wang)
    client.get("/my/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/my/")
    statements = [q["sql"] for q in seen.captured_queries if q["sql"].startswith("SELECT")]
    assert len(statements) <= 18, "\n".join(statements)


def test_what_passed_on_one_day_stands_in_the_order_it_was_issued(cast: Cast, home: Home) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    told = [event.title for event in home(cast.wang).context["events"] if event.at == dossiers.FILED]
    assert told.index("退回补正") < told.index("申报材料接收凭证")
