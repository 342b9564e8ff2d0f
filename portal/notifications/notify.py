"""`notify()` makes promises: one row per person, kept after commit."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.models import Notification
from portal.notifications.tasks import deliver


@dataclass(frozen=True)
class Notice:
    """What is told: `subject` one line, `body` a few sentences, `url` where to go. Urgent: deadlines and corrections only."""

    kind: str
    subject: str
    body: str
    url: str = ""
    urgent: bool = False
    dedupe: str = ""


def notify(notice: Notice, *, to: Iterable[User], about: models.Model, on: datetime.date) -> list[Notification]:
    """Promise `notice` to each person in `to`, inside the act's transaction; delivery starts after commit.

    With `notice.dedupe`, a person is told only once for that key, however often the act or job runs.
    """
    region: Jurisdiction = about.jurisdiction  # type: ignore[attr-defined]  # every subject is JurisdictionOwned
    promised = []
    for person in {person.pk: person for person in to}.values():
        key = f"{notice.dedupe}:{person.pk}" if notice.dedupe else None
        if key and Notification.objects.filter(dedupe_key=key).exists():
            continue
        promised.append(
            Notification(
                jurisdiction=region,
                region_code=region.code,
                recipient=person,
                kind=notice.kind,
                subject=notice.subject,
                body=notice.body,
                url=notice.url,
                urgent=notice.urgent,
                dedupe_key=key,
                on=on,
                created_at=timezone.localtime(),
            )
        )
    rows = Notification.objects.bulk_create(promised, ignore_conflicts=True)
    for row in rows:
        if row.urgent and row.pk:
            transaction.on_commit(lambda pk=row.pk: deliver.delay(pk), robust=True)  # type: ignore[misc]  # bound now
    return rows
