"""Complaints as the base sees them: the summary that was released, what was found, how many count. Nothing else.

Words, name, contact and evidence of who complained are not read here, and where a base has few tenants the days are
told by the week, so that nobody can be guessed from who was in the house.
"""

import datetime
from collections.abc import Callable
from typing import NamedTuple, cast

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bases.models import Base, Operator, Revocation, Tenant
from complaints import actions
from complaints.actions.handling import handling_of
from complaints.disclosure import week_of
from complaints.forms.answering import AnswerForm, ObjectionForm
from complaints.models import Complaint, Finding, count_of
from complaints.rules import CountingPolicy
from complaints.states import KNOWN_TO_BASE, ComplaintStatus, Outcome, Side
from portal.accounts.decorators import PersonRequest, operator_view
from portal.deadlines.terms import Due
from portal.deadlines.today import business_today
from portal.documents.models import Letter
from portal.errors import DomainError
from portal.web.forms import PlainForm, write_refusal
from portal.web.parts import Tone
from portal.web.uploading import ask_again, keep

S = ComplaintStatus
TONES: dict[str, Tone] = {S.ANSWERING: "warn", S.FOUND: "warn", S.VERIFYING: "now", S.UPHELD: "bad"}
# The fields a page for the base may read: a page that needs another one says so here first.
SHOWN = (
    *("id", "number", "base_id", "status", "policy", "received_on", "received_at", "accepted_on", "region_code"),
    *("jurisdiction_id", "summary", "summary_on", "due", "due_on", "decided_on", "overturned_on", "overturned_because"),
    *("base__name", "base__operator_id", "base__region_code", "base__jurisdiction_id"),
)


class CountLine(NamedTuple):
    """How many complaints count against a base, and at how many proceedings are opened."""

    base: Base
    number: int
    policy: CountingPolicy
    pack: str


def operator_of(request: PersonRequest) -> Operator:
    """Return the operator the person represents. Only for views marked `operator_view`."""
    return cast(Operator, request.capacity.operator)


def known_to(operator: Operator) -> QuerySet[Complaint]:
    """Return the complaints an operator may know of: their summary was released, or a finding waits for it."""
    told = Q(summary_on__isnull=False) | Q(findings__base_letter__isnull=False)
    rows = Complaint.objects.filter(told, base__operator=operator, status__in=sorted(KNOWN_TO_BASE)).distinct()
    return rows.select_related("base").only(*SHOWN)


@operator_view
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """List the complaints about one's bases, how many count, and the proceedings that followed."""
    operator, today = operator_of(request), business_today()
    bases = list(Base.objects.filter(operator=operator).select_related("jurisdiction").order_by("name", "pk"))
    told = Revocation.objects.filter(operator=operator, notice__isnull=False).select_related("base")
    context = {
        "complaints": [(each, TONES.get(each.status, "")) for each in known_to(operator).order_by("-id")],
        "counts": [line for base in bases if (line := count_line(base, today))],
        "revocations": list(told.order_by("-opened_on", "-pk")),
        "several": len(bases) > 1,
    }
    return render(request, "complaints/operator_complaints.html", context)


def count_line(base: Base, on: datetime.date) -> CountLine | None:
    """Return how many complaints count against a base, the number alone; None where the policy counts none."""
    count = count_of(base, on)
    return CountLine(base, count.number, count.policy, count.certification.policy) if count else None


def own_complaint(request: PersonRequest, pk: int) -> Complaint:
    """Return a complaint the operator may know of; any other does not exist."""
    return get_object_or_404(known_to(operator_of(request)), pk=pk)


@operator_view
@require_safe
def complaint(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what the base may know of one complaint, and what it may do until when."""
    return _page(request, own_complaint(request, pk))


@operator_view
@require_POST
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the summary."""
    found = own_complaint(request, pk)
    form = AnswerForm(request.POST, request.FILES)

    @transaction.atomic  # files of an answer that is not taken are not kept
    def act() -> object:
        files = keep(form.cleaned_data["uploads"], field="uploads", at=found.jurisdiction, by=request.capacity)
        text = form.cleaned_data["text"]
        return actions.answer_complaint(found, text=text, uploads=files, by=request.capacity, on=business_today())

    if _done(form, act):
        messages.success(request, _("答复已提交，转入核实。"))
        return redirect("complaints:my_complaint", found.pk)
    return _page(request, found, form, status=422)


@operator_view
@require_POST
def sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign for the finding: it is served, and can be read."""
    found = own_complaint(request, pk)
    try:
        actions.sign_for_finding(found, by=request.capacity, on=business_today())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已签收，今天就是送达日。请看核实结果。"))
    return redirect("complaints:my_complaint", found.pk)


@operator_view
@require_POST
def object_to(request: PersonRequest, pk: int) -> HttpResponse:
    """Object to the finding."""
    found = own_complaint(request, pk)
    form = ObjectionForm(request.POST)

    def act() -> object:
        text = form.cleaned_data["text"]
        return actions.object_to_finding(found, text=text, by=request.capacity, on=business_today())

    if _done(form, act):
        messages.success(request, _("异议已提交，答复以前不会确认。"))
        return redirect("complaints:my_complaint", found.pk)
    return _page(request, found, form, status=422)


def _done(form: PlainForm, act: Callable[[], object]) -> bool:
    """Whether the form is right and the act was done; a refusal is written into the form."""
    if form.is_valid():
        try:
            act()
        except DomainError as refusal:
            write_refusal(form, refusal)
    if form.errors:
        ask_again(form)
    return not form.errors


def _page(
    request: PersonRequest, found: Complaint, form: PlainForm | None = None, *, status: int = 200
) -> HttpResponse:
    today, finding = business_today(), _last_finding(found)
    served = finding if finding is not None and finding.served_on else None
    objected = served.objections.filter(side=Side.BASE).first() if served else None
    small = _is_small(found)
    context = {
        "complaint": found,
        "tone": TONES.get(found.status, ""),
        "received": _told(found.received_on, small=small),
        "accepted": _told(found.accepted_on, small=small),
        "limit": found.limit if found.status == S.ANSWERING else None,
        "handling": handling_of(found),
        "answer": getattr(found, "answer", None),
        "paper": finding.base_letter if finding and not served and found.status == S.FOUND else None,
        "finding": served,
        "outcome": Outcome(served.outcome).label if served else "",
        "objection_term": Due.from_json(served.objection_term) if served and served.objection_term else None,
        "objected": objected,
        "answer_form": _form(AnswerForm, form, found.status == S.ANSWERING),
        "objection_form": _form(ObjectionForm, form, objected is None and _may_object(found, served, today)),
        "letters": _letters(found, operator_of(request)),
        "count": count_line(Base.objects.select_related("jurisdiction", "operator").get(pk=found.base_id), today),
    }
    return render(request, "complaints/operator_complaint.html", context, status=status)


def _form(kind: type[PlainForm], sent: PlainForm | None, offered: bool) -> PlainForm | None:
    return (sent if isinstance(sent, kind) else kind()) if offered or isinstance(sent, kind) else None


def _last_finding(found: Complaint) -> Finding | None:
    rows = found.findings.filter(base_letter__isnull=False).select_related("base_letter")
    return rows.order_by("number").last()


def _may_object(found: Complaint, served: Finding | None, today: datetime.date) -> bool:
    open_until = served.objection_ends if served else None
    return found.status == S.FOUND and open_until is not None and today <= open_until


def _letters(found: Complaint, operator: Operator) -> list[Letter]:
    """Return the letters to the base, newest first; one that waits for a signature is not among them."""
    about = Letter.objects.open_to_operator(operator.pk)
    return list(about.filter(subject_type=found._meta.label_lower, subject_id=str(found.pk)).order_by("-id"))


def _told(day: datetime.date | None, *, small: bool) -> str:
    """Return a day as the base may know it: by the week where it has few tenants."""
    if day is None:
        return ""
    return week_in_words(day) if small else f"{day:%Y-%m-%d}"


def _is_small(found: Complaint) -> bool:
    """Whether the base had few tenants when the complaint came in; entries made since then do not make it larger."""
    there = Tenant.objects.filter(base=found.base_id, recorded_at__lte=found.received_at).present(found.received_on)
    return there.count() < handling_of(found).small_base_tenants.value


def week_in_words(day: datetime.date) -> str:
    """Return the week a day lies in, by its Monday: seven days also at the ends of a month."""
    return _("%(monday)s起的一周") % {"monday": f"{week_of(day):%Y-%m-%d}"}
