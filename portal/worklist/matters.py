"""Which messages still ask for something: those whose matter waits for their reader now."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from portal.accounts.capacity import Capacity
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem

ITEM = WorkItem._meta.label_lower
KEPT = ("applications.", "complaints.", "bases.")  # what acts open work about; of anything else nobody knows its end
WHOLE = frozenset({"bases.revocation"})  # its holder may be heard all along, whatever waits for whom


def unsettled(rows: Iterable[Notification], held: Collection[Capacity]) -> set[int]:
    """Return the keys of the urgent messages whose matter waits for the reader, who acts in the capacities `held`.

    A message about a work item asks as long as that is open; one about a case while something of it waits for the
    reader's operator or at the reader's desk; one about anything else always. Two queries.
    """
    urgent = [row for row in rows if row.urgent]
    waiting = WorkItem.objects.waiting()
    items = [row.subject_id for row in urgent if row.subject_type == ITEM]
    found = {(ITEM, str(pk)) for pk in waiting.filter(pk__in=items).values_list("pk", flat=True)}
    cases = Q(pk__in=[])
    for kind in {row.subject_type for row in urgent if row.subject_type.startswith(KEPT)}:
        about = Q(subject_type=kind, subject_id__in=[row.subject_id for row in urgent if row.subject_type == kind])
        cases |= about if kind in WHOLE else about & _at(held)
    found |= set(waiting.filter(cases).values_list("subject_type", "subject_id"))
    return {
        row.pk
        for row in urgent
        if (row.subject_type, row.subject_id) in found or not row.subject_type.startswith((*KEPT, ITEM))
    }


def _at(held: Collection[Capacity]) -> Q:
    """Return the condition that an item waits for one of the capacities."""
    mine = Q(operator_id__in=[each.operator.pk for each in held if each.operator])
    for each in held:
        if each.kind == "officer":
            mine |= Q(desk=each.jurisdiction, permission__in=each.permissions)
    return mine
