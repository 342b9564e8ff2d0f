"""`notify()` makes promises: one row per person, kept after commit."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.models import OUTGROWN, Notification
from portal.notifications.tasks import deliver


@dataclass(frozen=True)
class Notice:
    """What is told: `subject` one line, `body` a few sentences, `url` where to go.

    `urgent` mails at once and is for deadlines and corrections only; the rest waits for the daily digest.
    `dedupe`: a person is told only once for that key. `while_status`: the mail is dropped if, at the moment of
    sending, the subject stands in none of these (a reminder of what was done meanwhile). `outgrown`: it goes on record
    as told and is shown to nobody, because what it reminds of has gone further (a stage that was never run).
    """

    kind: str
    subject: str
    body: str
    url: str = ""
    urgent: bool = False
    dedupe: str = ""
    while_status: tuple[str, ...] = ()
    outgrown: bool = False


def notify(notice: Notice, *, to: Iterable[User], about: models.Model, on: datetime.date) -> list[Notification]:
    """Promise `notice` to each active person in `to`, inside the act's transaction; delivery starts after commit.

    A broker that is down disturbs nobody: the row is the promise, and the sweep keeps it.
    """
    people = {person.pk: person for person in to if person.is_active}
    keys = {f"{notice.dedupe}:{pk}": pk for pk in people} if notice.dedupe else {}
    told = Notification.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True) if keys else ()
    for key in told:
        people.pop(keys[str(key)], None)
    promised = [_promise(notice, person, about, on) for person in people.values()]
    rows = Notification.objects.bulk_create(promised, ignore_conflicts=bool(notice.dedupe))
    if notice.urgent and not notice.outgrown:
        for pk in _saved(rows):
            _deliver_after_commit(pk)
    return rows


def _deliver_after_commit(pk: int) -> None:
    """Hand over after commit. A function of its own, not a partial: Django names it when it logs that it failed."""
    transaction.on_commit(lambda: deliver.delay(pk), robust=True)


def _promise(notice: Notice, person: User, about: models.Model, on: datetime.date) -> Notification:
    region: Jurisdiction = about.jurisdiction  # type: ignore[attr-defined]  # every subject is JurisdictionOwned
    now = timezone.localtime()
    past = {"read_at": now, "sent_at": now, "dropped_because": OUTGROWN} if notice.outgrown else {}
    return Notification(
        jurisdiction=region,
        region_code=region.code,
        recipient=person,
        kind=notice.kind,
        subject=notice.subject[:120],
        body=notice.body,
        url=notice.url,
        subject_type=about._meta.label_lower,
        subject_id=str(about.pk),
        while_status=list(notice.while_status),
        urgent=notice.urgent,
        dedupe_key=f"{notice.dedupe}:{person.pk}" if notice.dedupe else None,
        on=on,
        created_at=now,
        **past,
    )


def _saved(rows: list[Notification]) -> list[int]:
    """Return the keys of rows that were written; with ignored conflicts the database does not say, so it is asked."""
    if all(row.pk for row in rows):
        return [row.pk for row in rows]
    keys = [row.dedupe_key for row in rows]
    return list(Notification.objects.filter(dedupe_key__in=keys).values_list("pk", flat=True))
