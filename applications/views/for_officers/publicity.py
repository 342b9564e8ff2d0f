"""Public notices and objections, the officer's side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, letters
from applications.actions.notice import notice_contact, notice_term
from applications.forms import AnswerForm, NoticeForm
from applications.models import Call, Objection, PublicNotice
from applications.states import ApplicationStatus, ObjectionStatus
from applications.views.acting import capacity_of
from applications.views.for_officers.acts import attempt, onward
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
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
    initial = {"contact": notice_contact(call), "applications": request.GET.getlist("pick")}
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
            if answer or not form.errors:
                messages.success(request, _("公示已发布。"))
                return answer or redirect("applications:notice", published[0].pk)
    waiting = list(form.waiting)
    context = {
        "call": call,
        "form": form,
        "waiting": waiting,
        "term": notice_term(waiting[0], business_today()) if waiting else None,
        "preview": preview,
        "picked": {
            str(value) for value in (request.POST or request.GET).getlist("applications" if request.POST else "pick")
        },
    }
    return render(request, "applications/new_notice.html", context, status=422 if form.errors else 200)


def _draft(call: Call, data: dict[str, Any]) -> Draft:
    """Return the notice as it would be published, unsaved."""
    chosen = list(data["applications"])
    limit = notice_term(chosen[0], business_today())
    notice = PublicNotice(
        jurisdiction=call.jurisdiction,
        call=call,
        title=f"{call.name}拟认定名单公示",
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
    applications = found_notice.applications.within(capacity.jurisdiction).select_related("base", "operator")
    objections = found_notice.objections.filter(region_code__startswith=capacity.jurisdiction.prefix).select_related(
        "application__base"
    )
    context = {"notice": found_notice, "applications": applications, "objections": objections}
    return render(request, "applications/notice.html", context)


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
            return answer or onward(request, _("异议已答复。"))
    context = {
        "objection": found,
        "form": form,
        "open": found.status == ObjectionStatus.OPEN,
        "may_answer": capacity_of(request).may(Permission.HANDLE_OBJECTION),
        "in_notice": found.application.status == ApplicationStatus.IN_NOTICE,
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
