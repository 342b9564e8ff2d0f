"""What allauth does to a login, put on record: its signals are where it says so (docs/decisions/0205)."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.db import transaction
from django.http import HttpRequest

from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.audit.recording import record
from portal.deadlines.today import business_now, business_today


def connect() -> None:
    """Listen. Called once the apps are loaded."""
    for signal, receiver in (
        (account.user_logged_in, signed_in),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (account.password_reset, password_reset),
        (factors.authenticator_added, factor_added),
        (factors.authenticator_reset, factor_added),
        (factors.authenticator_removed, factor_removed),
    ):
        signal.connect(receiver, dispatch_uid=f"record:{receiver.__name__}")


def signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """Record that somebody signed in, by the clock everything else is told by: the demo's own runs ahead."""
    user.last_login = business_now()
    user.save(update_fields=["last_login"])
    _record("person.signed_in", user)


def password_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    """Record that somebody changed their password, or set their first."""
    _record("person.password_changed", user)


def password_reset(request: HttpRequest, user: User, **_more: Any) -> None:
    """Record that somebody set their password by a mailed link."""
    _record("person.password_reset", user)


def factor_added(request: HttpRequest, user: User, authenticator: Any, **_more: Any) -> None:
    """Record that somebody added a second factor, or drew new recovery codes."""
    _record("person.factor_added", user, factor=str(authenticator.type))


def factor_removed(request: HttpRequest, user: User, authenticator: Any, **_more: Any) -> None:
    """Record that somebody removed a second factor."""
    _record("person.factor_removed", user, factor=str(authenticator.type))


def _record(verb: str, person: User, **facts: str) -> None:
    with transaction.atomic():
        record(verb, person, by=Capacity(kind="visitor", user=person), on=business_today(), **facts)
