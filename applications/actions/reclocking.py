"""The clock of an application follows the official calendar once it is loaded."""

import datetime
from collections.abc import Sequence

from applications.models import Application
from applications.states import ApplicationStatus as A
from portal.accounts.capacity import SYSTEM
from portal.audit.recording import record
from portal.deadlines.reclock import Matter, Touched, recompute


def reclock(years: Sequence[int], *, on: datetime.date, touched: Touched | None = None) -> set[Matter]:
    """Compute the provisional due dates of running applications anew, on record; return those that moved.

    The due date of a public notice stays as it was published. What is to be corrected is due together with its case.
    """
    moved: set[Matter] = set()
    verb = "application.reclocked_locally" if touched and touched.place else "application.reclocked"
    running = Application.objects.filter(due_on__isnull=False, decided_on=None)
    for application, before, after in recompute(running.exclude(status=A.IN_NOTICE), touched=touched):
        if application.status == A.RETURNED:
            asked = application.corrections.filter(answered_on__isnull=True, lapsed_on__isnull=True)
            asked.update(due_on=after.on, term=after.as_json())
        dates = {"before": before.on.isoformat(), "after": after.on.isoformat(), "sum": after.sum}
        policy = application.policy
        record(verb, application, by=SYSTEM, on=on, policy=policy, years=list(years), **dates)
        moved.add((application._meta.label_lower, str(application.pk)))
    return moved
