"""弄虚作假、不履行服务承诺: reported by who verified it, established or not by another person."""

import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bases.models import Base
from complaints import actions
from complaints.forms.handling import GROUNDS, MisconductDecisionForm, MisconductForm
from complaints.models import Complaint, Misconduct
from complaints.procedure import HandlingPolicy
from complaints.rules import ComplaintPolicy
from complaints.states import MisconductStatus
from complaints.views.for_officers.asking import attempt, capacity_of, files_lost, kept, staff_of
from complaints.views.for_officers.entering import base_in_territory
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.documents import uploads
from portal.documents.models import Upload
from portal.policies.loader import policy_in_force
from portal.policies.timeline import NoPolicyInForce

HANDLE, CONFIRM = Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report what two officers verified about a base, alone or in the course of a complaint."""
    base, by, today = base_in_territory(request, pk), capacity_of(request), business_today()
    complaint = _complaint_named(request, base)
    law = handling_at(base, today)
    if law is None:
        raise Http404
    staff = staff_of(by.jurisdiction)
    form = MisconductForm(request.POST or None, request.FILES or None, staff=staff, least=law.verifying_officers.value)
    if request.method == "POST" and form.is_valid():
        reported: list[Misconduct] = []
        answer = attempt(request, form, lambda: reported.append(_report(request, base, form, complaint)))
        if answer or not form.errors:
            if answer is None:
                messages.success(request, _("已上报，由本机关审批岗的另一位人员审定。"))
            return answer or redirect("complaints:misconduct", reported[0].pk)
    context = {"base": base, "form": form, "complaint": complaint, "files_lost": files_lost(form)}
    context["may"] = verifies(base, by, law)
    return render(request, "complaints/officer_report.html", context, status=422 if form.errors else 200)


def handling_at(base: Base, on: datetime.date) -> HandlingPolicy | None:
    """Return who handles complaints about the base, None where no policy is in force: nobody reports there."""
    try:
        return policy_in_force(ComplaintPolicy, at=base.jurisdiction, on=on).handling
    except NoPolicyInForce:
        return None


def verifies(base: Base, by: Capacity, law: HandlingPolicy) -> bool:
    """Whether the officer's bureau verifies for the base: the one the policy names, or one above it."""
    return by.may(HANDLE) and by.jurisdiction.covers(base.jurisdiction.ancestor(law.verifier.value).code)


def _complaint_named(request: HttpRequest, base: Base) -> Complaint | None:
    asked = request.GET.get("complaint", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return Complaint.objects.filter(base=base, pk=int(asked)).first()


@transaction.atomic  # photographs of a report that is refused are not kept
def _report(request: HttpRequest, base: Base, form: MisconductForm, complaint: Complaint | None) -> Misconduct:
    by, said = capacity_of(request), dict(form.cleaned_data)
    files = kept(said.pop("uploads"), at=base.jurisdiction, by=by)
    said["officers"] = list(said["officers"])
    return actions.report_misconduct(base, by=by, on=business_today(), uploads=files, complaint=complaint, **said)


@officer_view(Permission.READ_CASES)
@require_http_methods(["GET", "POST"])
def misconduct(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was verified, and let an approver who took no part establish it or not."""
    by = capacity_of(request)
    mine = Misconduct.objects.within(by.jurisdiction)
    found = get_object_or_404(
        mine.select_related("base__operator", "complaint", "desk", "reported_by", "decided_by"), pk=pk
    )
    form = MisconductDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = attempt(
            request, form, lambda: actions.decide_misconduct(found, by=by, on=business_today(), **form.cleaned_data)
        )
        if answer or not form.errors:
            if answer is None:
                messages.success(request, _("已审定。"))
            return answer or redirect("complaints:misconduct", found.pk)
    context = _context(found, by) | {"form": form}
    return render(request, "complaints/officer_misconduct.html", context, status=422 if form.errors else 200)


def _context(found: Misconduct, by: Capacity) -> dict[str, Any]:
    waits = found.status == MisconductStatus.REPORTED
    return {
        "found": found,
        "ground": GROUNDS.get(found.ground, found.ground),
        "officers": list(found.officers.order_by("pk")),
        "uploads": list(found.uploads.order_by("pk")),
        "reads": by.may(HANDLE) or by.may(CONFIRM),
        "waits": waits,
        "decides": waits and by.may(CONFIRM) and found.desk_id == by.jurisdiction.pk,
        "took_part": bool(by.people & found.people),
    }


@officer_view(HANDLE, CONFIRM)
@require_safe
def misconduct_file(request: HttpRequest, pk: int, key: Any) -> HttpResponseBase:
    """Hand out a photograph or paper of the report."""
    mine = Misconduct.objects.within(capacity_of(request).jurisdiction)
    found = get_object_or_404(mine, pk=pk)
    upload = Upload.objects.filter(key=key).first()
    if upload is None or not found.uploads.filter(pk=upload.pk).exists():
        raise Http404
    return uploads.serve(upload, request)
