"""The roster of a base (在孵实体): kept by its operator, looked at by officers with every change made to it."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bases import actions
from bases.actions import Tenancy
from bases.forms import LeavingForm, StrikingForm, TenantForm
from bases.models import Base, Operator, Tenant
from bases.views.asking import done
from bases.views.for_officers import base_in_territory
from bases.views.for_public import reviewed_there
from portal.accounts.decorators import PersonRequest, officer_view, operator_view
from portal.accounts.roles import Permission
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.web.forms import PlainForm
from portal.web.navigation import address
from portal.web.pagination import paginate
from portal.web.parts import Crumb

NEWEST_FIRST = ("-entered_on", "-id")
SHOWN = ("name", "uscc", "contact", "entered_on", "left_on")


def operator_of(request: PersonRequest) -> Operator:
    """Return the operator the person represents. Only for views marked `operator_view`."""
    return cast(Operator, request.capacity.operator)


def own_base(request: PersonRequest, pk: int) -> Base:
    """Return a base of the operator; any other does not exist."""
    return get_object_or_404(Base.objects.select_related("jurisdiction"), pk=pk, operator=operator_of(request))


def own_tenant(request: PersonRequest, pk: int) -> Tenant:
    """Return an entry of an own roster that was not struck; any other does not exist."""
    entries = Tenant.objects.select_related("base__jurisdiction").filter(struck_on__isnull=True)
    return get_object_or_404(entries, pk=pk, base__operator=operator_of(request))


@operator_view
@require_safe
def my_tenants(request: PersonRequest) -> HttpResponse:
    """Lead to the roster of the one base, or list the bases with how many tenants each has."""
    today = business_today()
    there = Q(tenants__struck_on__isnull=True, tenants__entered_on__lte=today)
    there &= Q(tenants__left_on__isnull=True) | Q(tenants__left_on__gte=today)
    bases = Base.objects.filter(operator=operator_of(request)).select_related("jurisdiction")
    rows = list(bases.annotate(present=Count("tenants", filter=there)).order_by("name", "pk"))
    if len(rows) == 1:
        return redirect("bases:my_roster", rows[0].pk)
    return render(request, "bases/operator_rosters.html", {"bases": rows})


@operator_view
@require_http_methods(["GET", "POST"])
def roster(request: PersonRequest, pk: int) -> HttpResponse:
    """List who is and was in an own base, and enter one more."""
    base, today = own_base(request, pk), business_today()
    form = TenantForm(request.POST if request.method == "POST" else None)

    def act() -> object:
        return actions.enter_tenant(base, Tenancy(**form.cleaned_data), by=request.capacity, on=today)

    answer = done(request, form, act)
    if answer is True:
        messages.success(request, _("已登记：%(name)s") % {"name": form.cleaned_data["name"]})
        return redirect("bases:my_roster", base.pk)
    if isinstance(answer, HttpResponse):
        return answer
    entries = Tenant.objects.filter(base=base, struck_on__isnull=True)
    context = {
        "base": base,
        "form": form,
        "page": paginate(request, entries, order=NEWEST_FIRST),
        "present": Tenant.objects.filter(base=base).present(today).count(),
        "reviews": reviewed_there(base.jurisdiction, today),
        "crumbs": [Crumb(_("在孵实体"), reverse("bases:my_tenants")), Crumb(base.name)],
    }
    return render(request, "bases/operator_roster.html", context, status=422 if form.errors else 200)


@operator_view
@require_http_methods(["GET", "POST"])
def correct_tenant(request: PersonRequest, pk: int) -> HttpResponse:
    """Correct an entry, with the reason."""
    tenant = own_tenant(request, pk)
    was = {name: getattr(tenant, name) for name in SHOWN}
    form = TenantForm(request.POST if request.method == "POST" else None, correcting=True, initial=was)

    def act() -> object:
        said = dict(form.cleaned_data)
        because = said.pop("because")
        return actions.correct_tenant(
            tenant, Tenancy(**said), because=because, by=request.capacity, on=business_today()
        )

    words = {"title": _("更正"), "button": _("保存更正"), "done": _("已更正，原内容留在经过里。")}
    return _on_entry(request, tenant, form, act, words)


@operator_view
@require_http_methods(["GET", "POST"])
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter the day a tenant left."""
    tenant, today = own_tenant(request, pk), business_today()
    form = LeavingForm(request.POST if request.method == "POST" else None, today=today)

    def act() -> object:
        return actions.end_tenancy(tenant, by=request.capacity, on=today, **form.cleaned_data)

    words = {"title": _("登记离开"), "button": _("登记离开"), "done": _("已登记离开。")}
    return _on_entry(request, tenant, form, act, words)


@operator_view
@require_http_methods(["GET", "POST"])
def strike(request: PersonRequest, pk: int) -> HttpResponse:
    """Strike an entry that was a mistake, with the reason."""
    tenant = own_tenant(request, pk)
    form = StrikingForm(request.POST if request.method == "POST" else None)

    def act() -> object:
        return actions.strike_tenant(tenant, by=request.capacity, on=business_today(), **form.cleaned_data)

    words = {"title": _("注销误登"), "button": _("注销这一条"), "done": _("已注销，主管部门仍能看到这一条和注销原因。")}
    return _on_entry(request, tenant, form, act, words)


@officer_view(Permission.READ_CASES)
@require_safe
def desk_roster(request: PersonRequest, pk: int) -> HttpResponse:
    """Show officers the roster of a base: what was struck too, when each was entered, each change since."""
    base = base_in_territory(request, pk)
    page = paginate(request, Tenant.objects.filter(base=base).select_related("entered_by"), order=NEWEST_FIRST)
    changes = _changes([tenant.pk for tenant in page])
    context = {
        "base": base,
        "page": page,
        "rows": [(tenant, changes.get(tenant.pk, [])) for tenant in page],
        "present": Tenant.objects.filter(base=base).present(business_today()).count(),
        "crumbs": [
            Crumb(_("基地名册"), reverse("bases:register")),
            Crumb(base.name, address("desk:base", (base.pk,))),
            Crumb(_("在孵实体")),
        ],
    }
    return render(request, "bases/roster.html", context)


def _changes(tenants: list[int]) -> dict[int, list[tuple[AuditEvent, str]]]:
    """Return by entry what was changed after it was entered, oldest first, each in words."""
    found: dict[int, list[tuple[AuditEvent, str]]] = {}
    about = AuditEvent.objects.filter(subject_type=Tenant._meta.label_lower, subject_id__in=[str(pk) for pk in tenants])
    for event in about.exclude(verb="tenant.entered").order_by("recorded_at", "seq"):
        found.setdefault(int(event.subject_id), []).append((event, _in_words(event)))
    return found


def _in_words(event: AuditEvent) -> str:
    facts = event.facts
    if event.verb == "tenant.left":
        return _("登记离开 %(day)s") % {"day": facts["left_on"]}
    if event.verb == "tenant.struck":
        return _("注销：%(why)s") % {"why": facts["because"]}
    names = {name: str(Tenant._meta.get_field(name).verbose_name) for name in SHOWN}  # type: ignore[union-attr]  # a column
    changed = [name for name in SHOWN if facts["before"].get(name) != facts["after"].get(name)]
    lines = [f"{names[name]} {facts['before'][name] or '—'} → {facts['after'][name] or '—'}" for name in changed]
    return _("更正：%(lines)s（%(why)s）") % {"lines": "；".join(lines), "why": facts["because"]}


def _on_entry(request: PersonRequest, tenant: Tenant, form: PlainForm, act: Any, words: dict[str, str]) -> HttpResponse:
    """Show one form about an entry of the roster; when it is sent and right, act and return to the roster."""
    back = reverse("bases:my_roster", args=[tenant.base_id])
    answer = done(request, form, act)
    if answer is True:
        messages.success(request, words["done"])
        return redirect(back)
    if isinstance(answer, HttpResponse):
        return answer
    crumbs = [
        Crumb(_("在孵实体"), reverse("bases:my_tenants")),
        Crumb(tenant.base.name, back),
        Crumb(words["title"]),
    ]
    context = {"tenant": tenant, "form": form, "crumbs": crumbs, "back": back, **words}
    return render(request, "bases/operator_tenant.html", context, status=422 if form.errors else 200)
