"""Calls one may apply under, one's applications, and where each of them is."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions
from applications.actions.carrying import earlier_answers
from applications.actions.door import door
from applications.actions.filing import EDITABLE, under_way
from applications.actions.moving import basis_of
from applications.actions.papers import papers_of
from applications.forms import ReasonForm, StartForm, revision_of
from applications.letters.sources import asked_at, basis_of_continuation, call_pack
from applications.models import Application, Call, Submission
from applications.rules import ApplicationPolicy
from applications.states import FINAL, ApplicationStatus
from applications.views.acting import capacity_of, operator_of
from applications.views.contacts import nobody_at, whom_to_ask, whom_to_ask_of
from applications.views.extensions import extensions_of
from applications.views.for_operators.contents import demand_rows, onward
from applications.views.papers import counted
from applications.views.places import places_in
from applications.views.progress import (
    against_at,
    done_on,
    facts_of,
    letters_about,
    next_steps,
    objections_told,
    steps_of,
)
from applications.views.since import ruled_since
from bases.models import Base
from bases.rules import BasePolicy
from portal.accounts.decorators import operator_view
from portal.deadlines.today import business_now, business_today
from portal.documents.contacts import Contact
from portal.errors import DomainError, StatusMoved
from portal.policies.loader import pack_of
from portal.policies.schema import Value
from portal.web.error_pages import stale


def my_application(request: HttpRequest, pk: int) -> Application:
    """Return an application of the operator that is signed in; a stranger's does not exist."""
    mine = Application.objects.of_operator(operator_of(request).pk)
    return get_object_or_404(
        mine.select_related("call__jurisdiction", "base", "operator", "jurisdiction", "desk"), pk=pk
    )


@operator_view
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the operator's applications, and the calls that are open to its bases."""
    operator = operator_of(request)
    related = ("jurisdiction__parent__parent__parent", "operator")
    own = Base.objects.filter(operator_id=operator.pk).select_related(*related)
    bases = list(own.order_by("pk"))
    applications = Application.objects.of_operator(operator.pk).select_related("call", "base", "desk").order_by("-pk")
    return render(
        request,
        "applications/mine.html",
        {
            "applications": applications,
            "calls": [(call, why_not(call, bases), places_in(call)) for call in open_calls(bases)],
            "bases": bases,
        },
    )


def open_calls(bases: list[Base]) -> list[Call]:
    """Return the open calls that reach one of the bases."""
    reaching = {place.pk for base in bases for place in base.jurisdiction.lineage()}
    calls = Call.objects.open_at(business_now()).filter(jurisdiction__in=reaching)
    return list(calls.select_related("jurisdiction").order_by("closes_at"))


def why_not(call: Call, bases: list[Base]) -> str:
    """Return why none of the bases can begin under an open call; empty where one of them can."""
    first = ""
    for base in bases:
        if call.jurisdiction.covers(base.region_code):
            reason = _in_the_way(call, base)
            if not reason:
                return ""
            first = first or reason
    return first


def _in_the_way(call: Call, base: Base) -> str:
    running = under_way(base, call.title)
    if running is not None:
        said = {"base": base.name, "status": running.get_status_display()}
        return _("%(base)s已有一件同一称号的申报（%(status)s），一个称号同时只办一件。") % said
    return "".join(obstacle.says for obstacle in door(call, base, on=business_today()).obstacles)


@operator_view
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the base that applies; whether it may is said before the first field is typed, with reason and clause."""
    call = get_object_or_404(Call.objects.public().select_related("jurisdiction"), pk=pk)
    capacity = capacity_of(request)
    form = StartForm(request.POST or None, operator_id=operator_of(request).pk, call=call)
    bases = list(form.bases)
    doors = [(base, door(call, base, on=business_today()), under_way(base, call.title)) for base in bases]
    free = [base for base, door, running in doors if door.allowed and running is None]
    if request.method == "POST" and form.is_valid():
        try:
            application = actions.start_application(call, by=capacity, at=business_now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("base", refusal.message)
        else:
            return redirect(onward(application))
    return render(
        request,
        "applications/start.html",
        {
            "call": call,
            "form": form,
            "doors": doors,
            "dated": any(door.opens for _base, door, _running in doors),
            "unstaffed": _unstaffed(call, free),
            "earlier": any(earlier_answers(base) for base in free),
            "may_begin": bool(free),
            "is_open": call.is_open(business_now()),
            "ask": whom_to_ask_of(call, free or bases),
            "extensions": extensions_of(call),
            "taken": places_in(call),
            **(papers := papers_of(call, business_today())),
            "counted": counted(papers),
            "since": ruled_since(call, business_today()),
            "basis": basis_of_continuation(call, call_pack(call)),
        },
        status=422 if form.errors else 200,
    )


def _unstaffed(call: Call, bases: list[Base]) -> list[tuple[str, Contact]]:
    """Return what is to be known before the first field: which first desk has nobody in post, and whom to call."""
    today = business_today()
    step = pack_of(call.policy, on=today).section(ApplicationPolicy).procedure(call.title).first_step()
    desks = {desk.pk: desk for desk in (base.jurisdiction.ancestor(step.level) for base in bases)}
    told = [(nobody_at(desk, step.step, today), desk) for desk in desks.values()]
    return [(says, asked_at(desk, call)) for says, desk in told if says]


@operator_view
@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the application is, why, what comes next, by when, under which clause; and every paper of it."""
    application = my_application(request, pk)
    submissions = Prefetch("submissions", Submission.objects.select_related("receipt").order_by("number"))
    above = ("call__jurisdiction__parent", "base__jurisdiction__parent__parent", "desk__parent__parent__parent")
    whole = Application.objects.select_related(*above, "operator", "certification", "notice")
    application = whole.prefetch_related(submissions, "opinions", "corrections").get(pk=application.pk)
    opinions = application.opinions.all()
    visited = list(application.visits.order_by("pk").values_list("visited_on", flat=True))
    return render(
        request,
        "applications/overview.html",
        {
            "application": application,
            "steps": steps_of(application, against_at(opinions), done_on(application, opinions, visited)),
            "facts": facts_of(application),
            "next_steps": next_steps(application),
            "visited_on": visited,
            "objections": objections_told(application.objections.order_by("pk")),
            "ask": whom_to_ask(application),
            "basis": basis_of(application, application.status),
            "period_basis": _period_basis(application),
            "letters": letters_about(application),
            "onward": onward(application) if application.status in EDITABLE else "",
            "demands": demand_rows(application),
            "correction": application.corrections.order_by("-number").first(),
            "may_withdraw": application.status not in FINAL,
            "may_reapply": _may_reapply(application),
            "editable": application.status in EDITABLE,
        },
    )


def _period_basis(application: Application) -> Value[int] | None:
    """Return what the certification period rests on; None before there is one, and where the policy sets none."""
    held = application.certification
    if held is None or held.period_ends is None:
        return None
    return pack_of(held.policy, on=held.certified_on).section(BasePolicy).title(held.title).period_years


def _may_reapply(application: Application) -> bool:
    """Whether a withdrawn case may be followed by another under the same call: it is open, and none was begun."""
    if application.status != ApplicationStatus.WITHDRAWN or not application.call.is_open(business_now()):
        return False
    again = application.base.applications.filter(title=application.title, pk__gt=application.pk)
    return not again.exclude(status__in=FINAL).exists()


@operator_view
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an application, after a page that says what that means; of one that has ended it says so."""
    application = my_application(request, pk)
    if request.method == "GET" and application.status in FINAL:
        context = {"application": application, "draft": False, "ended": True}
        return render(request, "applications/withdraw.html", context)
    form = ReasonForm(request.POST or None, initial=revision_of(application))
    draft = application.status == ApplicationStatus.DRAFT
    if draft:
        form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_application(
                application,
                reason=form.cleaned_data["reason"],
                by=capacity_of(request),
                on=business_today(),
                seen=form.cleaned_data["seen"],
            )
        except StatusMoved as moved:
            return stale(request, moved, form=form, back=reverse("applications:overview", args=[pk]))
        except DomainError as refusal:
            form.add_error("reason", refusal.message)
        else:
            messages.success(request, _("已删除草稿。") if draft else _("已撤回申报。"))
            return redirect("applications:overview", application.pk)
    context = {"application": application, "form": form, "draft": draft, "ended": False}
    return render(request, "applications/withdraw.html", context, status=422 if form.errors else 200)
