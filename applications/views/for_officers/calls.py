"""Calls: list, draft, publish, extend, withdraw; public notices and objections of a call."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, letters
from applications.actions.calls import (
    RETURNED,
    published_since,
    reason_in_words,
    reason_shown,
    returned_because,
    writers_of,
    wrong_with,
)
from applications.actions.papers import papers_of
from applications.forms import CallForm, ExtendForm, ReturnCallForm, WithdrawCallForm
from applications.forms.calling import Missing
from applications.letters.sources import call_pack
from applications.models import Application, Call
from applications.querysets import CallQuerySet
from applications.rules import ApplicationPolicy
from applications.states import ApplicationStatus, CallStatus
from applications.views.acting import capacity_of
from applications.views.extensions import extensions_of
from applications.views.for_officers.acts import attempt
from applications.views.papers import counted
from applications.views.since import ruled_since
from bases.rules import BasePolicy
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_now, business_today
from portal.documents.previews import preview_sheet
from portal.documents.sheets import Sheet
from portal.errors import DomainError
from portal.jurisdictions.wording import level_in_words
from portal.policies.loader import pack_in_force
from portal.policies.timeline import NoPolicyInForce
from portal.web.error_pages import stale
from portal.web.pagination import paginate
from portal.worklist.models import WorkItem

OVER = ("notice_over", gettext_lazy("公示期已满"))
STANDINGS = [
    shown
    for each in ApplicationStatus.choices
    for shown in ([each, OVER] if each[0] == ApplicationStatus.IN_NOTICE else [each])
]


def _titles(capacity: Capacity) -> list[tuple[str, str]]:
    """Return the titles that this bureau certifies by a procedure of the pack in force."""
    try:
        pack = pack_in_force(at=capacity.jurisdiction, on=business_today())
    except NoPolicyInForce:
        return []
    names = pack.section(BasePolicy)
    return [
        (procedure.title, names.title(procedure.title).label + (_("（示例流程）") if procedure.sample else ""))
        for procedure in pack.section(ApplicationPolicy).procedures
        if procedure.steps[-1].level == capacity.jurisdiction.level
    ]


def _missing(capacity: Capacity) -> Missing:
    """Return what looks, while a call is typed, for all that the act would refuse; all mistakes are told at once."""
    return lambda title, said: wrong_with(title, said, at=capacity.jurisdiction, now=business_now())


def _form(request: HttpRequest, titles: list[tuple[str, str]], initial: dict[str, Any]) -> CallForm:
    """Return the form of a call, which asks for a reason as the policy in force does."""
    capacity, today = capacity_of(request), business_today()
    asks = {}
    if titles:
        pack = pack_in_force(at=capacity.jurisdiction, on=today)
        procedures = pack.section(ApplicationPolicy).procedures
        limited = any(each.calls_per_year for each in procedures if each.title in dict(titles))
        asks = {"limited": limited, "ended": not pack.applies_on(today)}
    return CallForm(request.POST or None, titles=titles, missing=_missing(capacity), initial=initial, **asks)


@officer_view(Permission.READ_CASES)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """List the calls of the territory and those of the bureaus above that reach it."""
    capacity = capacity_of(request)
    filed = Count("applications", filter=Q(applications__first_submitted_on__isnull=False))
    returned = WorkItem.objects.waiting().filter(kind=RETURNED, subject_id=Cast(OuterRef("pk"), CharField()))
    counted = _readable(capacity).select_related("jurisdiction").annotate(filed=filed, returned=Exists(returned))
    page = paginate(request, counted, order=("-opens_at",))
    certifies = bool(_titles(capacity))
    context = {
        "page": page,
        "certifies": certifies,
        "may_draft": capacity.may(Permission.DRAFT_CALL) and certifies,
        "may_publish": capacity.may(Permission.PUBLISH_CALL) and certifies,
        "part": "" if certifies else _part_of(capacity),
    }
    return render(request, "applications/calls.html", context)


def _part_of(capacity: Capacity) -> str:
    """Return who publishes calls under the policy in force where this level certifies nothing, and what it does itself.

    Empty where no policy is in force.
    """
    here = capacity.jurisdiction
    try:
        pack = pack_in_force(at=here, on=business_today())
    except NoPolicyInForce:
        return ""
    procedures = pack.section(ApplicationPolicy).procedures
    levels = dict.fromkeys(level_in_words(each.steps[-1].level, here.code) for each in procedures)
    said = {"policy": pack.short_title, "place": here.name, "levels": "、".join(levels)}
    told = _("按《%(policy)s》，%(place)s不认定称号，也不发布申报通知；%(levels)s主管部门发布的，这里可以看到。") % said
    steps = dict.fromkeys(step.name for each in procedures for step in each.steps if step.level == here.level)
    if not steps:
        return told
    told += _("辖区内的申报到了“%(steps)s”，由经办岗办理，出现在经办岗的待我办理。") % {"steps": "、".join(steps)}
    return told + (_("再次补正的清单，由您同意后才发出。") if capacity.may(Permission.APPROVE) else "")


def _readable(capacity: Capacity) -> CallQuerySet:
    """Return the calls that concern the officer's territory; a draft only at its own bureau, for who writes calls."""
    here = capacity.jurisdiction
    concerned = Q(region_code__startswith=here.prefix) | Q(jurisdiction__in=here.lineage())
    published = ~Q(status=CallStatus.DRAFT)
    writes = capacity.may(Permission.DRAFT_CALL) or capacity.may(Permission.PUBLISH_CALL)
    return Call.objects.filter(concerned, published | Q(jurisdiction=here) if writes else published)


def _call(request: HttpRequest, pk: int) -> Call:
    related = ("jurisdiction", "drafted_by", "published_by", "letter")
    return get_object_or_404(_readable(capacity_of(request)).select_related(*related), pk=pk)


def _own_call(request: HttpRequest, pk: int) -> Call:
    """Return a call of the officer's very bureau: what another bureau publishes is read here and changed there."""
    own = Call.objects.filter(jurisdiction=capacity_of(request).jurisdiction)
    return get_object_or_404(own.select_related("jurisdiction", "drafted_by", "published_by", "letter"), pk=pk)


@officer_view(Permission.DRAFT_CALL)
@require_http_methods(["GET", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """Draft a call."""
    capacity = capacity_of(request)
    titles = _titles(capacity)
    today = business_today()
    start = {"year": today.year, "title": titles[0][0] if titles else ""}
    form = _form(request, titles, start)
    if request.method == "POST" and form.is_valid():
        drafted: list[Call] = []
        data = form.cleaned_data
        answer = attempt(
            request, form, lambda: drafted.append(actions.draft_call(by=capacity, at=business_now(), **data))
        )
        if answer:
            return answer
        if not form.errors:
            messages.success(request, _("申报通知已保存，等审批岗审核发布。"))
            return redirect("applications:call", drafted[0].pk)
    context = {"form": form, "titles": titles}
    return render(request, "applications/call_form.html", context, status=422 if form.errors else 200)


@officer_view(Permission.DRAFT_CALL)
@require_http_methods(["GET", "POST"])
def edit_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a call that is still a draft; of a published one the way leads to its page."""
    call, back = _own_call(request, pk), reverse("applications:call", args=[pk])
    if request.method == "GET" and call.status != CallStatus.DRAFT:
        return redirect(back)
    values = {name: getattr(call, name) for name in CallForm.base_fields}
    values["timetable"] = "\n".join(f"{row['name']}：{row['until']}" for row in call.timetable)
    for name in ("opens_at", "closes_at"):
        values[name] = f"{values[name].astimezone():%Y-%m-%d %H:%M}"
    capacity = capacity_of(request)
    titles = _titles(capacity)
    form = _form(request, titles, values)
    form.fields["title"].disabled = True
    if call.status != CallStatus.DRAFT:
        return stale(request, published_since(call), form=form, back=back)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "title"}
        answer = attempt(
            request, form, lambda: actions.amend_call(call, by=capacity, at=business_now(), **data), back=back
        )
        if answer:
            return answer
        if not form.errors:
            messages.success(request, _("已保存修改。"))
            return redirect(back)
    context = {"form": form, "titles": [], "call": call, "returned": returned_because(call)}
    return render(request, "applications/call_form.html", context, status=422 if form.errors else 200)


@officer_view(Permission.READ_CASES)
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one call: what it says, what came in, what may be done."""
    return render(request, "applications/call.html", _call_context(request, _call(request, pk)))


def _call_context(request: HttpRequest, found: Call, **forms: Any) -> dict[str, Any]:
    capacity = capacity_of(request)
    own = found.jurisdiction_id == capacity.jurisdiction.pk
    pack = call_pack(found)
    applications = found.applications.visible_to_officers().within(capacity.jurisdiction)
    shown = applications.select_related("base", "desk", "jurisdiction", "operator")
    counts = _by_status(applications)
    drafted = own and found.status == CallStatus.DRAFT
    return {
        "call": found,
        "preview": _preview(found) if drafted else None,
        "returned": returned_because(found) if drafted else "",
        "reason": (reason := reason_shown(found)),
        "reason_word": reason_in_words(found) if reason else "",
        "extensions": extensions_of(found),
        "title_name": pack.section(BasePolicy).title(found.title).label,
        "procedure": pack.section(ApplicationPolicy).procedure(found.title),
        "papers": (papers := papers_of(found, business_today())),
        "counted": counted(papers),
        "page": paginate(request, shown, order=("-id",)),
        "counts": [(label, counts[value]) for value, label in STANDINGS if value in counts],
        "since": ruled_since(found, business_today()),
        "waiting_for_notice": counts.get(ApplicationStatus.PUBLIC_NOTICE, 0),
        "notices": found.notices.order_by("-published_on"),
        "may_edit": own and capacity.may(Permission.DRAFT_CALL) and found.status == CallStatus.DRAFT,
        "may_publish": own and capacity.may(Permission.PUBLISH_CALL) and found.status == CallStatus.DRAFT,
        "is_writer": bool(writers_of(found) & capacity.people),
        "may_extend": own
        and capacity.may(Permission.PUBLISH_CALL)
        and found.status in {CallStatus.PUBLISHED, CallStatus.CLOSED},
        "may_withdraw": own and capacity.may(Permission.PUBLISH_CALL) and found.status == CallStatus.PUBLISHED,
        "may_publicise": own and capacity.may(Permission.PUBLICISE),
        "extend_form": ExtendForm(prefix="extend"),
        "withdraw_form": WithdrawCallForm(prefix="withdraw"),
        "return_form": ReturnCallForm(prefix="return"),
        **forms,
    }


def _by_status(applications: QuerySet[Application]) -> dict[str, int]:
    """Return how many applications stand at each status, apart from the others those whose notice is over today."""
    over = Q(status=ApplicationStatus.IN_NOTICE, due_on__lt=business_today())
    at = Case(When(over, then=Value(OVER[0])), default=F("status"))
    return dict(applications.annotate(at=at).values_list("at").annotate(n=Count("pk")).order_by())


def _preview(call: Call) -> Sheet | None:
    """Return the notice as it would be published today; None while something it needs is missing."""
    try:
        return preview_sheet(letters.call_notice(call), at=call.jurisdiction, on=business_today())
    except DomainError:
        return None


@officer_view(Permission.PUBLISH_CALL)
@require_POST
def publish_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a call that somebody else drafted."""
    found = _own_call(request, pk)
    try:
        actions.publish_call(found, by=capacity_of(request), at=business_now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("申报通知已发布，公开网站可以看到。"))
    return redirect("applications:call", found.pk)


@officer_view(Permission.PUBLISH_CALL)
@require_http_methods(["GET", "POST"])
def return_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a draft to who wrote it, with what is to be changed; opened by itself, lead to the call."""
    found = _own_call(request, pk)
    if request.method == "GET":
        return redirect("applications:call", found.pk)
    form = ReturnCallForm(request.POST, prefix="return")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        answer = attempt(
            request,
            form,
            lambda: actions.return_call(found, reason=reason, by=capacity_of(request), on=business_today()),
            back=reverse("applications:call", args=[pk]),
        )
        if answer:
            return answer
        if not form.errors:
            messages.success(request, _("“%(name)s”已退回起草人。") % {"name": found.name})
            return redirect("applications:call", found.pk)
    context = _call_context(request, _own_call(request, pk), return_form=form)
    return render(request, "applications/call.html", context, status=422)


@officer_view(Permission.PUBLISH_CALL)
@require_http_methods(["GET", "POST"])
def extend_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a call more time; opened by itself, lead to the call."""
    found = _own_call(request, pk)
    if request.method == "GET":
        return redirect("applications:call", found.pk)
    form = ExtendForm(request.POST, prefix="extend")
    if form.is_valid():
        data = form.cleaned_data
        answer = attempt(
            request,
            form,
            lambda: actions.extend_call(found, by=capacity_of(request), at=business_now(), **data),
            back=reverse("applications:call", args=[pk]),
        )
        if answer:
            return answer
        if not form.errors:
            messages.success(request, _("已延期，延长申报时间的通知已印发公开，有草稿和已申报的单位已收到消息。"))
            return redirect("applications:call", found.pk)
    return render(
        request, "applications/call.html", _call_context(request, _own_call(request, pk), extend_form=form), status=422
    )


@officer_view(Permission.PUBLISH_CALL)
@require_http_methods(["GET", "POST"])
def withdraw_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a call with a public reason; opened by itself, lead to the call."""
    found = _own_call(request, pk)
    if request.method == "GET":
        return redirect("applications:call", found.pk)
    form = WithdrawCallForm(request.POST, prefix="withdraw")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        answer = attempt(
            request,
            form,
            lambda: actions.withdraw_call(found, reason=reason, by=capacity_of(request), on=business_today()),
            back=reverse("applications:call", args=[pk]),
        )
        if answer:
            return answer
        if not form.errors:
            messages.success(request, _("申报通知已撤回。"))
            return redirect(reverse("applications:calls"))
    return render(
        request,
        "applications/call.html",
        _call_context(request, _own_call(request, pk), withdraw_form=form),
        status=422,
    )
