"""On which clause the day of a work item rests, and whether its length is assumed: the same on every page."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, Model, QuerySet
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Coalesce

from applications.actions.moving import term_of as term_of_application
from applications.models import Application, Objection
from applications.rules import ApplicationPolicy
from bases.actions.proceedings import term_of as term_of_revocation
from bases.models import Revocation
from bases.rules import BasePolicy
from complaints.actions.handling import term_of as term_of_complaint
from complaints.models import Complaint, Misconduct, Rating
from complaints.rules import ComplaintPolicy
from portal.policies.loader import pack_of
from portal.policies.packs import Pack
from portal.policies.schema import Value
from portal.worklist.models import WorkItem


class Case(NamedTuple):
    """What the terms of a case are counted from: its pack as it stood on a day, and the title or step it turns on."""

    subject_type: str
    subject_id: str
    policy: str
    on: date
    turns_on: str


Cases = Mapping[tuple[str, str], Case]
Source = tuple[type[Model], str, Any, Any]
SOURCES: tuple[Source, ...] = (
    (Application, "policy", Coalesce("first_submitted_on", "started_on"), "title"),
    (
        Objection,
        "application__policy",
        Coalesce("application__first_submitted_on", "application__started_on"),
        "application__title",
    ),
    (Revocation, "policy", "opened_on", "status"),
    (Complaint, "policy", "received_on", "status"),
    (Misconduct, "policy", "reported_on", "status"),
)


def cases_of(items: Iterable[WorkItem]) -> Cases:
    """Return the cases that items are about, with what their terms are counted from; one query for all kinds."""
    keys: dict[str, set[str]] = {}
    for item in items:
        keys.setdefault(item.subject_type, set()).add(item.subject_id)
    wanted = [_rows(source, found) for source in SOURCES if (found := keys.get(_label(source[0])))]
    if not wanted:
        return {}
    cases = (Case(*row) for row in wanted[0].union(*wanted[1:], all=True))
    return {(each.subject_type, each.subject_id): each for each in cases}


def _label(model: type[Model]) -> str:
    return model._meta.label_lower


def _rows(source: Source, keys: Collection[str]) -> QuerySet[Any, tuple[Any, ...]]:
    model, policy, on, turns_on = source
    text = CharField()
    named = model._default_manager.filter(pk__in=keys).order_by()
    return named.values_list(
        Constant(_label(model), text), Cast("pk", text), Cast(policy, text), on, Cast(turns_on, text)
    )


def basis_in(cases: Cases, item: WorkItem) -> Value[Any] | str:
    """Return the value of the pack that the term of an item is counted from; its case is among `cases`.

    Where nothing is counted, the clause it was entered under; so too where its pack is no longer installed or no longer
    knows the title: one such case leaves a list readable.
    """
    case = cases.get((item.subject_type, item.subject_id))
    if case is None and item.subject_type == _label(Rating):  # nothing leads from a rating to the day of its complaint
        case = Case(item.subject_type, item.subject_id, item.policy, item.arrived_on, "")
    if case is None:
        return item.clause
    term_in = TERMS[item.subject_type]
    try:
        return term_in(pack_of(case.policy, on=case.on), case, item) or item.clause
    except LookupError:
        return item.clause


def _of_application(pack: Pack, case: Case, item: WorkItem) -> Value[Any] | None:
    procedure = pack.section(ApplicationPolicy).procedure(case.turns_on)
    return term_of_application(procedure, item.kind.rpartition(".")[2])


def _of_revocation(pack: Pack, case: Case, item: WorkItem) -> Value[Any] | None:
    policy = pack.section(BasePolicy).revocation
    return term_of_revocation(policy, item, case.turns_on) if policy is not None else None


def _of_complaint(pack: Pack, _case: Case, item: WorkItem) -> Value[Any] | None:
    return term_of_complaint(pack.section(ComplaintPolicy).handling, item)


TERMS: Mapping[str, Callable[[Pack, Case, WorkItem], Value[Any] | None]] = {
    **dict.fromkeys((_label(Application), _label(Objection)), _of_application),
    _label(Revocation): _of_revocation,
    **dict.fromkeys((_label(Complaint), _label(Misconduct), _label(Rating)), _of_complaint),
}
