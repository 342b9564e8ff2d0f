"""The record of a site visit, with photographs that stay when something else on the form has to be mended."""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions
from applications.actions.correction import places_of
from applications.actions.moving import procedure_of, stay_began
from applications.forms import VisitForm, revision_of
from applications.models import Application
from applications.states import Verdict
from applications.views.acting import capacity_of
from applications.views.dossiers import filed_words
from applications.views.for_officers.acts import attempt, onward, passed_on
from applications.views.for_officers.cases import case_address, dossier_in_territory, on_desk
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_now, business_today
from portal.documents import uploads
from portal.documents.models import Upload
from portal.errors import DomainError

KEPT_FOR = datetime.timedelta(hours=24)


@officer_view(Permission.RECORD_VISIT)
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the record of a site visit with its photographs."""
    application = dossier_in_territory(request, pk)
    form = _form(request, application)
    here = on_desk(application, capacity_of(request))
    if request.method == "POST" and form.is_valid():
        back = case_address(application)
        answer = attempt(request, form, lambda: _record_visit(application, form, request), back=back)
        if answer or not form.errors:
            done = _kept(application, form.cleaned_data["conclusion"], capacity_of(request))
            return answer or onward(request, passed_on(application, done) + _off_day(application, form))
    lost = bool(form.errors and request.FILES.getlist("photos"))
    if lost and here and "photos" not in form.errors:
        _keep_photographs(request, application, form)
        lost = "photos" in form.errors
    rule = procedure_of(application).visit_officers
    context = {"application": application, "form": form, "here": here, "rule": rule, "photos_lost": lost}
    return render(request, "applications/visit.html", context, status=422 if form.errors else 200)


def _kept(application: Application, conclusion: str, capacity: Capacity) -> str:
    """Return what the record brought about: after a negative conclusion the own approvers are asked (0159)."""
    if conclusion == Verdict.AGAINST and application.call.jurisdiction_id == capacity.jurisdiction.pk:
        return _("考察记录已登记，结论为“不同意”，已列入本单位审批岗的待我办理，由其决定是否不予认定")
    return _("考察记录已登记，已报下一环节")


def _off_day(application: Application, form: VisitForm) -> str:
    """Return that the day that was entered is no working day, and why; empty for a working day."""
    day, calendar = form.cleaned_data["visited_on"], calendar_for(application.jurisdiction)
    if calendar.is_workday(day):
        return ""
    return _("考察日期 %(day)s 是%(why)s，不是工作日。") % {"day": day, "why": calendar.why_off(day)}


def _form(request: HttpRequest, application: Application) -> VisitForm:
    today = business_today()
    return VisitForm(
        request.POST or None,
        request.FILES or None,
        staff=officers_at(application.desk, Permission.RECORD_VISIT, today) if application.desk else [],
        least=procedure_of(application).visit_officers.value,
        days=(stay_began(application, today), today),
        held=_received(request, application),
        declared=_labelled(application),
        initial={"visited_on": today, **revision_of(application)},
    )


def _received(request: HttpRequest, application: Application) -> list[Upload]:
    """Return the photographs this officer sent along with an earlier try of this day that are still ticked."""
    since = business_now() - KEPT_FOR
    own = Upload.objects.filter(uploaded_by=capacity_of(request).user, jurisdiction=application.jurisdiction)
    try:
        return list(own.filter(key__in=request.POST.getlist("kept"), uploaded_at__gte=since).order_by("pk"))
    except ValidationError:  # what was sent as a key is none
        return []


def _keep_photographs(request: HttpRequest, application: Application, form: VisitForm) -> None:
    """Take in what was chosen although the record cannot be kept yet; what is refused is said with the rest."""
    held = _received(request, application)
    for file in request.FILES.getlist("photos"):
        try:
            _add(file, held, application, request)
        except DomainError as refusal:
            form.add_error("photos", refusal.message)
    form.hold(held)


def _labelled(application: Application) -> dict[str, str]:
    """Return what was filed last at every place, as `label value`."""
    labels = places_of(application)
    return {place: f"{labels[place]} {words}" for place, words in filed_words(application).items() if place in labels}


def _add(file: "UploadedFile[bytes]", held: list[Upload], application: Application, request: HttpRequest) -> None:
    """Take a photograph in, beside those already there; one with the content of another is not kept twice."""
    at, by = application.jurisdiction, capacity_of(request)
    with transaction.atomic():
        upload = uploads.accept(file, at=at, by=by, types=("jpg", "png"), megabytes=20, moment=business_now())
        if any(each.sha256 == upload.sha256 for each in held):
            transaction.set_rollback(True)  # the file goes with its row
            return
    held.append(upload)


@transaction.atomic  # photographs that came with a visit that cannot be recorded are not kept by this act
def _record_visit(application: Application, form: VisitForm, request: HttpRequest) -> None:
    data, capacity = form.cleaned_data, capacity_of(request)
    photos = _received(request, application)
    for file in data["photos"]:
        _add(file, photos, application, request)
    actions.record_visit(
        application,
        visited_on=data["visited_on"],
        officers=list(data["officers"]),
        received_by=data["received_by"],
        findings=form.findings(),
        record_text=data["record_text"],
        conclusion=data["conclusion"],
        photos=photos,
        by=capacity,
        on=business_today(),
        seen=data["seen"],
    )
