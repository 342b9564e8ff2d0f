"""Where everybody arrives after signing in, and the home of an operator."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.views.contacts import whom_to_ask, whom_to_ask_of
from bases.models import Operator
from complaints.models import Complaint
from complaints.states import ComplaintStatus
from complaints.views.for_operators import CountLine, count_line
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest, operator_view, person_view
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_now
from portal.desk.home.ahead import ahead_of, titles_held
from portal.desk.home.doing import first_thing, under_way, waiting_items
from portal.desk.home.parts import First
from portal.desk.home.past import recent_events
from portal.desk.home.standing import Situation, situation_of
from portal.desk.worklist.basis import cases_of
from portal.documents.contacts import Contact, contact_of
from portal.jurisdictions.models import Jurisdiction
from portal.web.parts import Step
from subsidies.models import Entitlement

DESKS = (
    (Permission.READ_CASES, "desk:worklist"),
    (Permission.MANAGE_PEOPLE, "accounts:people"),
    (Permission.GRANT_ROLES, "accounts:proposals"),
    (Permission.READ_AUDIT, "audit:search"),
)


def address_of(capacity: Capacity) -> str:
    """Return where the work of a capacity is: worklist, own home, the administrators' lists, else the public site."""
    if capacity.kind == "operator":
        return reverse("desk:operator_home")
    if capacity.kind == "officer":
        for permission, name in DESKS:
            if capacity.may(permission):
                return reverse(name)
    return reverse("web:home")


@person_view
@require_safe
def arrive(request: PersonRequest) -> HttpResponse:
    """Lead to the work of the capacity one acts in: the last one chosen, else the first one held."""
    return redirect(address_of(request.capacity))


@operator_view
@require_safe
def operator_home(request: PersonRequest) -> HttpResponse:
    """Show an operator where it stands, what comes first, what comes next, and under which clauses."""
    operator = request.capacity.operator
    assert isinstance(operator, Operator)
    now = business_now()
    place = Jurisdiction.objects.select_related("parent__parent__parent").get(pk=operator.jurisdiction_id)
    items = waiting_items(operator)
    situation = replace(situation_of(operator, now), cases=cases_of(items))
    calendar = calendar_for(place)
    duties = ahead_of(situation, calendar)
    first = first_thing(situation, items, duties)
    context = {
        "operator": operator,
        "situation": situation,
        "calendar": calendar,
        "first": first,
        "agenda": under_way(situation, items, duties, first),
        "events": recent_events(operator, situation.applications_seen),
        "titles": titles_held(situation),
        "counts": _counts(situation),
        "entitlements": _entitlements(operator),
        "ask": _whom_to_ask(situation, first, place),
        "steps": _first_steps(situation),
    }
    return render(request, "desk/operator_home.html", context)


def _whom_to_ask(situation: Situation, first: First, place: Jurisdiction) -> Contact:
    """Return whom to ask: about the case or the call that comes first, else the latest case, else an open call.

    Without any, the bureau of the place: on every way the nearest that receives an application, unless the case lies
    elsewhere. A case that has ended is asked about where its own page says so too.
    """
    running, seen = situation.running, situation.applications_seen
    case = next((each for each in seen if str(each.pk) == first.case), running[0] if running else None)
    open_to_one = [*situation.calls, *(call for call, _why in situation.shut)]
    call = next((each for each in open_to_one if f"call:{each.pk}" == first.key), None)
    if case is None and call is None and seen:
        case = seen[0]
    if case is not None:
        return whom_to_ask(case)
    if call := call or next(iter(open_to_one), None):
        return whom_to_ask_of(call, situation.bases)
    return contact_of(place)


def _counts(situation: Situation) -> list[CountLine]:
    """Return how many complaints count against each base that holds a title and was complained of for good reason."""
    held = {each.base_id for each in situation.standing}
    found = Complaint.objects.filter(base__in=held, status=ComplaintStatus.UPHELD)
    named = set(found.values_list("base_id", flat=True))
    lines = (count_line(each, situation.today) for each in situation.bases if each.pk in named)
    return [line for line in lines if line is not None and line.number]


def _entitlements(operator: Operator) -> list[Entitlement]:
    held = Entitlement.objects.filter(certification__operator=operator)
    return list(held.select_related("certification__base").order_by("-arose_on", "-pk"))


def _first_steps(situation: Situation) -> list[Step]:
    """Return the way to a first application and where the operator is on it.

    Nothing once one was handed in, and for who has a title and no call to answer.
    """
    handed_in = any(each.first_submitted_on for each in situation.applications_seen)
    if handed_in or (situation.certifications and not situation.calls and not situation.running):
        return []
    reached = 2 if situation.running else 1 if situation.bases else 0
    steps = (
        (_("登记基地"), _("名称、所在地、地址")),
        (_("选申报通知"), _("能不能报、为什么，先看再填")),
        (_("填报并提交"), _("可以分几次填，保存后接着填")),
    )
    return [
        Step(label, note, "done" if place < reached else "now" if place == reached else "next")
        for place, (label, note) in enumerate(steps)
    ]
