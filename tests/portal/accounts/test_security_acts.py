"""Second factors cannot be lost on the quiet, and what happens to a login is on record."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.actions import reset_second_factors
from portal.accounts.lockout import account_tried
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from tests.factories.cast import Cast
from tests.portal.accounts.test_signing_in import DAY, PASSWORD, attempt, code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhao(cast: Cast) -> User:
    user = cast.county_caseworker.user
    user.region_code = cast.county.code
    user.set_password(PASSWORD)
    user.save()
    return user


def key_of(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "钥匙"})


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="person.").order_by("pk").values_list("verb", flat=True))


def test_an_officer_cannot_remove_the_last_security_key(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    first, second = key_of(zhao), key_of(zhao)
    assert client.post(reverse("mfa_remove_webauthn", args=[first.pk])).status_code == 302
    refused = client.post(reverse("mfa_remove_webauthn", args=[second.pk]))
    assert refused.status_code == 403
    assert "最后一个验证方式" in refused.content.decode()
    assert list(Authenticator.objects.filter(user=zhao)) == [second]


def test_who_lost_their_factors_is_signed_out_everywhere(client: Client, cast: Cast, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    assert client.get(reverse("accounts:me")).status_code == 200
    key_of(zhao)
    reset_second_factors(zhao, because="手机丢失", by=cast.system_admin, on=DAY)
    assert client.get(reverse("accounts:me")).status_code == 302


def test_signing_in_and_a_new_password_are_on_record(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    new = "qing shan lv shui 9!"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert verbs() == ["person.signed_in", "person.password_changed"]
    event = AuditEvent.objects.get(verb="person.signed_in")
    assert (event.actor_id, event.region_code) == (zhao.pk, zhao.region_code)


def test_a_wrong_password_is_no_signing_in(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, "wrong")
    assert verbs() == []


def test_a_password_set_by_a_mailed_link_is_on_record(settings, client: Client, zhao: User) -> None:
    client.post(reverse("account_reset_password"), {"email": zhao.email})
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    form = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "qing shan 9! lv", "password2": "qing shan 9! lv"})
    assert verbs() == ["person.password_reset"]


@pytest.mark.django_db(transaction=True)  # allauth tells of an added factor after commit
def test_second_factors_that_come_and_go_are_on_record(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    asked = client.get(reverse("mfa_activate_totp"))
    secret = client.post(asked.url, {"password": PASSWORD}, follow=True).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    first = key_of(zhao)
    client.post(reverse("mfa_remove_webauthn", args=[first.pk]))
    events = AuditEvent.objects.filter(verb__startswith="person.factor_").order_by("pk")
    found = [(event.verb, event.facts["factor"]) for event in events]
    assert ("person.factor_added", "totp") in found
    assert found[-1] == ("person.factor_removed", "webauthn")


def test_wrong_passwords_count_for_one_account_however_its_name_is_written(zhao: User) -> None:
    for typed in (zhao.username.upper(), zhao.username, zhao.email.upper()):
        assert account_tried(None, {"login": typed}) == zhao.username


def test_choosing_the_digest_writes_nothing_else(sign_in, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(cast.wang)
    written: list[object] = []
    save = User.save

    def watched(self: User, *args: object, **kwargs: object) -> None:
        written.append(kwargs.get("update_fields"))
        save(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(User, "save", watched)
    client.post(reverse("accounts:notices"), {"csrfmiddlewaretoken": "x"})
    assert written == [["daily_digest"]]
    assert not User.objects.get(pk=cast.wang.user_id).daily_digest
