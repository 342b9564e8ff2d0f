"""The bar of steps: what was done stays done however the case ends, and a negative word is shown as one."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.moving import days_left, procedure_of
from applications.models import Application
from applications.views import for_public
from applications.views.progress import next_steps, steps_of
from portal.accounts.capacity import Capacity
from portal.deadlines.calendar import calendar_for
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
DECIDED = datetime.date(2026, 3, 18)


def _states(application: Application) -> list[str]:
    return [step.state for step in steps_of(dossiers.fresh(application))]


def _withdraw(application: Application, cast: Cast) -> None:
    actions.withdraw_application(application, reason="场地要搬迁。", by=cast.wang, on=dossiers.FILED)


@pytest.mark.slow
def test_a_refusal_ends_the_bar_at_the_step_that_was_reached(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    actions.refuse_application(application, reason="孵化面积不足申报面积的一半。", by=cast.approver, on=DECIDED)
    assert _states(application) == [*["done"] * 6, "stop"]


@pytest.mark.slow
def test_a_refusal_before_the_visit_leaves_the_later_steps_undone(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    actions.refuse_application(application, reason="孵化面积不足申报面积的一半。", by=cast.approver, on=DECIDED)
    assert _states(application) == ["done", "done", "done", "stop", "next", "next", "next"]


def test_a_withdrawal_ends_the_bar_at_the_step_that_was_reached(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    _withdraw(application, cast)
    assert _states(application) == ["done", "done", "done", "stop", "next", "next", "next"]


def test_a_withdrawal_during_a_correction_ends_at_the_step_that_asked(cast: Cast) -> None:
    application = dossiers.recommended(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.city_caseworker, on=dossiers.FILED)
    _withdraw(dossiers.fresh(application), cast)
    assert _states(application) == ["done", "done", "stop", *["next"] * 4]


def test_a_draft_given_up_ends_at_the_filing(cast: Cast) -> None:
    application = dossiers.draft(cast)
    _withdraw(application, cast)
    first = steps_of(dossiers.fresh(application))[0]
    assert (first.state, first.note) == ("stop", "已撤回")


@pytest.mark.slow
def test_a_negative_opinion_is_shown_as_one_to_everybody(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    on = dossiers.FILED
    actions.give_opinion(application, verdict="against", text="面积不实。", by=cast.county_caseworker, on=on)
    for client, page in ((sign_in(cast.wang), "overview"), (sign_in(cast.city_caseworker), "case")):
        shown = client.get(reverse(f"applications:{page}", args=[application.pk])).content.decode()
        bar = shown.partition('class="flow"')[2].partition("</ol>")[0]
        assert bar.count('data-state="against"') == 1
        assert bar.count("</b>不同意") == 1


@pytest.mark.slow
def test_what_a_visit_came_to_is_for_officers(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    dossiers.visit(application, cast, conclusion="against")
    seen = {}
    for client, page in ((sign_in(cast.wang), "overview"), (sign_in(cast.province_caseworker), "case")):
        shown = client.get(reverse(f"applications:{page}", args=[application.pk])).content.decode()
        seen[page] = 'data-state="against"' in shown
    assert seen == {"overview": False, "case": True}


def test_the_steps_are_counted_as_the_call_and_the_policy_count_them(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    called = for_public.steps_of(procedure_of(application), None)
    bar = steps_of(application)
    assert [step.label for step in bar if step.counted] == [step.label for step in called]
    shown = sign_in(cast.wang).get(reverse("applications:overview", args=[application.pk])).content.decode()
    flow = shown.partition('class="flow"')[2].partition("</ol>")[0]
    assert flow.count('class="before"') == 1
    assert flow.index('class="before"') < flow.index("申报</b>") < flow.index("推荐</b>")


def _returned(cast: Cast, on: datetime.date) -> Application:
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=on)
    return dossiers.fresh(application)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (datetime.date(2026, 3, 12), "从剩下的天数接着办，还有 17 个工作日"),
        (datetime.date(2026, 4, 30), "办理天数已经用完"),
    ],
)
def test_after_a_correction_the_step_that_asked_goes_on_with_the_days_it_has_left(
    cast: Cast, asked: datetime.date, told: str
) -> None:
    application = _returned(cast, asked)
    _correct, resumed, following, *_rest = next_steps(application)
    assert told in resumed.text
    assert "到达后" not in resumed.text
    assert "到达后 20 个工作日内" in following.text


def test_the_days_told_are_those_the_clock_then_gives(cast: Cast) -> None:
    application = _returned(cast, datetime.date(2026, 3, 12))
    left = days_left(application)
    back = datetime.date(2026, 3, 23)
    replies = {"premises.incubation_area": "与附图核对无误。"}
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(back), declared=True, replies=replies)
    due_on = dossiers.fresh(application).due_on
    assert due_on is not None
    assert calendar_for(cast.county).workdays_between(back, due_on) == left


@pytest.mark.slow
def test_a_correction_that_is_late_is_said_to_be_taken_until_the_bureau_goes_on(cast: Cast, time_machine: Any) -> None:
    items = [{"place": "unit.summary", "kind": "incomplete", "note": "请补写近三年的服务成效。"}]
    asked = dossiers.submitted(cast)
    actions.return_for_correction(asked, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    application = dossiers.fresh(asked)
    assert application.due_on is not None
    time_machine.move_to(dossiers.moment(application.due_on))
    assert "前（含当日），只改清单列出的内容" in next_steps(application)[0].text
    time_machine.move_to(dossiers.moment(application.due_on + datetime.timedelta(days=1)))
    late = f"补正期限 {application.due_on} 已过。办理机关按现有材料继续办理之前，重新提交仍然收下"
    assert late in next_steps(application)[0].text


def test_before_the_notice_the_days_for_putting_it_out_stand_before_those_it_is_public(cast: Cast) -> None:
    application = dossiers.reviewed(cast)
    out, public, *_rest = next_steps(application)
    assert out.title == "发布公示"
    assert f"{application.due_on} 前（含当日）办结" in out.text
    assert (public.title, "公示 5 个工作日" in public.text) == ("公示", True)
