"""A further list of corrections before the approver it waits for: the whole list, its letter, and the answer (0157)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions
from applications.actions.moving import procedure_of
from applications.forms import DeclineForm
from applications.models import Application, CorrectionProposal
from applications.states import CorrectionKind, ProposalStatus
from applications.views.acting import capacity_of
from applications.views.dossiers import filed_words
from applications.views.for_officers import previews
from applications.views.for_officers.acts import attempt, onward
from applications.views.for_officers.cases import case_address
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.web.forms import PlainForm

RELATED = ("application__base", "application__desk", "application__call", "asked_of", "proposed_by", "closed_by")


@officer_view(Permission.GIVE_OPINION, Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a further list; the approver agrees to it or not, the desk that drew it up may take it back."""
    cases = Application.objects.visible_to_officers().within(capacity_of(request).jurisdiction)
    found = get_object_or_404(CorrectionProposal.objects.select_related(*RELATED), pk=pk, application__in=cases)
    act = request.POST.get("act", "")
    form = DeclineForm(request.POST) if act == "decline" else PlainForm(request.POST or None)
    if act in DONE and form.is_valid():
        back = case_address(found.application)
        answer = attempt(request, form, lambda: _answer(found, act, form, request), back=back)
        if answer or not form.errors:
            return answer or onward(request, f"{found.application.base.name}：{DONE[act]()}")
    context = _context(found, capacity_of(request), form)
    return render(request, "applications/proposal.html", context, status=422 if form.errors else 200)


DONE = {
    "agree": lambda: _("已同意，补正告知书已发出，暂停计时。"),
    "decline": lambda: _("已记入不同意，件退回经办岗继续办理。"),
    "take_back": lambda: _("已撤回再次补正清单，可以继续办理。"),
}


def _answer(found: CorrectionProposal, act: str, form: PlainForm, request: HttpRequest) -> None:
    by, on = capacity_of(request), business_today()
    if act == "agree":
        actions.agree_to_correction(found, by=by, on=on)
    elif act == "decline":
        actions.decline_correction(found, reason=form.cleaned_data["reason"], by=by, on=on)
    else:
        actions.take_back_proposal(found, by=by, on=on)


def _context(found: CorrectionProposal, capacity: Capacity, form: PlainForm) -> dict[str, Any]:
    application, waits, today = found.application, found.status == ProposalStatus.WAITING, business_today()
    own = application.desk_id == capacity.jurisdiction.pk
    sheet = previews.further_list(found, by=capacity, on=today) if waits and own else None
    return {
        "proposal": found,
        "application": application,
        "waits": waits,
        "left": waits and actions.asked_has_left(found, today),
        "rows": _rows(found),
        "earlier": application.corrections.filter(step=found.step, asked_on__lte=found.proposed_on).order_by("number"),
        "form": form,
        "decline_form": form if isinstance(form, DeclineForm) else DeclineForm(),
        "may_answer": waits and actions.may_answer(found, capacity, today),
        "may_take_back": waits and own and capacity.may(Permission.GIVE_OPINION),
        "decides_here": application.call.jurisdiction_id == capacity.jurisdiction.pk,
        "preview": sheet,
        "rule": procedure_of(application).correction_workdays,
    }


def _rows(found: CorrectionProposal) -> list[dict[str, Any]]:
    """Return the items as the page lays them out, each with what was filed there."""
    filed = filed_words(found.application)
    return [
        item | {"kind": CorrectionKind(item["kind"]).label, "filed": filed.get(item["place"], "")}
        for item in found.listed
    ]
