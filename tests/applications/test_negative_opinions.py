"""A negative opinion ends nothing (decision 0007): who gives it, and who decides after it, are told so."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
NOW = "审批岗现在就可以“不予认定”，不必等实地考察或公示"


def _case(client: Client, application: Application) -> str:
    return client.get(reverse("applications:case", args=[application.pk])).content.decode()


def _against_everywhere(cast: Cast) -> Application:
    application = dossiers.submitted(cast)
    for by, text in ((cast.county_caseworker, "面积不实。"), (cast.city_caseworker, "同县里意见。")):
        actions.give_opinion(application, verdict="against", text=text, by=by, on=dossiers.FILED)
    return dossiers.fresh(application)


@pytest.mark.slow
def test_the_officer_reads_before_the_click_that_a_negative_opinion_goes_on(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    shown = _case(sign_in(cast.county_caseworker), application)
    assert f"选“不同意”也会报下一环节：是否认定由{cast.province.name}决定" in shown


@pytest.mark.slow
def test_after_a_negative_opinion_the_officer_reads_what_happens(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client = sign_in(cast.county_caseworker)
    said = {"verdict": "against", "text": "面积不实。", "seen": application.revision}
    answer = client.post(reverse("applications:opinion", args=[application.pk]), said, follow=True)
    assert "申报没有就此终止，带着这条意见报下一环节" in answer.content.decode()


def test_the_bureau_that_decides_sees_on_top_who_was_against_and_that_it_may_refuse_now(
    cast: Cast, sign_in: SignIn
) -> None:
    application = _against_everywhere(cast)
    shown = _case(sign_in(cast.province_caseworker), application)
    top = shown.partition('id="conditions"')[0]
    assert top.count("的意见是“不同意”：") == 2
    assert NOW in top


@pytest.mark.slow
def test_of_a_case_everybody_was_for_nothing_of_it_is_said(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    shown = _case(sign_in(cast.province_caseworker), application)
    assert "的意见是“不同意”：" not in shown
    assert NOW not in shown
