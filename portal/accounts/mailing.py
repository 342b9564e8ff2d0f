"""Mails about an account: the link to a password, and word to an address that was given up."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template import loader
from django.urls import reverse

from portal.accounts.models import User

FAILURES = (SMTPException, OSError)
log = logging.getLogger("portal.accounts")


def password_link(person: User) -> str:
    """Return the address at which a person sets their password: once, within an hour."""
    arguments = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=arguments)


def mail_password_link(person: User) -> bool:
    """Mail the person that link. Return whether it went out; a mail server that fails or hangs raises nothing."""
    if not person.email:
        return False
    context = {"password_reset_url": password_link(person), "username": person.username}
    try:
        _message("password_reset_key", person.email, context).send()
    except FAILURES as error:
        log.warning("link to a password for person %s not sent: %s", person.pk, error)
        return False
    return True


def tell_former_address(person: User, former: str) -> None:
    """Tell an address that was given up, so that the owner sees a change they did not make."""
    get_adapter().send_notification_mail("account/email/email_changed", person, email=former)


def _message(name: str, address: str, context: dict[str, str]) -> EmailMessage:
    prefix = f"account/email/{name}"
    subject = " ".join(loader.render_to_string(f"{prefix}_subject.txt", context).split())
    return EmailMessage(subject, loader.render_to_string(f"{prefix}_message.txt", context), to=[address])
