"""The complaints of a territory, without a trace of who made them; what is held back; the figures."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import actions
from complaints.actions.handling import held
from complaints.forms.handling import QuarantineForm
from complaints.forms.listing import ComplaintListForm
from complaints.models import Complaint
from complaints.states import OPEN
from complaints.views.for_officers.figures import figures_of
from complaints.views.for_officers.flags import flags_in_words
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_today
from portal.errors import DomainError, InvalidInput
from portal.web.filters import chips
from portal.web.pagination import paginate

NEWEST = ("-received_on", "-id")
BY_TERM = ("due_on", "id")
PER_PAGE = 20


@officer_view(Permission.READ_CASES)
@require_safe
def complaints(request: PersonRequest) -> HttpResponse:
    """List the complaints of the territory; how many wait in quarantine; the figures of the place."""
    here, today = request.capacity.jurisdiction, business_today()
    form = ComplaintListForm(request.GET, jurisdiction=here, on=today)
    chosen = form.chosen().select_related("base", "jurisdiction__parent", "desk")
    page = paginate(request, chosen, order=NEWEST)
    context = {
        "here": here,
        "form": form,
        "page": page,
        "chips": chips(request, form),
        "open": OPEN,
        "calendar": calendar_for(here),
        "figures": figures_of(form.of_place(), here, today),
        "held": _held(request).count() if request.capacity.may(Permission.HANDLE_COMPLAINT) else 0,
        "may_enter": request.capacity.may(Permission.HANDLE_COMPLAINT),
    }
    return render(request, "complaints/officer_list.html", context)


def _held(request: PersonRequest) -> QuerySet[Complaint]:
    """Return what waits in quarantine at the officer's own desk."""
    here = request.capacity.jurisdiction
    waiting = Complaint.objects.within(here).filter(desk=here, held_back=True, status__in=sorted(OPEN))
    return waiting.select_related("base")


@officer_view(Permission.HANDLE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def quarantine(request: PersonRequest) -> HttpResponse:
    """Look through what machines flagged: let it go on, or reject it, one by one or several at once."""
    waiting = _held(request)
    form = QuarantineForm(request.POST or None, held=waiting)
    if request.method == "POST" and form.is_valid():
        done = _decide(request, form)
        if done:
            messages.success(request, done)
        if not form.errors:
            return redirect("complaints:quarantine")
    page = paginate(request, waiting, per_page=PER_PAGE, order=BY_TERM)
    picked = {str(pk) for pk in request.POST.getlist("pick")}
    rows = [(each, flags_in_words(each), str(each.pk) in picked) for each in page]
    context = {"page": page, "rows": rows, "form": form, "calendar": calendar_for(request.capacity.jurisdiction)}
    return render(request, "complaints/officer_quarantine.html", context, status=422 if form.errors else 200)


def _decide(request: PersonRequest, form: QuarantineForm) -> str:
    """Do the act on every complaint picked, each for itself; return what was done in words, nothing if nothing was.

    What was refused is written into the form.
    """
    said, done = form.cleaned_data, []
    for complaint in said["pick"].order_by("pk"):
        try:
            _decide_one(request, complaint, said)
            done.append(complaint.number)
        except DomainError as refusal:
            form.add_error(*_place_of(refusal, complaint))
    word = _("已放行 %(n)s 件") if said["act"] == "release" else _("已不予受理 %(n)s 件")
    return f"{word % {'n': len(done)}}：{'、'.join(done)}" if done else ""


@transaction.atomic
def _decide_one(request: PersonRequest, complaint: Complaint, said: dict[str, Any]) -> None:
    by, today = request.capacity, business_today()
    if said["act"] == "release":
        actions.release_from_quarantine(complaint, by=by, on=today)
    elif not held(complaint).held_back:  # another officer found that it is meant, after this list was shown
        raise DomainError(_("已由他人放行，没有办理。仍要不予受理的，请打开这一件办理。"))
    else:
        actions.reject_complaint(complaint, reason=said["reason"], by=by, on=today)


def _place_of(refusal: DomainError, complaint: Complaint) -> tuple[str | None, str]:
    problems: Iterable[str] = refusal.problems.values() if isinstance(refusal, InvalidInput) else ()
    for sentence in problems:
        return "reason", sentence
    return None, f"{complaint.number}：{refusal.message}"
