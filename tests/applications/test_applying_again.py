"""Whoever applies again types nothing twice: the answers come along, the files do not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.filing import answers_of
from applications.models import Application
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.register import operator

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
LATER = dossiers.moment(dossiers.FILED, 11)


@pytest.fixture(autouse=True)
def _during_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("business_now", LATER), ("business_today", LATER.date())):
        monkeypatch.setattr(f"applications.views.for_operators.cases.{name}", lambda value=value: value)


@pytest.fixture
def withdrawn(cast: Cast) -> Application:
    application = dossiers.submitted(cast)
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    return dossiers.fresh(application)


def test_a_new_application_begins_with_what_the_last_one_said(
    cast: Cast, sign_in: SignIn, withdrawn: Application
) -> None:
    client, start = sign_in(cast.wang), reverse("applications:start", args=[withdrawn.call_id])
    assert "沿用上次填写的内容" in client.get(start).content.decode()
    client.post(start, {"base": cast.base.pk, "carry": "on"})
    again = Application.objects.latest("pk")
    assert again.pk != withdrawn.pk
    assert answers_of(again) == answers_of(withdrawn)
    assert all(again.answers.values_list("complete", flat=True))
    assert not again.attachments.exists()


def test_who_does_not_want_it_begins_empty(cast: Cast, sign_in: SignIn, withdrawn: Application) -> None:
    sign_in(cast.wang).post(reverse("applications:start", args=[withdrawn.call_id]), {"base": cast.base.pk})
    assert answers_of(Application.objects.latest("pk")) == {}


def test_where_nothing_was_typed_before_nothing_is_offered(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.open_call(cast)
    dossiers.city_title(cast)
    shown = sign_in(cast.wang).get(reverse("applications:start", args=[call.pk])).content.decode()
    assert "沿用上次填写的内容" not in shown


def test_what_another_operator_wrote_is_not_handed_on(cast: Cast, withdrawn: Application) -> None:
    Application.objects.filter(pk=withdrawn.pk).update(operator=operator())
    again = actions.start_application(withdrawn.call, base=cast.base, by=cast.wang, at=LATER, carry=True)
    assert answers_of(again) == {}


def test_a_withdrawn_application_leads_to_the_next_while_the_call_is_open(
    cast: Cast, sign_in: SignIn, withdrawn: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = sign_in(cast.wang), reverse("applications:overview", args=[withdrawn.pk])
    start = reverse("applications:start", args=[withdrawn.call_id])
    assert start in client.get(page).content.decode()
    after = dossiers.moment(withdrawn.call.closes_at.date(), 23)
    monkeypatch.setattr("applications.views.for_operators.cases.business_now", lambda: after)
    assert start not in client.get(page).content.decode()


def test_a_base_with_an_application_under_way_is_led_to_it_and_not_told_that_it_may_apply(
    cast: Cast, sign_in: SignIn
) -> None:
    running = dossiers.submitted(cast)
    second = dossiers.open_call(cast, reason="上半年名额没有用完。")
    page = sign_in(cast.wang).get(reverse("applications:start", args=[second.pk])).content.decode()
    assert "这家基地已有一件同一称号的申报" in page
    assert reverse("applications:overview", args=[running.pk]) in page
    assert "可以申报</span>" not in page
    assert "现在没有可以申报的基地" in page
