"""A call from its draft to everybody it concerns: where it lies, what it says of its days, and who is told."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Call
from portal.accounts.capacity import Capacity
from portal.errors import InvalidInput
from portal.notifications.models import Notification
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
REOPENED = {"reason": "上一批次报名不足，增开一批。"}


def _stage(client: Client, call: Call) -> set[str]:
    """Return which of the three words the list and the page of the call show."""
    words = ("起草中", "待审核", "已退回修改")
    pages = [reverse("applications:calls"), reverse("applications:call", args=[call.pk])]
    shown = [client.get(page).content.decode() for page in pages]
    return {word for word in words if all(f">{word}<" in page for page in shown)}


def test_a_draft_says_whether_it_waits_for_the_approver_or_was_sent_back(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.draft_call(cast)
    client = sign_in(cast.province_caseworker)
    assert _stage(client, call) == {"待审核"}
    actions.return_call(call, reason="截止时间太早。", by=cast.approver, on=dossiers.OPENED)
    assert _stage(client, call) == {"已退回修改"}
    actions.amend_call(
        call, by=cast.province_caseworker, at=dossiers.moment(dossiers.OPENED), name="改过的 2026 年度申报"
    )
    assert _stage(client, call) == {"待审核"}


def test_the_days_to_publish_a_notice_and_the_days_it_runs_are_told_apart(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.open_call(cast)
    shown = sign_in(cast.province_caseworker).get(reverse("applications:call", args=[call.pk])).content.decode()
    assert "10 个工作日内发布" in shown
    assert "公示期 5 个工作日" in shown


def test_a_call_that_is_over_already_is_not_saved(cast: Cast) -> None:
    """Nobody could apply under it: said when it is written, not when it is to be signed."""
    day = dossiers.OPENED - datetime.timedelta(days=1)
    window = {"opens_at": dossiers.moment(day, 9), "closes_at": dossiers.moment(day, 18)}
    with pytest.raises(InvalidInput) as refused:
        dossiers.draft_call(cast, **window)
    assert "2026-03-01 18:00 已经过去" in refused.value.problems["closes_at"]
    call = dossiers.draft_call(cast)
    with pytest.raises(InvalidInput):
        actions.amend_call(call, by=cast.province_caseworker, at=dossiers.moment(dossiers.OPENED), **window)


def test_the_first_page_of_a_place_names_every_open_call(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.views.for_public.business_now", lambda: dossiers.moment(dossiers.FILED))
    older = dossiers.open_call(cast)
    newer = dossiers.open_call(
        cast, name="2026 年度第二批省级申报", closes_at=dossiers.moment(datetime.date(2026, 5, 8), 18), **REOPENED
    )
    shown = client.get(reverse("public:home", args=[cast.province.code])).content.decode()
    panel = shown.partition('aria-labelledby="open"')[2].partition("</aside>")[0]
    for call in (older, newer):
        assert reverse("public:call", args=[cast.province.code, call.pk]) in panel


def test_a_published_call_is_told_to_those_who_may_answer_it_and_those_who_will_handle_it(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    told = {(row.recipient_id, row.url, row.urgent) for row in Notification.objects.filter(kind__startswith="call.")}
    assert told == {
        (cast.wang.user_id, f"/my/calls/{call.pk}/", False),
        (cast.county_caseworker.user_id, f"/desk/calls/{call.pk}/", False),
        (cast.city_caseworker.user_id, f"/desk/calls/{call.pk}/", False),
        (cast.neighbour.user_id, f"/desk/calls/{call.pk}/", False),
    }
