"""The demo's date control names what falls on a day at the place whose page is open, and nothing of other places."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from time_machine import travel

from applications.models import Application
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


def _moved_on(client: Client, page: str, case: Application) -> str:
    """Return what is said when somebody moves the date on from a page, to the day on which the case is due."""
    assert case.due_on is not None
    eve = dossiers.moment(case.due_on - datetime.timedelta(days=1))
    with travel(eve), override_settings(DEMO=True):
        client.post(reverse("rehearsal:next_day"), {"next": page})
        return str(next(iter(client.get("/", follow=True).context["messages"])))


@pytest.mark.parametrize(
    ("page", "named"), [("/520000/", True), ("/520100/calls/", True), ("/650000/", False), ("/help/", False)]
)
def test_what_falls_on_a_day_is_named_at_its_own_place_alone(
    page: str, named: bool, cast: Cast, client: Client
) -> None:
    application = dossiers.submitted(cast)
    assert (application.base.name in _moved_on(client, page, application)) is named


@pytest.mark.parametrize(("county", "named"), [("520103", True), ("650102", False)])
def test_an_officer_is_told_on_the_desk_of_the_own_territory(
    county: str, named: bool, cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.submitted(cast)
    officer = (cast if county == cast.county.code else cast_at(county)).county_caseworker
    assert (application.base.name in _moved_on(sign_in(officer), "/desk/", application)) is named
