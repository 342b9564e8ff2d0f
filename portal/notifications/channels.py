"""Channels: mail now; text messages and other channels plug in here."""

import datetime
import logging

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.template import loader
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.mailing import FAILURES
from portal.accounts.models import User
from portal.notifications.models import Digest, Notification

log = logging.getLogger("portal.notifications")
MOST_ATTEMPTS = 30
LONGEST_WAIT = datetime.timedelta(hours=6)
DIGEST_DAYS = 7  # what is older stays in the inbox and is not mailed any more


def wait_after(attempts: int) -> datetime.timedelta:
    """Return how long to wait after so many failures: one minute, two, four … at most six hours."""
    return min(datetime.timedelta(minutes=2 ** max(0, attempts - 1)), LONGEST_WAIT)


def due(now: datetime.datetime) -> models.Q:
    """Return the condition that a row was not tried yet, or waited long enough since."""
    condition, attempts = models.Q(tried_at__isnull=True), 0
    while (wait := wait_after(attempts)) < LONGEST_WAIT:
        condition |= models.Q(attempts=attempts, tried_at__lte=now - wait)
        attempts += 1
    return condition | models.Q(attempts__gte=attempts, tried_at__lte=now - LONGEST_WAIT)


def attempt(notification_id: int) -> bool:
    """Send one notification as `send` does; whatever goes wrong counts as an attempt and holds up no other message."""
    try:
        return send(notification_id)
    except Exception as error:  # a row that cannot be written as a mail must not stop those behind it
        log.exception("notification %s cannot be sent", notification_id)
        Notification.objects.filter(pk=notification_id).update(
            attempts=models.F("attempts") + 1, tried_at=timezone.localtime(), last_error=_in_short(error)
        )
        return False


@transaction.atomic
def send(notification_id: int) -> bool:
    """Mail one notification, once: the row is held while it is sent, and skipped if another worker has it.

    Return whether it was settled. A failure is counted on the row and tried again by the sweep; nothing is raised.
    Should the process die between the mail server's yes and our commit, the second mail carries the same Message-ID.
    """
    rows = Notification.objects.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")
    row = rows.filter(pk=notification_id, sent_at__isnull=True, dropped_because="").first()
    if row is None:
        return False
    if reason := _pointless(row, row.recipient):
        row.dropped_because = reason
        row.save(update_fields=["dropped_because"])
        return True
    row.tried_at = timezone.localtime()
    try:
        if row.recipient.email:
            _mail(row.recipient, row.subject, [row], f"notice-{row.pk}")
    except FAILURES as error:
        row.attempts += 1
        row.last_error = _in_short(error)
        row.save(update_fields=["tried_at", "attempts", "last_error"])
        return False
    row.sent_at = row.tried_at
    row.save(update_fields=["tried_at", "sent_at"])
    return True


@transaction.atomic
def send_digest(person_id: int, on: datetime.date) -> int:
    """Mail a person what waits for the digest of `on`; return how many messages it held. Raises what mailing raises."""
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    if Digest.objects.filter(recipient=person, on=on).exists():
        return 0
    waiting = list(waiting_for_digest().select_for_update().filter(recipient=person).order_by("created_at", "pk"))
    current = [row for row in waiting if not _pointless(row, person)]
    if not current:
        return 0
    now = timezone.localtime()
    Digest.objects.create(recipient=person, on=on, messages=len(current), sent_at=now)
    Notification.objects.filter(pk__in=[row.pk for row in current]).update(sent_at=now, tried_at=now)
    _mail(person, _("今日消息 %(n)d 条") % {"n": len(current)}, current, f"digest-{person.pk}-{on:%Y%m%d}")
    return len(current)


def waiting_for_digest() -> "models.QuerySet[Notification]":
    """Return what the next digests hold: not urgent, unread, unsent, of the last days, for people who want it."""
    since = timezone.localtime() - datetime.timedelta(days=DIGEST_DAYS)
    return Notification.objects.filter(
        urgent=False,
        sent_at__isnull=True,
        read_at__isnull=True,
        dropped_because="",
        created_at__gte=since,
        recipient__daily_digest=True,
        recipient__is_active=True,
    ).exclude(recipient__email="")


def _pointless(row: Notification, person: User) -> str:
    """Return why a mail need not go out any more; empty if it must. Asked at the moment of sending."""
    if not person.is_active:
        return "收件人已停用"
    if row.while_status:
        model = apps.get_model(row.subject_type)
        status = model._base_manager.filter(pk=row.subject_id).values_list("status", flat=True).first()
        if status not in row.while_status:
            return "事项已办，不用再提醒"
    return ""


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _mail(person: User, subject: str, rows: list[Notification], key: str) -> None:
    text = loader.render_to_string("notices/mail.txt", {"person": person, "rows": rows, "site": settings.SITE_URL})
    host = settings.SITE_URL.partition("://")[2].partition(":")[0].partition("/")[0] or "localhost"
    headers = {"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(" ".join(subject.split()), text, to=[person.email], headers=headers).send()
