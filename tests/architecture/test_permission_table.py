"""URL × role × territory, generated: who may open what is read off the marks and GRANTS, then tried on every address.

Anonymous → sign-in. Wrong kind or missing permission → 403. A stranger → 404, word for word the page of a record that
does not exist. GET never writes (the database holds it read-only; a write would be an error here).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.accounts.capacity import SESSION_KEY, Capacity
from portal.accounts.roles import permissions_of
from portal.audit.models import AuditEvent
from portal.jurisdictions.models import Jurisdiction
from tests.architecture.addresses import Address, every_address
from tests.factories.cast import Cast, cast_at
from tests.factories.subjects import Subject, subject_for

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIVE = {"guizhou": "520103", "xinjiang": "650102", "tibet": "540102", "jiaxing": "330402", "ordos": "150602"}
# Addresses that end the session or hang on a step of signing in: tried in tests/portal/accounts/test_signing_in.py.
NOT_TRIED = {"account_logout", "account_reset_password_from_key", "set_language"}
OPEN_STATUSES = {200, 302, 405, 409, 422}


@dataclass
class World:
    """The cast of one place with a signed-in browser for everybody."""

    cast: Cast
    browsers: dict[str, Client] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)

    def browser(self, part: str, capacity: Capacity) -> Client:
        if part not in self.browsers:
            client = Client()
            client.force_login(get_user_model().objects.get(pk=capacity.user_id), backend=BACKEND)
            session = client.session
            session[SESSION_KEY] = capacity.key
            session.save()
            self.browsers[part] = client
        return self.browsers[part]

    def subject(self, address: Address, argument: str) -> Subject:
        key = f"{address.name}:{argument}"
        if key not in self.subjects:
            self.subjects[key] = subject_for(address.name, argument, self.cast)
        return self.subjects[key]

    def tried(self) -> list[Address]:
        """Return the addresses that can be opened; an unknown argument is reported once, by its own test."""
        return [address for address in tried() if self._known(address)]

    def _known(self, address: Address) -> bool:
        try:
            return all(self.subject(address, name) for name in address.arguments)
        except KeyError:
            return False

    def url(self, address: Address, *, missing: bool = False) -> str:
        found = {name: self.subject(address, name) for name in address.arguments}
        return reverse(
            address.name, kwargs={name: each.missing if missing else each.value for name, each in found.items()}
        )


def tried() -> list[Address]:
    return [address for address in every_address() if not address.third_party and address.name not in NOT_TRIED]


@pytest.fixture(params=FIVE, ids=list(FIVE))
def world(request: pytest.FixtureRequest) -> World:
    return World(cast_at(FIVE[request.param]))


def test_every_argument_of_every_address_is_known(cast: Cast) -> None:
    unknown = []
    for address in tried():
        for argument in address.arguments:
            try:
                subject_for(address.name, argument, cast)
            except KeyError as error:
                unknown.append(error.args[0])
    assert unknown == []


def test_the_public_and_nobody_else_is_let_in_without_signing_in(world: World) -> None:
    wrong = []
    for address in world.tried():
        url = world.url(address)
        answer = Client().get(url)
        to_sign_in = answer.status_code == 302 and answer.url.startswith(reverse("account_login"))
        if to_sign_in == (address.audience == "public") and address.name not in {"mfa_authenticate"}:
            wrong.append(f"{address}: {answer.status_code}")
    assert wrong == []


def test_everybody_gets_what_the_table_of_roles_says(world: World) -> None:
    wrong = [line for address in world.tried() for line in _misfits(world, address)]
    assert wrong == []


def test_nobody_posts_where_they_may_not_even_look(world: World) -> None:
    before = AuditEvent.objects.count()
    wrong = []
    for address in world.tried():
        if address.audience == "public":
            continue
        for part, capacity in world.cast.capacities().items():
            expected = expectation(world, address, part, capacity)
            if expected == "open":
                continue
            answer = world.browser(part, capacity).post(world.url(address), {})
            if answer.status_code not in {403, 404, 405}:
                wrong.append(f"{address}: {part} posted and got {answer.status_code}, expected {expected}")
    assert wrong == []
    assert AuditEvent.objects.count() == before


def test_a_strangers_record_looks_like_one_that_does_not_exist(world: World) -> None:
    wrong = []
    for address in world.tried():
        regional = [world.subject(address, name) for name in address.arguments]
        if address.audience != "officer" or not any(each.region and each.missing != each.value for each in regional):
            continue
        for part in ("neighbour", "other_province"):
            capacity = world.cast.capacities()[part]
            if expectation(world, address, part, capacity) != "stranger":
                continue
            browser = world.browser(part, capacity)
            theirs, nobodys = browser.get(world.url(address)), browser.get(world.url(address, missing=True))
            if theirs.status_code == 405:
                theirs = browser.post(world.url(address), {})
                nobodys = browser.post(world.url(address, missing=True), {})
            same = _bare(theirs, world.url(address)) == _bare(nobodys, world.url(address, missing=True))
            if not same or theirs.status_code != 404:
                wrong.append(f"{address}: {part} got {theirs.status_code}, for nothing {nobodys.status_code}")
    assert wrong == []


def expectation(world: World, address: Address, part: str, capacity: Capacity) -> str:
    """Return what the table says: open, denied (403), or stranger (404)."""
    if address.audience == "public":
        return "open"
    if address.audience not in {"person", capacity.kind}:
        return "denied"
    if capacity.kind == "officer" and address.audience == "officer":
        assert capacity.membership is not None
        held = permissions_of(capacity.membership.role)
        if address.permissions and not held & address.permissions:
            return "denied"
    return _territory(world, address, part, capacity)


def _territory(world: World, address: Address, part: str, capacity: Capacity) -> str:
    for name in address.arguments:
        subject = world.subject(address, name)
        if subject.region and capacity.kind == "officer":
            if not _reaches(subject, capacity.jurisdiction):
                return "stranger"
        elif subject.own and part not in subject.own:
            return "stranger"
    return "open"


def _reaches(subject: Subject, place: Jurisdiction) -> bool:
    if subject.own_bureau:
        return place.code == subject.region
    if subject.shared_below and Jurisdiction.objects.get(code=subject.region).covers(place.code):
        return True
    return place.covers(subject.region)


def _misfits(world: World, address: Address) -> Iterator[str]:
    url = world.url(address)
    nothing_there = any(
        world.subject(address, name).value == world.subject(address, name).missing
        and not world.subject(address, name).region
        for name in address.arguments
    )
    for part, capacity in world.cast.capacities().items():
        expected = expectation(world, address, part, capacity)
        answer = world.browser(part, capacity).get(url)
        fits: dict[str, Any] = {
            "open": answer.status_code in OPEN_STATUSES or (nothing_there and answer.status_code == 404),
            "denied": answer.status_code == 403,
            "stranger": answer.status_code in {404, 405},
        }
        if address.audience == "public":
            fits["open"] = answer.status_code < 500 and answer.status_code != 403
        if not fits[expected]:
            yield f"{address}: {part} got {answer.status_code}, expected {expected}"


def _bare(answer: HttpResponse, url: str) -> str:
    """Return the page without what differs by address and by chance."""
    text = answer.content.decode()
    for form in (url, quote(url), quote(url, safe="")):
        text = text.replace(form, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
