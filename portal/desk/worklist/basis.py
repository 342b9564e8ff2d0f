"""On which clause the day of a work item rests, and whether its length is assumed: the same on every page."""

from collections.abc import Iterable, Mapping
from typing import Any

from applications.actions.moving import basis_of
from applications.models import Application
from portal.policies.schema import Value
from portal.worklist.models import WorkItem

CASE = Application._meta.label_lower
COUNTED_FROM = ("policy", "title", "first_submitted_on", "started_on")
Cases = Mapping[str, Application]


def cases_of(items: Iterable[WorkItem]) -> Cases:
    """Return the applications that items are about by their keys, with what their terms are counted from; one query."""
    keys = [item.subject_id for item in items if item.subject_type == CASE]
    found = Application.objects.filter(pk__in=keys).only(*COUNTED_FROM) if keys else ()
    return {str(each.pk): each for each in found}


def basis_in(cases: Cases, item: WorkItem) -> Value[Any] | str:
    """Return the value of the pack that the term of an item is counted from where its case is among `cases`.

    Of other business, the clause it was entered under.
    """
    case = cases.get(item.subject_id) if item.subject_type == CASE else None
    return (case and basis_of(case, item.kind.rpartition(".")[2])) or item.clause
