"""Public notices and objections, the officer's side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, letters
from applications.actions.moving import procedure_of
from applications.actions.notice import (
    discipline_contact,
    notice_contact,
    notice_term,
    places_taken,
    reviewed_against,
)
from applications.forms import AnswerForm, NoticeForm, WrittenObjectionForm
from applications.models import Application, Call, Objection, PublicNotice
from applications.states import ObjectionStatus
from applications.views.acting import capacity_of
from applications.views.for_officers.acts import attempt, onward
from applications.views.for_officers.standing import notice_ended
from applications.views.for_public import takes_objections
from applications.views.objections import answer_due
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_now, business_today
from portal.documents import uploads
from portal.documents.letters import Draft
from portal.documents.previews import preview_sheet


@officer_view(Permission.PUBLICISE)
@require_http_methods(["GET", "POST"])
def new_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who goes on the list, look at the notice, publish it."""
    capacity = capacity_of(request)
    call = get_object_or_404(
        Call.objects.within(capacity.jurisdiction).filter(jurisdiction=capacity.jurisdiction), pk=pk
    )
    known = {"contact": notice_contact(call), "discipline_contact": discipline_contact(call)}
    initial = known | {"applications": request.GET.getlist("pick")}
    form = NoticeForm(request.POST or None, call=call, initial=initial)
    preview = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if request.POST.get("act") == "preview":
            preview = preview_sheet(_draft(call, data), at=call.jurisdiction, on=business_today())
        else:
            published: list[PublicNotice] = []
            answer = attempt(
                request,
                form,
                lambda: published.append(actions.publish_notice(call, by=capacity, on=business_today(), **data)),
            )
            if answer:
                return answer
            if not form.errors:
                messages.success(request, _("公示已发布。"))
                return redirect("applications:notice", published[0].pk)
    waiting = list(form.waiting)
    context = {
        "call": call,
        "form": form,
        "waiting": _waiting(waiting, request),
        "against": bool(reviewed_against(waiting)),
        "still_open": call.is_open(business_now()),
        "taken": places_taken(call),
        "term": notice_term(waiting[0], business_today()) if waiting else None,
        "preview": preview,
    }
    return render(request, "applications/new_notice.html", context, status=422 if form.errors else 200)


def _waiting(applications: list[Application], request: HttpRequest) -> list[dict[str, Any]]:
    """Return the lines of the choice: as it was sent, else the one that was asked for by `pick`, or all.

    Nobody whom the review was against is ticked until an officer does, whoever was asked for.
    """
    against, sent = reviewed_against(applications), request.POST.getlist("applications")
    wanted = request.GET.getlist("pick") or [str(each.pk) for each in applications]
    return [
        {
            "application": each,
            "against": each.pk in against,
            "ticked": str(each.pk) in sent if request.POST else str(each.pk) in wanted and each.pk not in against,
        }
        for each in applications
    ]


def _draft(call: Call, data: dict[str, Any]) -> Draft:
    """Return the notice as it would be published, unsaved."""
    chosen = list(data["applications"])
    limit = notice_term(chosen[0], business_today())
    notice = PublicNotice(
        jurisdiction=call.jurisdiction,
        call=call,
        title=letters.notice_title(call, chosen),
        published_on=business_today(),
        ends_on=limit.on,
        term=limit.as_json(),
        contact=str(data["contact"]),
        discipline_contact=str(data["discipline_contact"]),
    )
    return letters.public_notice(notice, chosen)


@officer_view(Permission.READ_CASES)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice: its list, its term with the sum, its objections."""
    capacity = capacity_of(request)
    reaching = [place.pk for place in capacity.jurisdiction.lineage()]
    found = PublicNotice.objects.filter(
        region_code__startswith=capacity.jurisdiction.prefix
    ) | PublicNotice.objects.filter(jurisdiction__in=reaching)
    found_notice = get_object_or_404(
        found.select_related("call__jurisdiction", "jurisdiction", "letter", "published_by").distinct(), pk=pk
    )
    listed = found_notice.publications.filter(application__region_code__startswith=capacity.jurisdiction.prefix)
    objections = found_notice.objections.filter(
        application__region_code__startswith=capacity.jurisdiction.prefix
    ).select_related("application__base")
    context = {
        "notice": found_notice,
        "listed": listed.select_related("application__base", "application__operator").order_by("pk"),
        "own": found_notice.jurisdiction_id == capacity.jurisdiction.pk,
        "objections": objections,
        "ended": notice_ended(found_notice, objections, business_today()),
        "may_open_objections": _handles(found_notice, capacity, Permission.HANDLE_OBJECTION, Permission.APPROVE),
        "may_enter": _handles(found_notice, capacity, Permission.HANDLE_OBJECTION)
        and takes_objections(found_notice, business_today()),
    }
    return render(request, "applications/notice.html", context)


def _handles(notice: PublicNotice, capacity: Capacity, *permissions: str) -> bool:
    """Whether the officer sits at the bureau that published the notice, in a post with one of the permissions."""
    return notice.jurisdiction_id == capacity.jurisdiction.pk and any(map(capacity.may, permissions))


@officer_view(Permission.HANDLE_OBJECTION)
@require_http_methods(["GET", "POST"])
def enter_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an objection that came on paper (登记书面异议)."""
    own = PublicNotice.objects.filter(jurisdiction=capacity_of(request).jurisdiction)
    found = get_object_or_404(own.select_related("call", "jurisdiction"), pk=pk)
    form = WrittenObjectionForm(request.POST or None, request.FILES or None, notice=found)
    if request.method == "POST" and form.is_valid():
        entered: list[Objection] = []
        answer = attempt(request, form, lambda: entered.append(_enter(found, form, request)))
        if answer:
            return answer
        if not form.errors:
            messages.success(request, _("异议已登记，查询码 %(code)s，请告知异议人。") % {"code": entered[0].code})
            return redirect("applications:objection", entered[0].pk)
    is_open = takes_objections(found, business_today())
    context = {"notice": found, "form": form, "is_open": is_open}
    return render(request, "applications/enter_objection.html", context, status=422 if form.errors else 200)


@transaction.atomic  # the scan of an objection that is not taken is not kept
def _enter(notice: PublicNotice, form: WrittenObjectionForm, request: HttpRequest) -> Objection:
    said, capacity = dict(form.cleaned_data), capacity_of(request)
    file = said.pop("evidence")
    kept = [uploads.accept(file, at=notice.jurisdiction, by=capacity, moment=business_now())] if file else []
    return actions.receive_objection(notice, evidence=kept, by=capacity, on=business_today(), **said)


def _objection(request: HttpRequest, pk: int) -> Objection:
    capacity = capacity_of(request)
    found = Objection.objects.filter(notice__jurisdiction=capacity.jurisdiction)
    return get_object_or_404(
        found.select_related("application__base", "notice__jurisdiction", "notice__call", "answered_by", "letter"),
        pk=pk,
    )


@officer_view(Permission.HANDLE_OBJECTION, Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an objection with who objects, and answer it."""
    found = _objection(request, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        founded, answer_text = form.cleaned_data["founded"] == "yes", form.cleaned_data["answer"]
        answer = attempt(
            request,
            form,
            lambda: actions.answer_objection(
                found, founded=founded, answer=answer_text, by=capacity_of(request), on=business_today()
            ),
        )
        if answer or not form.errors:
            done = _("%(name)s：对它的公示异议已答复。") % {"name": found.application.base.name}
            return answer or onward(request, done)
    context = {
        "objection": found,
        "form": form,
        "open": found.status == ObjectionStatus.OPEN,
        "may_answer": capacity_of(request).may(Permission.HANDLE_OBJECTION),
        "term": answer_due(found),
        "rule": procedure_of(found.application).objection_workdays,
    }
    return render(request, "applications/objection.html", context, status=422 if form.errors else 200)


@officer_view(Permission.HANDLE_OBJECTION, Permission.APPROVE)
@require_safe
def objection_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Hand out a piece of evidence of an objection."""
    upload = _objection(request, pk).evidence.filter(key=key).first()
    if upload is None:
        raise Http404
    return uploads.serve(upload, request)
