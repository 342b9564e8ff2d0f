"""A mail address that was given up: it opens no door, belongs to nobody else, and is told."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.actions import change_own_details
from portal.accounts.models import User
from tests.factories.cast import Cast
from tests.portal.accounts.test_signing_in import DAY, PASSWORD, attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhao(cast: Cast) -> User:
    user = cast.county_caseworker.user
    user.set_password(PASSWORD)
    user.save()
    return user


def ask_for_link(email: str) -> None:
    Client().post(reverse("account_reset_password"), {"email": email})


def test_a_former_mail_address_no_longer_gets_the_link_to_a_new_password(cast: Cast, zhao: User) -> None:
    former = zhao.email
    ask_for_link(former)
    assert [letter.to for letter in mail.outbox] == [[former]]
    change_own_details(zhao, {"email": "new@example.org"}, by=cast.county_caseworker, on=DAY)
    mail.outbox.clear()
    ask_for_link(former)
    assert mail.outbox == []
    ask_for_link("new@example.org")
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]


def test_an_address_by_which_somebody_is_still_found_cannot_be_taken(sign_in, cast: Cast, zhao: User) -> None:
    EmailAddress.objects.create(user=zhao, email="second@example.org")
    form = {"name": "王运营", "email": "second@example.org", "phone": ""}
    page = sign_in(cast.wang).post(reverse("accounts:edit"), form)
    assert "已由另一位人员使用" in page.content.decode()


def test_a_new_mail_address_needs_the_password_once_more_and_the_former_one_is_told(client: Client, zhao: User) -> None:
    former = zhao.email
    attempt(client, zhao.username, PASSWORD)
    form = {"name": zhao.name, "email": "new@example.org", "phone": ""}
    asked = client.post(reverse("accounts:edit"), form)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    zhao.refresh_from_db()
    assert zhao.email == former
    client.post(asked.url, {"password": PASSWORD})
    zhao.refresh_from_db()
    assert zhao.email == "new@example.org"
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [([former], "账号的邮箱已更换")]


def test_a_new_name_is_told_to_nobody(sign_in, cast: Cast) -> None:
    form = {"name": "王某某", "email": cast.wang.user.email, "phone": ""}
    assert sign_in(cast.wang).post(reverse("accounts:edit"), form).status_code == 302
    assert mail.outbox == []
