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
from tests.factories.subjects import Subject, case_file, subject_for

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIVE = {"guizhou": "520103", "xinjiang": "650102", "tibet": "540102", "jiaxing": "330402", "ordos": "150602"}
# Addresses that end the session or hang on a step of signing in: tried in tests/portal/accounts/test_signing_in.py.
NOT_TRIED = {"account_logout", "account_reset_password_from_key", "set_language"}
# Who tries an address: for each audience everybody who differs in what they may; away from home fewer officers.
TRIES = {
    "public": ("wang", "county_caseworker"),
    "person": ("wang", "county_caseworker", "system_admin"),
    "operator": ("wang", "other_operator", "county_caseworker", "system_admin"),
    "officer": (
        *(
            "wang",
            "county_caseworker",
            "city_caseworker",
            "province_caseworker",
            "approver",
            "city_approver",
            "auditor",
        ),
        *("system_admin", "security_admin", "audit_admin", "neighbour", "other_province"),
    ),
}
AWAY = frozenset(
    {"wang", "other_operator", "county_caseworker", "city_caseworker", "approver", "auditor", "system_admin"}
    | {"neighbour", "other_province"}
)
# What these show hangs on the reader's own password and factors; test_signing_in.py tries them with those.
BY_OWN_FACTORS = {
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_download_recovery_codes"),
}
OPEN_STATUSES = {200, 302, 405, 409, 422}


@dataclass
class World:
    """The cast of one place with a signed-in browser for everybody."""

    cast: Cast
    everybody: bool = True
    nobody: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    browsers: dict[str, Client] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)

    def browser(self, part: str, capacity: Capacity) -> Client:
        if part not in self.browsers:
            client = Client(raise_request_exception=False)
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

    def people(self, address: Address) -> dict[str, Capacity]:
        """Return who tries an address."""
        everybody = self.cast.capacities()
        parts = TRIES[address.audience]
        return {part: everybody[part] for part in parts if self.everybody or part in AWAY}

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


def test_every_argument_of_every_address_is_known(cast: Cast) -> None:
    unknown = []
    for address in tried():
        for argument in address.arguments:
            try:
                subject_for(address.name, argument, cast)
            except KeyError as error:
                unknown.append(error.args[0])
    assert unknown == []


@pytest.mark.parametrize("place", FIVE)
def test_everybody_opens_exactly_what_marks_roles_and_territory_say(place: str) -> None:
    world = World(cast_at(FIVE[place]), everybody=place == "guizhou")
    case_file(world.cast)
    wrong: list[str] = []
    before = AuditEvent.objects.count()
    for address in world.tried():
        wrong += [*_without_signing_in(world, address), *_misfits(world, address)]
        if address.audience != "public":
            wrong += _posts_of_the_unwelcome(world, address)
        if address.audience == "officer":
            wrong += _tellings_apart(world, address)
    assert not wrong, "\n" + "\n".join(wrong)
    assert AuditEvent.objects.count() == before, "somebody who may not look has done something"


def _without_signing_in(world: World, address: Address) -> Iterator[str]:
    """The public and nobody else is let in without signing in."""
    answer = world.nobody.get(world.url(address))
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    if to_sign_in == (address.audience == "public") and address.name != "mfa_authenticate":
        yield f"{address}: without signing in {_seen(answer)}"


def _posts_of_the_unwelcome(world: World, address: Address) -> Iterator[str]:
    """Nobody posts where they may not even look."""
    for part, capacity in world.people(address).items():
        expected = expectation(world, address, part, capacity)
        if expected == "open":
            continue
        answer = world.browser(part, capacity).post(world.url(address), {})
        if answer.status_code not in {403, 404, 405}:
            yield f"{address}: {part} posted and got {_seen(answer)}, expected {expected}"


def _tellings_apart(world: World, address: Address) -> Iterator[str]:
    """A stranger's record looks like one that does not exist."""
    regional = [world.subject(address, name) for name in address.arguments]
    if not any(each.region and each.missing != each.value for each in regional):
        return
    for part in ("neighbour", "other_province"):
        capacity = world.cast.capacities()[part]
        if expectation(world, address, part, capacity) != "stranger":
            continue
        browser, here, nowhere = world.browser(part, capacity), world.url(address), world.url(address, missing=True)
        theirs, nobodys = browser.get(here), browser.get(nowhere)
        if theirs.status_code == 405:
            theirs, nobodys = browser.post(here, {}), browser.post(nowhere, {})
        if _bare(theirs, here) != _bare(nobodys, nowhere) or theirs.status_code != 404:
            yield f"{address}: {part} got {_seen(theirs)}, for nothing {_seen(nobodys)}"


def _seen(answer: HttpResponse) -> str:
    failure = getattr(answer, "exc_info", None)
    return f"{answer.status_code} {failure[1]!r}" if failure else str(answer.status_code)


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
                return "refused" if subject.known_to_all else "stranger"
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
    for part, capacity in world.people(address).items():
        expected = expectation(world, address, part, capacity)
        answer = world.browser(part, capacity).get(url)
        fits: dict[str, Any] = {
            "open": answer.status_code in OPEN_STATUSES or (nothing_there and answer.status_code == 404),
            "denied": answer.status_code == 403,
            "refused": answer.status_code in {403, 404},
            "stranger": answer.status_code in {404, 405},
        }
        if address.name in BY_OWN_FACTORS:
            fits["open"] = answer.status_code in OPEN_STATUSES | {403, 404}
        if address.audience == "public":
            fits["open"] = answer.status_code < 500 and answer.status_code != 403
        if not fits[expected]:
            yield f"{address}: {part} got {_seen(answer)}, expected {expected}"


def _bare(answer: HttpResponse, url: str) -> str:
    """Return the page without what differs by address and by chance."""
    text = answer.content.decode()
    for form in (url, quote(url), quote(url, safe="")):
        text = text.replace(form, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
