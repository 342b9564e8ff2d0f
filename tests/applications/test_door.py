"""The door of a call: what it says to a base that may not apply, under which clause, by the law of which day."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from applications.actions.door import door
from applications.models import Application
from applications.views.conditions import Condition, conditions_of
from bases.models import Ban
from portal.accounts.capacity import Capacity
from portal.jurisdictions.models import AgencyProfile
from portal.policies.schema import Value
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import place

pytestmark = pytest.mark.django_db
BEFORE_THE_RULE = datetime.date(2024, 3, 25)  # D-01 asks for the city's title from 2024-03-26 on
AFTER = datetime.date(2024, 5, 6)


def test_a_missing_title_is_named_with_the_bureau_that_grants_it_and_its_phone(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    said = door(call, cast.base, on=dossiers.FILED).obstacles[0].says
    assert "请先由贵阳市人力资源和社会保障主管部门认定" in said
    assert "该机关还没有公布联系电话" in said
    AgencyProfile.objects.create(
        jurisdiction=place("520100"), name="贵阳市人社局（演示）", short_name="市人社局", phone="0851-00000001"
    )
    said = door(call, cast.base, on=dossiers.FILED).obstacles[0].says
    assert "“市级创业孵化基地”称号，请先由贵阳市人社局（演示）认定" in said
    assert "联系电话：0851-00000001。" in said


def test_a_case_filed_before_a_title_was_required_is_decided_without_it(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    judged = {"answers": dossiers.complete_answers(), "on": AFTER}
    assert [each.reason for each in door(call, cast.base, **judged).obstacles] == ["requires_title"]
    assert door(call, cast.base, **judged, filed=BEFORE_THE_RULE).allowed


def test_a_case_filed_once_a_title_was_required_is_not_decided_without_it(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    since = BEFORE_THE_RULE + datetime.timedelta(days=1)
    judged = {"answers": dossiers.complete_answers(), "on": AFTER}
    assert [each.reason for each in door(call, cast.base, **judged, filed=since).obstacles] == ["requires_title"]


def test_a_title_is_asked_for_on_the_page_only_of_cases_filed_since_it_was_required(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    assert "前置认定" in [line.name for line in _lines(application)]
    application.first_submitted_on = BEFORE_THE_RULE
    assert "前置认定" not in [line.name for line in _lines(application)]


def test_every_line_of_the_conditions_names_its_clause(cast: Cast) -> None:
    clauses = {line.name: line.clause for line in _lines(dossiers.submitted(cast))}
    held = clauses.pop("已有称号")
    assert isinstance(held, Value)
    assert (held.clause, held.assumed) == ("GZ-34", True)
    needed = clauses["前置认定"]
    assert isinstance(needed, Value)
    assert (clauses["暂停申报"], needed.clause, needed.assumed) == ("GZ-30", "D-01", True)


def _lines(application: Application) -> list[Condition]:
    return conditions_of(application, application.submissions.get(), live=False)


def test_a_day_from_which_one_may_apply_is_promised_only_where_one_is_given(
    cast: Cast, sign_in: Callable[[Capacity], Client], time_machine: Any
) -> None:
    call = dossiers.open_call(cast)
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    client, page = sign_in(cast.wang), f"/my/calls/{call.pk}/"
    shut = client.get(page).content.decode()
    assert "不能报的，原因和依据写在下面。" in shut
    assert "能报的日期" not in shut
    dossiers.city_title(cast)
    Ban.objects.create(
        base=cast.base,
        jurisdiction=cast.base.jurisdiction,
        operator_uscc=cast.operator.uscc,
        title="provincial",
        policy="guizhou-2022",
        clause="GZ-30",
        ground="complaints",
        starts_on=dossiers.OPENED,
        ends_on=dossiers.FILED + datetime.timedelta(days=60),
    )
    shut = client.get(page).content.decode()
    assert "不能报的，原因、依据和能报的日期写在下面。" in shut
    assert "起可以申报。" in shut
