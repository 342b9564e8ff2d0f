"""The clock of an application follows the official calendar once it is loaded."""

import datetime
from collections.abc import Sequence

from applications.models import Application
from portal.accounts.capacity import SYSTEM
from portal.audit.recording import record
from portal.deadlines.reclock import Touched, recompute


def reclock(years: Sequence[int], *, on: datetime.date, touched: Touched | None = None) -> int:
    """Compute the provisional due dates of running applications anew, on record; return how many moved.

    The due date of a public notice stays as it was published.
    """
    moved = 0
    running = Application.objects.filter(due_on__isnull=False, decided_on=None)
    for application, before, after in recompute(running, touched=touched):
        dates = {"before": before.on.isoformat(), "after": after.on.isoformat(), "sum": after.sum}
        policy = application.policy
        record("application.reclocked", application, by=SYSTEM, on=on, policy=policy, years=list(years), **dates)
        moved += 1
    return moved
