"""Where a case stands today, as the pages of officers say it: what is over, what it waits for."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from applications.actions.moving import STEP_PERMISSION
from applications.models import Application, Objection, PublicNotice
from applications.states import ApplicationStatus, ObjectionStatus
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role, roles_with
from portal.worklist.models import WorkItem


def post_in_charge(application: Application, capacity: Capacity) -> str:
    """Return which post of the officer's own bureau does the present step, where theirs does not; else nothing."""
    needed = STEP_PERMISSION.get(ApplicationStatus(application.status))
    if needed is None or application.desk_id != capacity.jurisdiction.pk or capacity.may(needed):
        return ""
    return "、".join(str(role.label) for role in Role if role in roles_with(needed))


def correction_overdue(application: Application, on: datetime.date) -> bool:
    """Whether the last day of a correction is over and nothing came."""
    over = application.due_on is not None and application.due_on < on
    return application.status == ApplicationStatus.RETURNED and over


def notice_ended(
    notice: PublicNotice | None, objections: Iterable[Objection], on: datetime.date
) -> dict[str, Any] | None:
    """Return what a notice whose last day is over still waits for; None while it runs and once it is closed.

    That is how many of `objections` have no answer, and until which day the last of them is to be answered.
    """
    if notice is None or notice.closed_on is not None or on <= notice.ends_on:
        return None
    unanswered = [str(each.pk) for each in objections if each.status == ObjectionStatus.OPEN]
    until = _answered_until(unanswered)
    return {"day": notice.ends_on, "n": len(unanswered), "until": until, "late": until is not None and until < on}


def _answered_until(objections: Collection[str]) -> datetime.date | None:
    items = WorkItem.objects.waiting().filter(subject_type=Objection._meta.label_lower, subject_id__in=objections)
    return items.exclude(due_on=None).order_by("-due_on").values_list("due_on", flat=True).first()
