"""Entering a complaint that came by letter, phone, visit or hotline: the same act as on the public form."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bases.models import Base
from complaints import actions, guard
from complaints.actions import Person, Receipt
from complaints.forms.handling import EntryForm
from complaints.states import Flag
from complaints.views.for_officers.asking import attempt, capacity_of, complaint_in_territory, files_lost, kept
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.encryption.fields import decrypt, encrypt
from portal.errors import InvalidInput
from portal.typed_text import writable
from portal.web.parts import Crumb

HANDLE = Permission.HANDLE_COMPLAINT
RECEIPT = "complaint_codes"
MOST_FOUND = 20


@officer_view(HANDLE)
@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Find the base that the complaint is about, by its name or its operator's."""
    asked = writable(request.GET.get("q", "")).strip()[:80]
    found = _named(request, asked) if asked else []
    return render(request, "complaints/officer_enter.html", {"asked": asked, "found": found, "most": MOST_FOUND})


def _named(request: HttpRequest, asked: str) -> list[Base]:
    bases = Base.objects.within(capacity_of(request).jurisdiction).select_related("operator", "jurisdiction__parent")
    named = bases.filter(name__icontains=asked) | bases.filter(operator__name__icontains=asked)
    return list(named.order_by("name", "pk")[:MOST_FOUND])


def base_in_territory(request: HttpRequest, pk: int) -> Base:
    """Return a base of the officer's territory; any other does not exist."""
    bases = Base.objects.within(capacity_of(request).jurisdiction)
    return get_object_or_404(bases.select_related("operator", "jurisdiction__parent__parent"), pk=pk)


@never_cache
@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def enter_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down what somebody wrote or said about a base; the code to follow it is shown on the next page."""
    base = base_in_territory(request, pk)
    form = EntryForm(request.POST or None, request.FILES or None, initial={"received_on": business_today()})
    if request.method == "POST" and form.is_valid():
        entered: list[Receipt] = []
        answer = attempt(request, form, lambda: entered.append(_enter(request, base, form)))
        if answer or not form.errors:
            return answer or _with_code(request, entered[0])
    crumbs = [Crumb(_("投诉"), reverse("complaints:complaints")), Crumb(_("登记投诉"), reverse("complaints:enter"))]
    context = {"base": base, "form": form, "crumbs": [*crumbs, Crumb(base.name)], "files_lost": files_lost(form)}
    if "another" in form.errors:
        context["same"] = guard.same_words(base, form.cleaned_data["told"], business_today())
    return render(request, "complaints/officer_entry.html", context, status=422 if form.errors else 200)


@transaction.atomic  # the scans of a complaint that is not taken are not kept
def _enter(request: HttpRequest, base: Base, form: EntryForm) -> Receipt:
    by, said = capacity_of(request), dict(form.cleaned_data)
    flags = _repeats(base, said["told"], another=said.pop("another"))
    evidence = kept(said.pop("evidence"), at=base.jurisdiction, by=by)
    person = Person(**{field: said.pop(field) for field in ("name", "phone", "mail", "business")})
    on = business_today()
    return actions.receive_complaint(base, person=person, evidence=evidence, flags=flags, by=by, on=on, **said)


def _repeats(base: Base, told: str, *, another: bool) -> list[str]:
    """Return the flag of a complaint with equal words; refuse it unless the officer says that it is another.

    The base is held first, so that of two presses of the button the second finds what the first one entered.
    """
    Base.objects.locked(base.pk)
    same = guard.same_words(base, told, business_today())
    if same is not None and not another:
        sentence = _(
            "文字与 %(number)s（%(on)s 收到）相同，没有再登记。是同一件的，不用再登；确是另一件的，请勾选后再登记。"
        )
        raise InvalidInput("", {"another": sentence % {"number": same.number, "on": same.received_on}})
    return [f"{Flag.REPEAT.value}:{same.number}"] if same is not None else []


def _with_code(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Lead to the receipt; until it is read out the code waits in the session, as ciphertext, beside other ones."""
    request.session[RECEIPT] = {**_waiting(request), str(receipt.complaint.pk): encrypt(receipt.code)}
    return redirect("complaints:receipt", receipt.complaint.pk)


def _waiting(request: HttpRequest) -> dict[str, str]:
    """Return the codes that wait to be read out, by complaint."""
    return dict(request.session.get(RECEIPT) or {})


@never_cache
@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show number and code to read out; once that is said to be done, the code is gone."""
    complaint = complaint_in_territory(request, pk)
    waiting = _waiting(request)
    if request.method == "POST":
        if waiting.pop(str(pk), None):
            request.session[RECEIPT] = waiting
        return redirect("complaints:case", pk)
    code = decrypt(waiting[str(pk)]) if str(pk) in waiting else ""
    groups = [code[start : start + 4] for start in range(0, len(code), 4)]
    return render(request, "complaints/officer_receipt.html", {"complaint": complaint, "code": " ".join(groups)})
