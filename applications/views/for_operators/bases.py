"""Bases of one's own: entered, and put right while nothing rests on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions
from applications.actions.own_bases import why_the_bureau
from applications.forms import BaseForm
from applications.views.acting import capacity_of, operator_of
from bases.actions import register_base
from bases.models import Base, Operator
from portal.accounts.decorators import operator_view
from portal.deadlines.today import business_today
from portal.errors import DomainError, InvalidInput
from portal.web.forms import write_refusal


@operator_view
@require_http_methods(["GET", "POST"])
def new_base(request: HttpRequest) -> HttpResponse:
    """Enter a base of one's own."""
    operator = operator_of(request)
    form = _form(request, operator, initial={"county": operator.jurisdiction})
    if request.method == "POST" and form.is_valid():
        try:
            base = register_base(operator, by=capacity_of(request), on=business_today(), **form.cleaned_data)
        except InvalidInput as refusal:
            write_refusal(form, refusal)
        else:
            messages.success(request, _("已登记基地：%(name)s") % {"name": base.name})
            _warn_if_elsewhere(request, base, operator)
            return redirect("applications:mine")
    return render(request, "applications/new_base.html", {"form": form}, status=422 if form.errors else 200)


@operator_view
@require_http_methods(["GET", "POST"])
def own_base(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is registered of a base of one's own, and correct it; once it is the bureau's to change, say so."""
    operator = operator_of(request)
    mine = Base.objects.filter(operator_id=operator.pk).select_related("jurisdiction__parent__parent__parent")
    base = get_object_or_404(mine, pk=pk)
    said = {field: getattr(base, field) for field in ("name", "address", "phone", "opened_on")}
    form = _form(request, operator, base=base, initial={**said, "county": base.jurisdiction})
    if request.method == "POST" and form.is_valid():
        try:
            base = actions.correct_own_base(base, by=capacity_of(request), on=business_today(), **form.cleaned_data)
        except DomainError as refusal:
            write_refusal(form, refusal)
        else:
            messages.success(request, _("已更正：%(name)s") % {"name": base.name})
            _warn_if_elsewhere(request, base, operator)
            return redirect("applications:mine")
    is_public = Base.objects.public().filter(pk=base.pk).exists()
    context = {"base": base, "form": form, "why_the_bureau": why_the_bureau(base), "is_public": is_public}
    return render(request, "applications/own_base.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, operator: Operator, **options: Any) -> BaseForm:
    return BaseForm(request.POST or None, operator=operator, on=business_today(), **options)


def _warn_if_elsewhere(request: HttpRequest, base: Base, operator: Operator) -> None:
    """Say that the base lies elsewhere than its operator is registered: lawful, but often a slip."""
    if operator.jurisdiction.covers(base.region_code):
        return
    said = {"place": base.jurisdiction.full_name, "home": operator.jurisdiction.full_name}
    messages.warning(
        request,
        _("基地所在地是%(place)s，贵单位登记在%(home)s。申报由基地所在地的主管部门受理；如果选错了，请更正。") % said,
    )
