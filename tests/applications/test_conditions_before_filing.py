"""Before handing in, the operator reads how its answers stand against the conditions, as the officer will."""

import datetime
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications import actions, dossier
from applications.models import Application
from applications.views.conditions import Condition, conditions_of
from portal.accounts.capacity import Capacity
from portal.errors import DomainError
from tests.factories import dossiers, titles
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
POWER_ALONE = {"premises": {"facilities": ["power"], "services": ["legal"]}, "team": {"rule_documents": ["operation"]}}


@pytest.fixture
def lhasa(db: None) -> Cast:
    """The people of the stories in Tibet, whose policy demands facilities and rules of a centre."""
    return cast_at("540102")


def _draft(cast: Cast, title: str, **changes: dict[str, object]) -> Application:
    call = dossiers.open_call(cast, title)
    application = actions.start_application(call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))
    dossiers.fill(application, cast.wang, **changes)
    return application


def _student_park(**tenants: str) -> tuple[Cast, Application]:
    cast = cast_at("150602")
    titles.certification(cast.base, title="park", policy="ordos-2022", category_name="创业园孵化基地", period_ends=None)
    return cast, _draft(cast, "student_park", tenants=tenants)


def _check(sign_in: SignIn, cast: Cast, application: Application) -> HttpResponse:
    return sign_in(cast.wang).get(reverse("applications:check", args=[application.pk]))


def _notice(page: HttpResponse) -> str:
    """Return what the page says of the conditions before it lists them all."""
    return page.content.decode().partition('id="conditions"')[2].partition("<table")[0]


def test_what_a_policy_demands_and_the_answers_lack_is_told_before_filing(lhasa: Cast, sign_in: SignIn) -> None:
    page = _check(sign_in, lhasa, _draft(lhasa, "centre_region", **POWER_ALONE))
    told = _notice(page)
    assert "照现在所填，有 2 项不符合：" in told
    assert "<b>配套设施和办公场所</b>：缺：供水、消防" in told
    assert "<b>规章制度、服务标准和人员名单</b>：缺：创新创业辅导制度" in told
    assert f"仍然可以提交，是否认定由{lhasa.province.name}决定。" in told
    assert [line.met for line in page.context["conditions"]] == [False, False, True, True, True]


def test_an_unmet_condition_refuses_no_filing_and_the_officer_reads_the_same(lhasa: Cast, sign_in: SignIn) -> None:
    application = _draft(lhasa, "centre_region", **POWER_ALONE)
    ahead: list[Condition] = _check(sign_in, lhasa, application).context["conditions"]
    submission = actions.submit_application(
        application, by=lhasa.wang, at=dossiers.moment(dossiers.FILED), declared=True
    )
    found = conditions_of(dossiers.fresh(application), submission, live=False)
    assert sorted(found, key=lambda line: line.met) == ahead
    page = sign_in(lhasa.county_caseworker).get(reverse("applications:case", args=[application.pk]))
    assert page.context["conditions"] == found


def test_a_list_on_which_nothing_was_ticked_lacks_everything_it_should_hold(lhasa: Cast, sign_in: SignIn) -> None:
    application = _draft(lhasa, "centre_region", **(POWER_ALONE | {"team": {"rule_documents": []}}))
    assert "<b>规章制度、服务标准和人员名单</b>：缺：运行机制、创新创业辅导制度" in _notice(
        _check(sign_in, lhasa, application)
    )


def test_where_every_condition_is_met_the_table_stands_without_a_notice(cast: Cast, sign_in: SignIn) -> None:
    page = _check(sign_in, cast, dossiers.draft(cast))
    assert 'class="notice"' not in _notice(page)
    assert [line.name for line in page.context["conditions"]] == ["暂停申报", "已有称号", "前置认定"]


def test_what_refuses_a_first_filing_is_not_called_a_matter_for_the_bureau(sign_in: SignIn) -> None:
    cast, application = _student_park(tenants="50", student_founded="10", key_group_founded="10")
    told = _notice(_check(sign_in, cast, application))
    assert "有 1 项不符合，符合以前不能提交：" in told
    assert "<b>高校毕业生和在校生创办的在孵企业占比</b>：20%" in told
    assert "仍然可以提交" not in told


def test_a_share_that_cannot_be_told_for_want_of_tenants_refuses_before_the_filing_as_in_it(sign_in: SignIn) -> None:
    cast, application = _student_park(tenants="0", student_founded="0", key_group_founded="0", jobs="0")
    told = _notice(_check(sign_in, cast, application))
    assert "有 1 项不符合，符合以前不能提交：" in told
    assert "<b>高校毕业生和在校生创办的在孵企业占比</b>：还算不出来：户数没有填全，或者在孵实体填的是 0 户" in told
    with pytest.raises(DomainError, match="还算不出来"):
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)


def test_a_share_of_figures_that_nobody_has_filled_in_yet_is_not_called_unmet(sign_in: SignIn) -> None:
    cast, application = _student_park()
    application.answers.filter(section="tenants").delete()
    assert "项不符合" not in _notice(_check(sign_in, cast, application))


def test_what_refuses_a_first_filing_closes_the_button_and_asks_for_no_last_look(sign_in: SignIn) -> None:
    cast, application = _student_park(tenants="50", student_founded="10", key_group_founded="10")
    page = _check(sign_in, cast, application).content.decode()
    assert 'aria-disabled="true" disabled>提交申报</button>' in page
    assert "还不能提交：有 1 项不符合" in page
    assert "请再看一遍" not in page
    typed, at = dossiers.complete_answers()["tenants"], dossiers.moment(dossiers.FILED)
    actions.save_section(application, section="tenants", typed=typed, by=cast.wang, at=at)
    page = _check(sign_in, cast, application).content.decode()
    assert '<button class="btn primary big">提交申报</button>' in page
    assert "请再看一遍" in page


def test_only_a_title_with_conditions_on_the_answers_announces_them(cast: Cast, lhasa: Cast, sign_in: SignIn) -> None:
    announced = "要照所填内容核对的条件，相关内容填全后列在这里。"
    for who, title, expected in ((cast, "provincial", False), (lhasa, "centre_region", True)):
        application = _draft(who, title) if expected else dossiers.draft(who)
        application.answers.filter(section="tenants").delete()
        assert (announced in _check(sign_in, who, application).content.decode()) is expected


def test_a_correction_is_held_against_the_conditions_as_it_is_written_now(lhasa: Cast, sign_in: SignIn) -> None:
    application = _draft(lhasa, "centre_region", **POWER_ALONE)
    at = dossiers.moment(dossiers.FILED)
    actions.submit_application(application, by=lhasa.wang, at=at, declared=True)
    asked = [{"place": "premises.facilities", "kind": "incorrect", "note": "请照现场勾选。"}]
    actions.return_for_correction(application, items=asked, by=lhasa.county_caseworker, on=dossiers.FILED)
    told = _notice(_check(sign_in, lhasa, application))
    assert "配套设施和办公场所" in told
    assert f"没有列出的不用改，仍然可以重新提交，是否认定由{lhasa.province.name}决定。" in told
    assert "提交申报</button>" not in _check(sign_in, lhasa, application).content.decode()
    everything = {"services": ["legal"], "facilities": [code for code, _name in dossier.FACILITIES]}
    typed = dossiers.complete_answers(premises=everything)["premises"]
    later = dossiers.moment(dossiers.FILED + datetime.timedelta(days=1))
    actions.save_section(application, section="premises", typed=typed, by=lhasa.wang, at=later)
    told = _notice(_check(sign_in, lhasa, application))
    assert "照现在所填，有 1 项不符合：" in told
    assert "配套设施和办公场所" not in told
