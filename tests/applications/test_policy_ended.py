"""A policy whose period is over governs what was granted under it; nothing new arises from it unsaid (0152)."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from applications import actions
from applications.letters.sources import basis_of_continuation, continued
from applications.models import Call
from applications.rules import ApplicationPolicy
from portal.accounts.capacity import Capacity
from portal.errors import InvalidInput
from portal.policies.packs import all_packs
from tests.factories import dossiers
from tests.factories.cast import cast_at

pytestmark = pytest.mark.django_db
ENDED = "已于 2025-12-31 期满"
WITHIN = datetime.date(2025, 12, 1)


def test_a_call_under_a_policy_that_ended_says_by_what_it_still_applies() -> None:
    ordos = cast_at("150602")
    with pytest.raises(InvalidInput) as refusal:
        dossiers.draft_call(ordos, _title(), reason=" ")
    assert ENDED in refusal.value.problems["reason"]
    assert not Call.objects.exists()
    assert dossiers.open_call(ordos, _title(), reason="依据市人社局继续执行的通知").reason


def test_pages_of_a_place_say_that_its_policy_ended(client: Client, sign_in: Callable[[Capacity], Client]) -> None:
    ordos = cast_at("150602")
    call = dossiers.open_call(ordos, _title())
    assert ENDED in client.get("/150600/").content.decode()
    assert ENDED in client.get(f"/150600/calls/{call.pk}/").content.decode()
    assert ENDED in sign_in(ordos.city_caseworker).get("/desk/calls/new/").content.decode()
    assert "期满" not in client.get("/520000/").content.decode()


def test_the_first_page_of_a_place_whose_policy_ended_leads_to_a_call_by_the_basis_it_names(
    client: Client, time_machine: Any
) -> None:
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(cast_at("150602"), _title(), reason="《关于继续执行的通知》（演示文件）。")
    panel = client.get("/150600/").content.decode().partition('aria-labelledby="open"')[2].partition("</aside>")[0]
    assert "继续适用的依据" in panel
    assert "《关于继续执行的通知》（演示文件）。" in panel
    assert f'href="/my/calls/{call.pk}/?at=150600"' in panel


def test_a_call_published_before_its_policy_ended_stays_open_on_every_page_and_names_no_basis(
    client: Client, sign_in: Callable[[Capacity], Client], time_machine: Any
) -> None:
    ordos = cast_at("150602")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(ordos, _title())
    Call.objects.filter(pk=call.pk).update(published_on=WITHIN, reason="上半年名额没有用完。")
    home, page = (client.get(path).content.decode() for path in ("/150600/", f"/150600/calls/{call.pk}/"))
    for shown in (home, page):
        assert f'href="/my/calls/{call.pk}/?at=150600"' in shown
        assert "施行期限内发布的批次，在申报期内仍可申报" in shown
        assert "<dt>继续适用的依据</dt>" not in shown
    call.refresh_from_db()
    assert actions.start_application(call, base=ordos.base, by=ordos.wang, at=dossiers.moment(dossiers.FILED)).pk


def test_more_time_for_a_call_is_not_the_basis_by_which_an_ended_policy_goes_on(
    client: Client, time_machine: Any
) -> None:
    ordos = cast_at("150602")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(ordos, _title(), reason="《关于继续执行的通知》（演示文件）。")
    for days, reason in ((10, "多地反映材料准备不及。"), (20, "系统维护。")):
        closes = dossiers.moment(dossiers.OPENED + datetime.timedelta(days=30 + days), 18)
        by, at = dossiers.publisher(ordos, "city")[1], dossiers.moment(dossiers.FILED)
        call = actions.extend_call(call, closes_at=closes, reason=reason, by=by, at=at)
    pack = all_packs()["ordos-2022"]
    assert basis_of_continuation(call, pack) == "《关于继续执行的通知》（演示文件）。"
    assert continued(call, pack, dossiers.FILED).endswith("继续适用的依据：《关于继续执行的通知》（演示文件）。")
    home, page = (client.get(path).content.decode() for path in ("/150600/", f"/150600/calls/{call.pk}/"))
    assert "<dt>继续适用的依据</dt><dd>《关于继续执行的通知》（演示文件）。</dd>" in home
    assert "<b>继续适用的依据：</b>《关于继续执行的通知》（演示文件）。" in page
    assert "延期原因：系统维护。" in page


def test_the_reason_for_more_time_of_a_call_published_before_its_policy_ended_is_no_basis(
    client: Client, time_machine: Any
) -> None:
    ordos = cast_at("150602")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(ordos, _title())
    Call.objects.filter(pk=call.pk).update(published_on=WITHIN, reason="")
    closes = dossiers.moment(dossiers.OPENED + datetime.timedelta(days=40), 18)
    by, at = dossiers.publisher(ordos, "city")[1], dossiers.moment(dossiers.FILED)
    call = actions.extend_call(call, closes_at=closes, reason="系统维护。", by=by, at=at)
    assert basis_of_continuation(call, all_packs()["ordos-2022"]) == ""
    shown = client.get("/150600/").content.decode()
    assert f'href="/my/calls/{call.pk}/?at=150600"' in shown
    assert "<dt>继续适用的依据</dt>" not in shown


def test_the_first_page_counts_every_place_where_one_may_register(client: Client) -> None:
    rows = client.get("/").context["rows"]
    assert {row["place"] for row in rows} == set(client.get("/register/").context["places"])
    assert {row["place"].code for row in rows if not row["applies"]} == {"150600"}


def _title() -> str:
    return all_packs()["ordos-2022"].section(ApplicationPolicy).procedures[0].title
