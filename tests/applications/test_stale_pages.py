"""Who comes second loses nothing: what was written is there to copy, and the way leads to the case."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, Call
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
ADVICE = "同意推荐，材料齐全，现场核对无误。"
LATEST = '<a href="{}" class="btn primary">看最新的件</a>'


def _opinion_too_late(cast: Cast, client: Client, by: Capacity) -> tuple[Application, str]:
    """Return the case and the page of an opinion that was sent after `by` had given theirs."""
    application = dossiers.recommended(cast)
    said = {"verdict": "for", "text": ADVICE, "seen": application.revision}
    actions.give_opinion(application, verdict="for", text="同意。", by=by, on=dossiers.FILED)
    late = client.post(reverse("applications:opinion", args=[application.pk]), said)
    assert late.status_code == 409
    return application, late.content.decode()


def test_an_opinion_that_came_too_late_is_shown_to_be_copied_and_the_way_leads_to_the_case(
    cast: Cast, sign_in: SignIn
) -> None:
    application, page = _opinion_too_late(cast, sign_in(cast.city_caseworker), cast.city_caseworker)
    assert f">{ADVICE}</textarea>" in page
    assert LATEST.format(reverse("applications:case", args=[application.pk])) in page


def test_who_was_first_in_another_window_is_told_that_it_was_they_themselves(cast: Cast, sign_in: SignIn) -> None:
    _application, page = _opinion_too_late(cast, sign_in(cast.city_caseworker), cast.city_caseworker)
    assert "这一件您自己已经先办了" in page
    assert "您自己于 2026-03-09 已办理这件申报" in page
    assert "有人先办" not in page


@pytest.mark.parametrize("page", ["opinion", "approve", "check_changes"])
def test_the_address_of_an_act_opened_by_itself_leads_to_the_case(cast: Cast, sign_in: SignIn, page: str) -> None:
    application = dossiers.for_approval(cast)
    officer = cast.approver if page == "approve" else cast.province_caseworker
    answer = sign_in(officer).get(reverse(f"applications:{page}", args=[application.pk]))
    assert answer["Location"] == reverse("applications:case", args=[application.pk])


@pytest.mark.parametrize("page", ["return_call", "extend_call", "withdraw_call"])
def test_the_address_of_an_act_on_a_call_opened_by_itself_leads_to_the_call(
    cast: Cast, sign_in: SignIn, page: str
) -> None:
    call: Call = dossiers.open_call(cast)
    answer = sign_in(cast.approver).get(reverse(f"applications:{page}", args=[call.pk]))
    assert answer["Location"] == reverse("applications:call", args=[call.pk])


def test_a_change_of_a_call_that_was_published_meanwhile_says_by_whom_and_is_shown_to_be_copied(
    cast: Cast, sign_in: SignIn
) -> None:
    call = dossiers.draft_call(cast)
    url, back = (reverse(f"applications:{name}", args=[call.pk]) for name in ("edit_call", "call"))
    client = sign_in(cast.province_caseworker)
    actions.publish_call(call, by=cast.approver, at=dossiers.moment(dossiers.OPENED, 9))
    late = client.post(
        url, {"name": "2026 年度省级示范基地补充申报", "year": "2026", "opens_at": "", "closes_at": "晚些"}
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert f"{cast.approver.label}于 2026-03-02 已发布这份申报通知，内容不能再改" in page
    assert ">2026 年度省级示范基地补充申报</textarea>" in page
    assert LATEST.format(back) in page
    assert "保存，等审批发布" not in page
    assert client.get(url)["Location"] == back


def test_a_preview_changes_text_size_and_comes_back_to_the_case(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.for_approval(cast)
    case = reverse("applications:case", args=[application.pk])
    said = {"approve-reason": "条件符合。", "approve-seen": application.revision, "act": "preview"}
    page = sign_in(cast.approver).post(
        reverse("applications:approve", args=[application.pk]), said, headers={"Referer": f"http://testserver{case}"}
    )
    assert f"next={quote(case, safe='')}" in page.content.decode()
