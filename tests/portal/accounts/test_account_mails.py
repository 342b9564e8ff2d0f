"""Mails about an account: a mail server that fails undoes nothing, and an answer tells nothing of who has a login."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from portal.accounts.models import User
from portal.accounts.tasks import mail_password_links
from portal.audit.models import AuditEvent
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
NEW = {"name": "新同事", "username": "newcomer", "email": "new@example.org", "phone": ""}


@pytest.fixture
def no_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(message: EmailMessage) -> None:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", fail)


@pytest.fixture
def kept(cast: Cast) -> User:
    """Somebody whose login the administrator keeps."""
    User.objects.filter(pk=cast.county_caseworker.user_id).update(region_code=cast.county.code)
    return User.objects.get(pk=cast.county_caseworker.user_id)


@pytest.mark.parametrize(("part", "name"), [("system_admin", "add_person"), ("wang", "invite_colleague")])
def test_a_login_made_while_mail_is_down_stands_and_the_page_says_so(
    sign_in, cast: Cast, no_mail_server: None, part: str, name: str
) -> None:
    answer = sign_in(cast.capacities()[part]).post(reverse(f"accounts:{name}"), NEW, follow=True)
    assert "邮件没有发出" in answer.content.decode()
    assert User.objects.filter(username="newcomer").exists()


def test_a_link_that_did_not_go_out_is_not_called_sent(sign_in, cast: Cast, kept: User, no_mail_server: None) -> None:
    answer = sign_in(cast.system_admin).post(reverse("accounts:mail_link", args=[kept.pk]))
    assert answer.status_code == 422
    assert "邮件没有发出" in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="person.link_sent").exists()


def test_a_person_without_a_mail_address_is_sent_nothing_and_nothing_is_said_to_be_sent(
    sign_in, cast: Cast, kept: User
) -> None:
    User.objects.filter(pk=kept.pk).update(email="")
    answer = sign_in(cast.system_admin).post(reverse("accounts:mail_link", args=[kept.pk]))
    assert "没有登记邮箱" in answer.content.decode()
    assert mail.outbox == []


def test_a_link_sent_by_an_administrator_is_on_record(sign_in, cast: Cast, kept: User) -> None:
    sign_in(cast.system_admin).post(reverse("accounts:mail_link", args=[kept.pk]))
    assert [letter.to for letter in mail.outbox] == [[kept.email]]
    assert AuditEvent.objects.get(verb="person.link_sent").actor_id == cast.system_admin.user_id


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_link_leaves_mailing_to_a_worker(
    client: Client, cast: Cast, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[str] = []
    monkeypatch.setattr(mail_password_links, "delay", handed.append)
    email = cast.wang.user.email if known else "nobody@example.org"
    assert client.post(reverse("account_reset_password"), {"email": email}).status_code == 302
    assert handed == [email]
    assert mail.outbox == []


@pytest.mark.parametrize("known", [True, False])
def test_asking_while_no_worker_can_be_reached_says_so_to_everybody(
    client: Client, cast: Cast, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(email: str) -> None:
        raise OperationalError

    monkeypatch.setattr(mail_password_links, "delay", away)
    email = cast.wang.user.email if known else "nobody@example.org"
    page = client.post(reverse("account_reset_password"), {"email": email})
    assert "邮件现在发不出去" in page.content.decode()


def test_a_password_can_be_changed_while_mail_is_down(client: Client, cast: Cast, no_mail_server: None) -> None:
    old, new = "Shan-Jian 7 ming yue", "qing shan lv shui 9!"
    user = cast.wang.user
    user.set_password(old)
    user.save()
    client.post(reverse("account_login"), {"login": user.username, "password": old})
    form = {"oldpassword": old, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), form).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
