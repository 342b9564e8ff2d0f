"""Open, close and withdraw work items; called by acts inside their own transaction."""

import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from portal.accounts.capacity import Capacity
from portal.deadlines.terms import Due
from portal.jurisdictions.models import Jurisdiction
from portal.worklist.models import WorkItem, WorkState


def open_work(
    subject: models.Model,
    kind: str,
    *,
    task: str,
    title: str,
    url: str,
    by: Capacity,
    on: datetime.date,
    due: Due | None = None,
    desk: Jurisdiction | None = None,
    permission: str = "",
    operator_id: int | None = None,
    **details: Any,
) -> WorkItem:
    """Put one thing to do on a desk (`desk` and `permission`) or before an operator (`operator_id`).

    `kind` names the business (`applications.recommendation`), `task` what to do in words, `url` where it is done.
    `details` may hold `reference`, `clause`, `policy`, `assignee`, `place` (where the business lies, if elsewhere). A
    second open item of the same kind about the same subject is refused by the database.
    """
    region: Jurisdiction = subject.jurisdiction  # type: ignore[attr-defined]  # every subject is JurisdictionOwned
    return WorkItem.objects.create(
        kind=kind,
        task=task,
        title=title,
        url=url,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        jurisdiction=region,
        desk=desk,
        permission=permission,
        operator_id=operator_id,
        arrived_on=on,
        due_on=due.on if due else None,
        due=due.as_json() if due else None,
        opened_by=by.user,
        opened_at=timezone.localtime(),
        **details,
    )


def close_work(subject: models.Model, kind: str = "", *, by: Capacity, on: datetime.date, did: str = "") -> int:
    """Mark the open items about `subject` (of one kind, or all) as done by this person; return how many.

    `did` says what was done where that is another thing than the item asked for.
    """
    changes: dict[str, Any] = {"state": WorkState.DONE, "done_by": by.user, "done_on": on}
    changes |= {"done_at": timezone.localtime(), **({"task": did} if did else {})}
    return _waiting(subject, kind).update(**changes)


def cancel_work(subject: models.Model, kind: str = "") -> int:
    """Withdraw the open items about `subject`: nobody did them, nobody needs to."""
    return _waiting(subject, kind).update(state=WorkState.CANCELLED, done_at=timezone.localtime())


def _waiting(subject: models.Model, kind: str) -> "models.QuerySet[WorkItem]":
    items = WorkItem.objects.waiting().filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return items.filter(kind=kind) if kind else items
