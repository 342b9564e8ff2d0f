"""Where allauth asks the portal: who may sign up (nobody), where to go, how secrets are kept."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.capacity import SESSION_KEY, capacities
from portal.accounts.mailing import FAILURES
from portal.accounts.models import User
from portal.deadlines.today import business_today
from portal.encryption.fields import decrypt, encrypt

log = logging.getLogger("portal.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in, sign-out and passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up here: people are made by administrators, operators register on their own page."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave the counting of wrong passwords to axes, which keeps it in the database."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was counted, so nothing is taken back."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and begin in the capacity the person last had here, else in their first."""
        super().login(request, user)
        assert isinstance(user, User)
        held = [capacity.key for capacity in capacities(user, business_today())]
        if held and request.session.get(SESSION_KEY) not in held:
            request.session[SESSION_KEY] = held[0]

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell of a change to the account. It is done already, so a mail server that fails must not undo the answer."""
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except FAILURES as error:
            log.warning("%s for person %s not sent: %s", template_prefix, user.pk, error)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to one's own page, where the message says that it is done."""
        return reverse("accounts:me")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the desk, which knows whose it is."""
        return reverse("accounts:arrived")


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    def get_totp_issuer(self) -> str:
        """Return the name an authenticator app shows."""
        return "创业孵化基地认定管理平台"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def encrypt(self, text: str) -> str:
        """Keep the secret of an authenticator as ciphertext."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read such a secret."""
        return decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """An officer keeps at least one factor: it can be changed for another, not taken away."""
        if not super().can_delete_authenticator(authenticator):
            return False
        is_officer = any(one.kind == "officer" for one in capacities(authenticator.user, business_today()))
        others = authenticator.user.authenticator_set.exclude(pk=authenticator.pk).exclude(type="recovery_codes")
        return not is_officer or others.exists()
