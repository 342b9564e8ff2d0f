"""Due dates on the worklist follow the official calendar once it is loaded."""

from collections.abc import Sequence
from datetime import date

from portal.accounts.capacity import SYSTEM
from portal.audit.recording import record
from portal.deadlines.reclock import Matter, Touched, recompute
from portal.worklist.models import WorkItem


def reclock(years: Sequence[int], *, on: date, touched: Touched | None = None) -> set[Matter]:
    """Compute what waits anew, the provisional or what a changed day touched, on record; return what moved."""
    moved: set[Matter] = set()
    for item, before, after in recompute(WorkItem.objects.waiting(), touched=touched):
        dates = {"before": before.on.isoformat(), "after": after.on.isoformat()}
        record("worklist.reclocked", item, by=SYSTEM, on=on, years=list(years), sum=after.sum, **dates)
        moved.add((item.subject_type, item.subject_id))
    return moved
