"""The policy of a place: the bureau's settings page, the form for one value, and the public page."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.views.since import calls_naming
from portal.accounts.decorators import officer_view, public_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_now, business_today
from portal.desk.policies.actions import change_assumption, confirm_assumption, may_rule
from portal.desk.policies.forms import RulingForm, misfit
from portal.desk.policies.pages import ValueRow, policy_page, value_row
from portal.errors import DomainError, InvalidInput
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import forget_rulings, installed, pack_in_force, with_rulings
from portal.policies.models import Outcome
from portal.policies.packs import Pack
from portal.policies.problems import PackError
from portal.policies.sections import declared_sections
from portal.policies.timeline import NoPolicyInForce, lineage
from portal.policies.typed import typed_values
from portal.policies.wording import title_name, wording
from portal.web.navigation import address
from portal.web.parts import Crumb
from portal.web.place import place_or_404, site


@officer_view(Permission.READ_CASES, Permission.RULE_ASSUMPTIONS)
@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show the policy in force at the officer's place, or with ?pack= another version of it."""
    capacity = request.capacity  # type: ignore[attr-defined]  # set by CapacityMiddleware
    today = business_today()
    forget_rulings()  # another process may have taken the officer's own ruling a second ago
    wanted = request.GET.get("pack", "")
    try:
        pack = _governing(wanted, capacity.jurisdiction) if wanted else _now(capacity.jurisdiction)
    except NoPolicyInForce as error:
        return render(request, "policies/none.html", {"reason": error.message})
    context = {"policy": policy_page(pack, today, names=True), "may_rule": may_rule(pack, capacity)}
    return render(request, "policies/settings.html", context)


@officer_view(Permission.RULE_ASSUMPTIONS)
@require_http_methods(["GET", "POST"])
def rule_on_value(request: HttpRequest, pack_id: str, path: str) -> HttpResponse:
    """Confirm one open value of the bureau's policy, or put another in its place."""
    capacity = request.capacity  # type: ignore[attr-defined]  # set by CapacityMiddleware
    forget_rulings()
    pack = _governing(pack_id, capacity.jurisdiction)
    if not may_rule(pack, capacity):
        raise PermissionDenied(_("这份政策的假定由印发地区主管部门的审批岗确认或变更，您现在的身份不能办理。"))
    row = _open_row(pack, path)
    words = wording(Path(settings.POLICY_PACKS)).at(pack.jurisdiction)
    typed = typed_values(with_rulings(pack, business_today()), declared_sections()).get(path)
    if typed is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    latest = row.ruling or row.left_out
    seen = latest.pk if latest else None
    names = {code: title_name(pack, code, words) if typed.titles else words.shown(code) for code in typed.choices}
    form = RulingForm(data, typed=typed, names=names, initial={"seen": seen, "outcome": Outcome.CONFIRMED})
    if data is not None and form.is_valid() and _ruled(request, form, pack, path):
        messages.success(request, _recorded(pack, path, form.cleaned_data["outcome"]))
        return redirect("policies:settings")
    status = 422 if form.errors else 200
    context = {"pack": pack, "row": row, "form": form, "calls": calls_naming(pack, path, business_now())}
    return render(request, "policies/value.html", context, status=status)


def _recorded(pack: Pack, path: str, outcome: str) -> str:
    """Return what the officer is told of the ruling that was just made: which value, and what it is now."""
    forget_rulings()
    row = value_row(pack, path, business_today())
    label = " · ".join(part for part in (row.owner, row.label) if part)
    if outcome == Outcome.CHANGED:
        sentence = _("已变更：%(label)s，改为“%(value)s”。自今日起申报的办件按此适用。")
    else:
        sentence = _("已确认：%(label)s，取“%(value)s”。自今日起申报的办件按此适用。")
    return sentence % {"label": label, "value": row.shown}


@public_view
@require_GET
def policy_of_place(request: HttpRequest, code: str) -> HttpResponse:
    """Show the public the policy in force at a place."""
    place = place_or_404(code)
    try:
        pack = _now(place)
    except NoPolicyInForce:
        return render(request, "policies/none_public.html", _site(place), status=404)
    return render(request, "policies/public.html", _site(place, policy=policy_page(pack, business_today())))


@public_view
@require_GET
def public_pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """Show the public one policy by its id."""
    pack = installed().get(pack_id)
    if pack is None:
        raise Http404
    place = place_or_404(pack.jurisdiction)
    return render(request, "policies/public.html", _site(place, policy=policy_page(pack, business_today())))


def _site(place: Jurisdiction, **context: Any) -> dict[str, Any]:
    return site(place, Crumb(_("政策依据")), home=address("public:home", (place.code,)), **context)


def _now(place: Jurisdiction) -> Pack:
    """Return the pack that governs the place today, as its file stands. Raises NoPolicyInForce."""
    return installed()[pack_in_force(at=place, on=business_today()).id]


def _governing(pack_id: str, place: Jurisdiction) -> Pack:
    """Return a version of the policy of the place or of one above it; any other is not found."""
    pack = installed().get(pack_id)
    if pack is None or pack.jurisdiction not in lineage(place.code):
        raise Http404
    return pack


def _open_row(pack: Pack, path: str) -> ValueRow:
    try:
        row = value_row(pack, path, business_today())
    except KeyError as error:
        raise Http404 from error
    if not row.is_open:
        raise Http404
    return row


def _ruled(request: HttpRequest, form: RulingForm, pack: Pack, path: str) -> bool:
    """Carry out what the form says; a refusal goes back into the form."""
    said = form.cleaned_data
    act: dict[str, Any] = {
        "reason": said["reason"],
        "seen": said["seen"],
        "by": request.capacity,  # type: ignore[attr-defined]  # set by CapacityMiddleware
        "on": business_today(),
    }
    try:
        if said["outcome"] == Outcome.CHANGED:
            change_assumption(pack, path, said["toml"], **act)
        else:
            confirm_assumption(pack, path, **act)
    except InvalidInput as refusal:
        for place, sentence in refusal.problems.items():
            form.add_error(place, sentence)
    except PackError as refusal:
        form.add_error("content", misfit(refusal))
    except DomainError as refusal:
        form.add_error(None, refusal.message)
    return not form.errors
