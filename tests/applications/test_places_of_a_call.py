"""How many places a call has and how many are left is said wherever it invites: nobody applies for a place unawares."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from applications import actions
from applications.models import Call
from applications.views import for_public
from applications.views.for_operators import cases
from applications.views.places import places_in
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
WHILE_OPEN = dossiers.moment(datetime.date(2026, 3, 20), 10)
STILL_OPEN = "申报期内仍可以提交；公示名单不能超过名额，没有名额就不能列入公示，也就不能认定。"


@pytest.fixture
def pages(cast: Cast, client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Callable[[Call], list[str]]:
    """Return what the site and an operator's own pages say of a call while its window is open."""
    for module in (for_public, cases):
        monkeypatch.setattr(module, "business_now", lambda: WHILE_OPEN)

    def read(call: Call) -> list[str]:
        stranger, own = client, sign_in(cast.wang)
        public = [stranger.get(at) for at in (f"/520000/calls/{call.pk}/", "/520000/")]
        return [page.content.decode() for page in (*public, own.get(f"/my/calls/{call.pk}/"))]

    return read


def _with(call: Call, quota: int) -> Call:
    Call.objects.filter(pk=call.pk).update(quota=quota)
    call.refresh_from_db()
    return call


def test_a_call_whose_places_are_used_up_says_so_wherever_it_invites(
    cast: Cast, pages: Callable[[Call], list[str]], sign_in: SignIn
) -> None:
    call = _with(dossiers.approved(cast).call, 1)
    for page in pages(call):
        assert "共 1 家，已认定 1 家，已用完" in page
        assert STILL_OPEN in page
    assert "共 1 家，已认定 1 家，已用完" in sign_in(cast.wang).get("/my/applications/").content.decode()


def test_a_call_with_places_left_says_how_many_and_warns_of_nothing(
    cast: Cast, pages: Callable[[Call], list[str]]
) -> None:
    call = _with(dossiers.approved(cast).call, 5)
    for page in pages(call):
        assert "共 5 家，已认定 1 家，还有 4 家" in page
        assert STILL_OPEN not in page


def test_a_place_on_a_list_is_taken_until_the_case_is_refused_or_withdrawn(cast: Cast) -> None:
    application, _notice = dossiers.publicised(cast)
    call = _with(application.call, 1)
    listed = places_in(call)
    assert listed is not None
    assert listed.says == "共 1 家，已认定 0 家，已列入公示、还没有决定 1 家，已用完"
    assert "空出名额，才能再列入公示" in listed.means
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    freed = places_in(call)
    assert freed is not None
    assert (freed.says, freed.means) == ("共 1 家，已认定 0 家，还有 1 家", "")


def test_a_call_without_a_limit_speaks_of_no_places(cast: Cast, pages: Callable[[Call], list[str]]) -> None:
    call = dossiers.approved(cast).call
    assert places_in(call) is None
    assert not [page for page in pages(call) if "已认定 1 家" in page]
