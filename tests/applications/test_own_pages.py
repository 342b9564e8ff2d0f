"""The operator's own pages of calls and cases: what is open to it, and what can no longer be done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from applications import actions
from portal.accounts.capacity import Capacity
from portal.notifications.models import Notification
from tests.factories import dossiers, titles
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


def test_a_case_that_ended_is_not_offered_to_be_withdrawn(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    page = sign_in(cast.wang).get(f"/my/applications/{application.pk}/withdraw/").content.decode()
    assert "现在是“已撤回”" in page
    assert f'href="/my/applications/{application.pk}/"' in page
    assert 'name="reason"' not in page


def test_who_holds_the_title_reads_that_alone_and_nothing_of_proceedings(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    call = dossiers.open_call(cast)
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    titles.certification(cast.base)
    for address in (f"/my/calls/{call.pk}/", "/my/applications/"):
        page = sign_in(cast.wang).get(address).content.decode()
        assert "已有“省级创业孵化示范基地”称号，不用再次申报" in page
        assert "撤销程序" not in page


def test_a_call_in_the_list_says_that_a_case_under_it_runs(cast: Cast, sign_in: SignIn, time_machine: Any) -> None:
    dossiers.submitted(cast)
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    page = sign_in(cast.wang).get("/my/applications/").content.decode()
    assert "已有一件同一称号的申报（待推荐）" in page


def test_where_the_way_is_free_the_list_of_calls_says_nothing_more(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    dossiers.open_call(cast)
    dossiers.city_title(cast)
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    answer = sign_in(cast.wang).get("/my/applications/")
    assert [why for _call, why, _places in answer.context["calls"]] == [""]


def test_a_message_says_that_the_last_day_counts(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    told = Notification.objects.get(kind="application.submitted", recipient=cast.wang.user_id)
    assert f"{dossiers.fresh(application).due_on} 前（含当日）办结" in told.body
