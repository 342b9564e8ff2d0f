"""What an operator learns of its case while others act on it: objections and visits, never who or what inside."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Objection
from portal.accounts.capacity import VISITOR, Capacity
from portal.notifications.models import Notification
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def objection(cast: Cast) -> Objection:
    application, notice = dossiers.publicised(cast)
    said = {"name": "张某", "contact": "13800000000", "reason": "该基地孵化面积与公示不符。"}
    return actions.receive_objection(notice, application=application, by=VISITOR, on=notice.published_on, **said)


def test_an_operator_is_told_of_an_objection_and_not_of_who_made_it(cast: Cast, objection: Objection) -> None:
    told = Notification.objects.get(kind="objection.about_you")
    assert told.recipient_id == cast.wang.user_id
    assert not told.urgent
    assert "张某" not in told.subject + told.body


@pytest.mark.parametrize(("founded", "outcome"), [(False, "异议不成立"), (True, "异议成立")])
def test_an_operator_is_told_what_came_of_an_objection(
    cast: Cast, objection: Objection, founded: bool, outcome: str
) -> None:
    on = objection.received_on + datetime.timedelta(days=1)
    answer = "已到现场核实，写明如下。"
    actions.answer_objection(objection, founded=founded, answer=answer, by=cast.province_caseworker, on=on)
    told = Notification.objects.get(kind="objection.about_you_answered")
    assert told.recipient_id == cast.wang.user_id
    assert outcome in told.body
    assert answer not in told.body


def test_an_operator_sees_that_it_was_visited_and_when_and_nothing_of_the_record(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    dossiers.visit(application, cast, conclusion="against", record_text="面积少了三百平方米。")
    shown = sign_in(cast.wang).get(reverse("applications:overview", args=[application.pk])).content.decode()
    assert f"{dossiers.FILED} 已到现场考察，记录已登记" in shown
    assert "面积少了三百平方米" not in shown
    assert "不同意" not in shown
