"""On which clause the day of a work item rests, and whether its length is assumed: the same on every page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast, JSONObject

from applications.actions.moving import basis_of
from applications.models import Application
from portal.policies.schema import Value
from portal.worklist.models import WorkItem

CASE = Application._meta.label_lower
NAMED, DATED = ("policy", "title"), ("first_submitted_on", "started_on")


def with_cases(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Have each item bring along, in the same query, what the terms of the application it is about are counted from."""
    about = Case(When(subject_type=CASE, then=Cast("subject_id", BigIntegerField())))
    told = JSONObject(**{name: name for name in NAMED + DATED})
    case = Application.objects.filter(pk=OuterRef("about")).values(told=told)
    return items.alias(about=about).annotate(case=Subquery(case))


def case_of(item: WorkItem) -> Application | None:
    """Return what an item brought along (`with_cases`), as an application of which nothing else is known."""
    told: dict[str, str | None] | None = getattr(item, "case", None)
    if told is None:
        return None
    days = {name: date.fromisoformat(day) for name in DATED if (day := told[name])}
    return Application(**{name: told[name] for name in NAMED}, **days)


def basis_in(cases: Mapping[str, Application], item: WorkItem) -> Value[Any] | str:
    """Return the value of the pack that the term of an item is counted from where its case is among `cases`.

    Of other business, the clause it was entered under.
    """
    return basis_by(cases.get(item.subject_id) if item.subject_type == CASE else None, item)


def basis_by(case: Application | None, item: WorkItem) -> Value[Any] | str:
    """Return the same where the case of an item is known; None for other business."""
    return (case and basis_of(case, item.kind.rpartition(".")[2])) or item.clause
