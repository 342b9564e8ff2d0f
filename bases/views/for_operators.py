"""Revocation proceedings as the holder of the title sees them: sign for a paper, answer it, read what follows."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bases import actions
from bases.actions.proceedings import Law, law_of, waiting_paper, workdays
from bases.forms import DefenceForm
from bases.models import Revocation
from bases.states import RevocationStatus as R
from bases.views.asking import done
from bases.views.pipeline import TONES, steps_of
from bases.views.revocations import announcement_of
from bases.views.rosters import operator_of
from portal.accounts.decorators import PersonRequest, operator_view
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, due
from portal.deadlines.today import business_today
from portal.documents.models import Letter
from portal.documents.service import served_on
from portal.errors import DomainError
from portal.web.uploading import keep


@dataclass(frozen=True)
class Remedy:
    """One way to contest the decision: where, until when with its sum."""

    name: str
    where: str
    until: Due


@dataclass(frozen=True)
class Hearing:
    """A hearing that was asked for: since when, when it is (empty while it is not set), when its notice was served."""

    asked_on: datetime.date
    when: str
    served_on: datetime.date | None


def own_revocation(request: PersonRequest, pk: int) -> Revocation:
    """Return proceedings against a title of the operator. Before a notice is issued they do not exist for it."""
    related = ("base__jurisdiction", "certification", "decider", "operator", "ban", "notice", "decision")
    told = Revocation.objects.filter(notice__isnull=False, operator=operator_of(request))
    return get_object_or_404(told.select_related(*related, "hearing_letter", "plaque_letter", "ended_letter"), pk=pk)


@operator_view
@require_safe
def revocation(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what waits for the holder, what it may do until when, and what comes next."""
    found = own_revocation(request, pk)
    form = _ready(found, DefenceForm()) if found.status == R.DEFENCE else None
    return render(request, "bases/operator_revocation.html", _context(found, form))


@operator_view
@require_POST
def sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign for the paper that waits: it is served, and opens."""
    found = own_revocation(request, pk)
    paper = waiting_paper(found)
    try:
        actions.sign_for_paper(found, by=request.capacity, on=business_today())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已签收，今天就是送达日。下面是全文。"))
        if paper is not None:
            return redirect("documents:letter", paper.key)
    return redirect("bases:my_revocation", found.pk)


@operator_view
@require_POST
def defend(request: PersonRequest, pk: int) -> HttpResponse:
    """File a defence, with a hearing if it is asked for."""
    found = own_revocation(request, pk)
    form = _ready(found, DefenceForm(request.POST, request.FILES))

    @transaction.atomic  # files of a defence that is not taken are not kept
    def act() -> object:
        said = dict(form.cleaned_data)
        files = keep(said.pop("uploads"), field="uploads", at=found.jurisdiction, by=request.capacity)
        return actions.file_defence(found, uploads=files, by=request.capacity, on=business_today(), **said)

    answer = done(request, form, act)
    if isinstance(answer, HttpResponse):
        return answer
    if answer:
        messages.success(request, _("陈述申辩已提交，办理机关会逐条复核。"))
        return redirect("bases:my_revocation", found.pk)
    return render(request, "bases/operator_revocation.html", _context(found, form), status=422)


def _ready(found: Revocation, form: DefenceForm) -> DefenceForm:
    """Return the form without the question for a hearing where it was asked for, or its days are over."""
    over = found.defence_ends is not None and business_today() > found.defence_ends
    if over or found.defences.filter(asks_hearing=True).exists():
        del form.fields["asks_hearing"]
    return form


def _context(found: Revocation, form: DefenceForm | None) -> dict[str, Any]:
    today, law = business_today(), law_of(found)
    paper = waiting_paper(found)
    return {
        "revocation": found,
        "law": law,
        "paper": paper,
        "announced": announcement_of(found),
        "form": form,
        "steps": steps_of(found, told=True),
        "tone": TONES[found.status],
        "term": Due.from_json(found.defence_term) if found.defence_term else None,
        "late": found.defence_ends is not None and today > found.defence_ends,
        "hearing": _hearing(found),
        "defences": list(found.defences.prefetch_related("uploads").order_by("pk")),
        "letters": _letters(found),
        "remedies": remedies_of(found, law),
        "ground": law.ground,
        "hand_back": workdays(found, found.served_on, law.policy.plaque_workdays.value) if found.served_on else None,
    }


def _hearing(found: Revocation) -> Hearing | None:
    asked = found.defences.filter(asks_hearing=True).order_by("filed_on", "pk").first()
    late = asked is not None and found.defence_ends is not None and asked.filed_on > found.defence_ends
    if asked is None or (late and found.hearing_set_for is None):
        return None
    return Hearing(asked.filed_on, found.hearing_time, served_on(found.hearing_letter))


def _letters(found: Revocation) -> list[Letter]:
    """Return what the holder may read of the proceedings, newest first."""
    about = Letter.objects.open_to_operator(found.operator_id)
    return list(about.filter(subject_type=found._meta.label_lower, subject_id=str(found.pk)).order_by("-id"))


def remedies_of(found: Revocation, law: Law) -> list[Remedy]:
    """Return how a served decision may be contested, each until its day."""
    if found.status != R.REVOKED or found.served_on is None:
        return []
    calendar = calendar_for(found.decider)
    days, months = law.policy.reconsideration_days.value, law.policy.suit_months.value
    return [
        Remedy(
            _("行政复议"),
            _("向%(place)s人民政府申请") % {"place": found.decider.name},
            due(found.served_on, days, "day", calendar),
        ),
        Remedy(_("行政诉讼"), _("向人民法院提起"), due(found.served_on, months, "month", calendar)),
    ]
