"""The register for officers: the bases of the territory, and what a bureau enters or corrects."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bases.actions import (
    accept_unusual_uscc,
    amend_base,
    correct_recorded_certification,
    record_certification,
    strike_recorded_certification,
)
from bases.forms import AmendBaseForm, BaseListForm, CorrectRecordForm, RecordForm, UnusualUsccForm
from bases.models import Base, Certification
from bases.rules import BasePolicy
from bases.views.for_public import title_choices
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.errors import DomainError
from portal.policies.loader import pack_in_force
from portal.policies.timeline import NoPolicyInForce
from portal.web.filters import chips
from portal.web.forms import write_refusal
from portal.web.navigation import address
from portal.web.pagination import paginate
from portal.web.parts import Crumb

BY_PLACE = ("region_code", "name", "id")


@officer_view(Permission.READ_CASES)
@require_safe
def register(request: PersonRequest) -> HttpResponse:
    """List the bases of the territory with every title they got."""
    here, today = request.capacity.jurisdiction, business_today()
    form = BaseListForm(request.GET, jurisdiction=here, titles=title_choices(here, today), on=today)
    page = paginate(request, form.bases().select_related("operator", "jurisdiction__parent"), order=BY_PLACE)
    titles = _titles([base.pk for base in page])
    context = {
        "form": form,
        "page": page,
        "chips": chips(request, form),
        "rows": [(base, titles.get(base.pk, [])) for base in page],
        "alike": _named_alike(list(page)),
        "here": here,
    }
    return render(request, "bases/officer_register.html", context)


def _named_alike(bases: list[Base]) -> set[int]:
    """Return the ids of those whose name stands more than once in their county (同名)."""
    places = {(base.name, base.region_code) for base in bases}
    names, codes = {name for name, _code in places}, {code for _name, code in places}
    same = Base.objects.filter(name__in=names, region_code__in=codes).values_list("name", "region_code")
    double = set(same.annotate(n=Count("pk")).filter(n__gt=1).order_by().values_list("name", "region_code"))
    return {base.pk for base in bases if (base.name, base.region_code) in double}


def _titles(bases: list[int]) -> dict[int, list[Certification]]:
    """Return by base every title it got, the newest first."""
    found: dict[int, list[Certification]] = {}
    rows = Certification.objects.filter(base__in=bases).only(
        *("base_id", "category_name", "status", "stood_as", "certified_on", "number"),
        *("title", "policy", "region_code"),
    )
    for row in rows.order_by("-certified_on", "-id"):
        found.setdefault(row.base_id, []).append(row)
    return found


def base_in_territory(request: PersonRequest, pk: int) -> Base:
    """Return a base of the officer's territory; any other does not exist."""
    bases = Base.objects.within(request.capacity.jurisdiction).select_related(
        "operator", "jurisdiction__parent__parent"
    )
    return get_object_or_404(bases, pk=pk)


@officer_view(Permission.MANAGE_REGISTER)
@require_http_methods(["GET", "POST"])
def amend(request: PersonRequest, pk: int) -> HttpResponse:
    """Correct what the register says of a base (变更登记)."""
    base = base_in_territory(request, pk)
    form = AmendBaseForm(request.POST if request.method == "POST" else None, instance=Base.objects.get(pk=pk))

    def act() -> object:
        return amend_base(base, by=request.capacity, on=business_today(), **form.cleaned_data)

    return _ask(
        request, base, form, act, title=_("变更登记"), button=_("保存变更"), done=_("变更已登记，旧内容留在经过里。")
    )


@officer_view(Permission.MANAGE_REGISTER)
@require_http_methods(["GET", "POST"])
def record_title(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter a title that was granted outside the portal, by its document (登记已有认定)."""
    base, today = base_in_territory(request, pk), business_today()
    level = request.capacity.jurisdiction.level
    pack, titles = _own_titles(base, level, today)
    form = RecordForm(request.POST if request.method == "POST" else None, titles=titles, today=today)

    def act() -> object:
        said = form.cleaned_data
        return record_certification(base, policy=pack, by=request.capacity, on=today, **said)

    hint = _("照认定文件登记。由认定机关登记：这里只列出贵单位这一级认定的称号。登记不产生新的证书和文号。")
    if running := _running_cases(base):
        hint += _("注意：这家基地正在申报（%(cases)s）。同一称号登记后，该申报不能再批准，请先核对是否同一项认定。") % {
            "cases": "、".join(running)
        }
    if not titles:
        hint = _("现行政策没有由贵单位这一级认定的称号，请由认定机关登记。")
    return _ask(
        request,
        base,
        form,
        act,
        title=_("登记已有认定"),
        button=_("登记认定"),
        done=_("已登记，基地进入公开名册。"),
        hint=hint,
        closed=not titles,
    )


def _running_cases(base: Base) -> list[str]:
    """Return the numbers of the applications of the base that were filed and are not decided."""
    filed = base.applications.filter(first_submitted_on__isnull=False, decided_on=None)
    return [str(reference) for reference in filed.order_by("pk").values_list("reference", flat=True)]


@officer_view(Permission.MANAGE_REGISTER, Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def correct_title(request: PersonRequest, pk: int) -> HttpResponse:
    """Correct or strike out what was entered of a title granted elsewhere, by another person than entered it."""
    here, today = request.capacity.jurisdiction, business_today()
    recorded = Certification.objects.within(here).exclude(document="").select_related("base__operator")
    title = get_object_or_404(recorded, pk=pk)
    was = {"certified_on": title.certified_on, "document": title.document, "number": title.paper_number}
    form = CorrectRecordForm(request.POST if request.method == "POST" else None, today=today, initial=was)

    def act() -> object:
        said = dict(form.cleaned_data)
        if said.pop("strike"):
            return strike_recorded_certification(title, because=said["because"], by=request.capacity, on=today)
        return correct_recorded_certification(title, by=request.capacity, on=today, **said)

    hint = _("登记有误时由登记人以外的经办岗或审批岗对照文件原件更正，原内容和原因留在经过里。")
    return _ask(
        request,
        title.base,
        form,
        act,
        title=_("更正认定登记"),
        button=_("保存更正"),
        done=_("已更正，原内容留在经过里。"),
        hint=hint,
    )


def _own_titles(base: Base, level: str, on: datetime.date) -> tuple[str, list[tuple[str, Any]]]:
    """Return the pack of the place and the titles of it that a bureau of this level grants."""
    try:
        pack = pack_in_force(at=base.jurisdiction, on=on)
    except NoPolicyInForce:
        return "", []
    own = {title.code for title in pack.section(BasePolicy).titles if title.level.value == level}
    return pack.id, [(code, name) for code, name in title_choices(base.jurisdiction, on) if code in own]


@officer_view(Permission.MANAGE_REGISTER)
@require_http_methods(["GET", "POST"])
def accept_uscc(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept a credit code whose check character is wrong on the licence itself, with the reason."""
    base = base_in_territory(request, pk)
    form = UnusualUsccForm(request.POST if request.method == "POST" else None, initial={"code": base.operator.uscc})

    def act() -> object:
        return accept_unusual_uscc(base.operator, by=request.capacity, on=business_today(), **form.cleaned_data)

    hint = _("只用于证照原件上的代码本身不合校验规则的少数单位。核对原件后照录，写明依据，留存记录。")
    return _ask(
        request, base, form, act, title=_("核准特殊信用代码"), button=_("核准代码"), done=_("代码已核准。"), hint=hint
    )


def _ask(
    request: PersonRequest,
    base: Base,
    form: forms.BaseForm,
    act: Callable[[], object],
    *,
    title: str,
    button: str,
    done: str,
    hint: str = "",
    closed: bool = False,
) -> HttpResponse:
    """Show one form about a base; when it is sent and right, act and return to the base, else show what is wrong."""
    back = address("desk:base", (base.pk,)) or reverse("bases:register")
    if request.method == "POST" and not closed and form.is_valid() and _done(form, act):
        messages.success(request, done)
        return redirect(back)
    crumbs = [Crumb(_("基地名册"), reverse("bases:register")), Crumb(base.name, back), Crumb(title)]
    context = {"base": base, "form": form, "title": title, "button": button, "hint": hint, "closed": closed}
    status = 422 if form.errors else 200
    return render(request, "bases/officer_form.html", {**context, "crumbs": crumbs, "back": back}, status=status)


def _done(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    try:
        act()
    except DomainError as refusal:
        write_refusal(form, refusal, places={"uscc": "code"})
    return not form.errors
