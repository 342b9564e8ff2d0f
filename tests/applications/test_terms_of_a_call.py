"""A value changed while a call is open: its pages keep the terms of its letter, and say what was decided since."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.letters.papers import correction
from applications.views.since import calls_naming, names
from portal.accounts.capacity import Capacity
from portal.desk.policies.actions import change_assumption, confirm_assumption
from portal.documents.letters import Block
from portal.errors import DomainError
from portal.policies.loader import forget_rulings, installed
from portal.policies.models import AssumptionRuling
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
PACK = "guizhou-2022"
NOTICE = "applications.procedures[0].notice_workdays"
CORRECTION = "applications.procedures[0].correction_workdays"
RULED = dossiers.OPENED + datetime.timedelta(days=2)
SINCE = "由“5”改为“7”"
SignIn = Callable[[Capacity], Client]


@pytest.fixture(autouse=True)
def _fresh_rulings() -> Iterator[None]:
    forget_rulings()
    yield
    forget_rulings()


def _seven(cast: Cast, on: datetime.date = RULED) -> None:
    pack = installed()[PACK]
    change_assumption(pack, NOTICE, "value = 7", reason="经研究延长", seen=None, by=cast.approver, on=on)
    forget_rulings()


def _told(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_pages_of_a_call_keep_the_terms_of_its_letter_and_say_what_was_changed_since(
    cast: Cast, client: Client, sign_in: SignIn, time_machine: Any
) -> None:
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(cast)
    before = _told(client, f"/520000/calls/{call.pk}/")
    assert "假定" in before
    assert "改为" not in before
    _seven(cast)
    public, home = (_told(client, path) for path in (f"/520000/calls/{call.pk}/", "/520000/"))
    desk = _told(sign_in(cast.province_caseworker), f"/desk/calls/{call.pk}/")
    own = _told(sign_in(cast.wang), f"/my/calls/{call.pk}/")
    for page in (public, home, desk, own):
        assert SINCE in page
        assert f"主管部门决定自 {RULED.isoformat()} 起" in page
    for page in (public, home):
        assert "公示</b>5 个工作日" in page
        assert "公示</b>7" not in page
    assert "公示期 5 个工作日" in desk


def test_a_word_taken_back_the_same_day_never_held_and_is_not_told(
    cast: Cast, client: Client, time_machine: Any
) -> None:
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(cast)
    _seven(cast)
    again = {"reason": "七个写错了", "by": cast.approver, "on": RULED}
    row = AssumptionRuling.objects.get()
    change_assumption(installed()[PACK], NOTICE, "value = 6", seen=row.pk, **again)
    forget_rulings()
    page = _told(client, f"/520000/calls/{call.pk}/")
    assert "由“5”改为“6”" in page
    assert "“7”" not in page


def test_by_when_a_notice_is_to_be_published_is_named_by_no_call(cast: Cast) -> None:
    steps = installed()[PACK].tables["applications"]["procedures"][0]["steps"]
    number = next(place for place, step in enumerate(steps) if step["step"] == "public_notice")
    assert not names(installed()[PACK], f"applications.procedures[0].steps[{number}].workdays", "provincial")
    assert names(installed()[PACK], "applications.procedures[0].steps[0].workdays", "provincial")


def test_a_decision_taken_before_a_call_was_published_is_no_change_of_its_terms(cast: Cast, client: Client) -> None:
    _seven(cast, dossiers.OPENED - datetime.timedelta(days=3))
    call = dossiers.open_call(cast)
    page = _told(client, f"/520000/calls/{call.pk}/")
    assert "公示</b>7 个工作日" in page
    assert "改为" not in page


def test_a_value_that_the_bureau_fixed_is_cited_with_its_decision_beside_the_clause(cast: Cast, client: Client) -> None:
    _seven(cast, dossiers.OPENED - datetime.timedelta(days=3))
    confirm_assumption(
        installed()[PACK], CORRECTION, reason="经研究确认", seen=None, by=cast.approver, on=dossiers.OPENED
    )
    forget_rulings()
    call = dossiers.open_call(cast)
    page = _told(client, f"/520000/calls/{call.pk}/")
    assert "（主管部门变更，2026-02-27）" in page
    application = dossiers.submitted(cast, call)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "请核对场地面积与合同附图。"}]
    request = dossiers.actions.return_for_correction(
        application, items=items, by=cast.county_caseworker, on=dossiers.FILED
    )
    says = "".join(block.text for block in correction(request).body if isinstance(block, Block))
    assert "和主管部门2026年3月2日的决定，请于" in says


def test_who_confirms_or_changes_a_value_sees_the_open_calls_that_name_it(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    call = dossiers.open_call(cast)
    client = sign_in(cast.approver)
    page = _told(client, reverse("policies:value", args=[PACK, NOTICE]))
    assert "涉及 1 个已发布、还没有截止的批次" in page
    assert call.name in page
    assert "仍按首次提交那天的取值办理" in page
    other = _told(client, reverse("policies:value", args=[PACK, "assessments.cycle.rectification_days"]))
    assert call.name not in other


def test_what_a_call_published_today_names_is_ruled_on_from_tomorrow(
    cast: Cast, client: Client, sign_in: SignIn, time_machine: Any
) -> None:
    time_machine.move_to(dossiers.moment(dossiers.OPENED))
    call = dossiers.open_call(cast)
    address = reverse("policies:value", args=[PACK, NOTICE])
    said = {"outcome": "changed", "content": "7", "reason": "经研究延长", "seen": ""}
    answer = sign_in(cast.approver).post(address, said)
    assert answer.status_code == 422
    told = f"“{call.name}”今天发布，通知写明了这一项，今天不能再作决定。请从 2026-03-03 起办理。"
    assert told in answer.content.decode()
    assert "公示</b>5 个工作日" in _told(client, f"/520000/calls/{call.pk}/")
    with pytest.raises(DomainError, match="今天发布"):
        confirm_assumption(
            installed()[PACK], NOTICE, reason="经研究确认", seen=None, by=cast.approver, on=dossiers.OPENED
        )
    _seven(cast, dossiers.OPENED + datetime.timedelta(days=1))
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    assert SINCE in _told(client, f"/520000/calls/{call.pk}/")


def test_a_call_that_is_over_or_of_another_title_is_not_listed(cast: Cast) -> None:
    call, pack = dossiers.open_call(cast), installed()[PACK]
    assert calls_naming(pack, NOTICE, dossiers.moment(dossiers.FILED)) == [call]
    assert calls_naming(pack, "applications.procedures[1].notice_workdays", dossiers.moment(dossiers.FILED)) == []
    assert calls_naming(pack, NOTICE, call.closes_at) == []


def test_an_end_that_is_assumed_is_said_to_be_assumed(client: Client) -> None:
    call = dossiers.open_call(cast_at("150602"), "park")
    assert "已于 2025-12-31 期满（期满日为假定，待主管部门确认）" in _told(client, f"/150600/calls/{call.pk}/")
