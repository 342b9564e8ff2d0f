"""Jobs about people. The daily ones are safe to run twice and catch up after missed days."""

from allauth.account.utils import filter_users_by_email
from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from portal.accounts import actions
from portal.accounts.mailing import mail_password_link
from portal.deadlines.today import business_today


@shared_task
def end_delegations() -> int:
    """Record which delegations are over."""
    return len(actions.end_delegations(on=business_today()))


@shared_task
def disable_idle() -> int:
    """Close logins that nobody used for long; not in the demo, whose date runs ahead of its people."""
    if settings.DEMO:
        return 0
    return actions.disable_idle(days=settings.IDLE_DAYS_UNTIL_DISABLED, on=business_today())


@shared_task
def mail_password_links(email: str) -> int:
    """Mail the link to a new password to whoever has that address; return how many went out."""
    return sum(mail_password_link(person) for person in filter_users_by_email(email, is_active=True))


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over."""
    call_command("clearsessions")
