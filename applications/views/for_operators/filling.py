"""Filling in: one section a page with autosave, the papers, the check, the submission and its receipt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, dossier
from applications.actions.answering import closed_fields, demands, open_places, waiting_list
from applications.actions.filing import EDITABLE, answers_of, missing
from applications.actions.moving import policy_of, procedure_of
from applications.forms import SectionForm, SubmitForm, initial_of, revision_of
from applications.models import Application
from applications.plausibility import hints_on
from applications.states import FINAL
from applications.views.acting import capacity_of
from applications.views.conditions import conditions_ahead
from applications.views.contacts import whom_to_ask
from applications.views.dossiers import RosterBeside, answers_in_words, roster_beside, whole
from applications.views.for_operators.cases import my_application
from applications.views.for_operators.contents import (
    FILES,
    PAGES,
    after,
    blank_pages,
    contents,
    demand_rows,
    onward,
    open_pages,
    page_of,
    places_to_fill,
    to_begin,
)
from applications.views.for_operators.slots import slots_of
from applications.views.progress import next_steps
from bases.models import Tenant
from portal.accounts.decorators import operator_view
from portal.deadlines.today import business_now, business_today
from portal.documents import uploads
from portal.errors import DomainError, InvalidInput, StatusMoved
from portal.web.error_pages import stale
from portal.web.numbers import whole_number
from portal.web.parts import Act

NOW = "now"  # of the versions of a dossier, the one that is being written


@operator_view
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show and keep one section. What is typed is always kept, right or wrong; what is wrong is said."""
    application = my_application(request, pk)
    try:
        each = dossier.section(code)
    except LookupError:
        raise Http404 from None
    row = application.answers.filter(section=code).first()
    form = _section_form(application, each, row.data if row else _known(application, each), request)
    if request.method == "POST":
        return _keep(request, application, each, form)
    if row is not None and not row.complete:
        closed, lists = closed_fields(application, each), policy_of(application).lists
        wrong = dossier.check_section(each, row.data, lists, business_today(), closed).problems
        form.say({code: says for code, says in wrong.items() if code not in closed})
    return _section_page(request, application, each, form, seen=row.revision if row else 0)


def _known(application: Application, each: dossier.Section) -> dict[str, Any]:
    """Return what the register holds of the answers to a section that nobody has saved yet."""
    if each.code != "unit":
        return {}
    opened_on = application.base.opened_on
    return {
        "opened_on": opened_on and opened_on.isoformat(),
        "contact_phone": application.operator.phone or application.base.phone,
    }


def _section_form(
    application: Application, each: dossier.Section, data: dict[str, Any], request: HttpRequest
) -> SectionForm:
    only = frozenset(field.code for field in each.fields) - closed_fields(application, each)
    if application.status not in EDITABLE:
        only = frozenset()
    typed = request.POST if request.method == "POST" else None
    lists, asked = policy_of(application).lists, _asked_of(application, each)
    return SectionForm(each, lists, typed, initial=initial_of(data), only=only, asked=asked)


def _asked_of(application: Application, each: dossier.Section) -> dict[str, str]:
    """Return what the correction list that waits asks of the fields of a section."""
    request = waiting_list(application)
    rows = [(*item["place"].partition("."), item["note"]) for item in request.items] if request else []
    return {field: note for code, _dot, field, note in rows if code == each.code and field}


def _keep(request: HttpRequest, application: Application, each: dossier.Section, form: SectionForm) -> HttpResponse:
    background = request.headers.get("X-Autosave") == "1"
    try:
        checked = actions.save_section(
            application,
            section=each.code,
            typed=form.typed(),
            by=capacity_of(request),
            at=business_now(),
            seen=whole_number(request.POST.get("section_seen", "")),
        )
    except StatusMoved as moved:
        return HttpResponse(status=409) if background else stale(request, moved, form=form)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return HttpResponse(status=409) if background else redirect("applications:overview", application.pk)
    if background:
        revision = application.answers.values_list("revision", flat=True).get(section=each.code)
        return HttpResponse(status=204, headers={"X-Revision": str(revision), "X-Saved-At": f"{business_now():%H:%M}"})
    if request.POST.get("act") == "later":
        messages.success(request, _("已保存，可以以后再填。"))
        return redirect("applications:overview", application.pk)
    if checked.problems:
        form.say(checked.problems)
        form.initial = initial_of(checked.values)  # what is derived from them is shown as it is now
        row = application.answers.get(section=each.code)
        return _section_page(request, application, each, form, seen=row.revision, status=422)
    return redirect(after(application, each.code))


def _section_page(
    request: HttpRequest,
    application: Application,
    each: dossier.Section,
    form: SectionForm,
    *,
    seen: int,
    status: int = 200,
) -> HttpResponse:
    row = application.answers.filter(section=each.code).first()
    onward = _("保存，下一处") if application.status == "returned" else _("保存，下一节")
    context = {
        "application": application,
        "section": each,
        "number": dossier.SECTIONS.index(each) + 1,
        "of": PAGES,
        "ask": whom_to_ask(application),
        "form": form,
        "seen": seen,
        "contents": contents(application, each.code),
        "saved_at": row.saved_at if row else None,
        "demands": demand_rows(application),
        "hints": hints_on(each.code, answers_of(application), places_to_fill(application)),
        "roster": _roster(application) if each.code == "tenants" else None,
        "editable": application.status in EDITABLE and each.code in open_pages(application),
        "acts": [
            Act(onward, kind="primary", name="act", value="next"),
            Act(_("保存，稍后再填"), kind="plain", name="act", value="later"),
        ],
    }
    return render(request, "applications/section.html", context, status=status)


def _roster(application: Application) -> RosterBeside | None:
    """Return the operator's own roster beside what is written in the dossier now."""
    present = Tenant.objects.present(business_today()).filter(base_id=application.base_id).count()
    href = reverse("bases:my_roster", args=[application.base_id])
    return roster_beside(application, answers_of(application), present, href)


@operator_view
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload into the slots of the list; what may be uploaded is said before."""
    application = my_application(request, pk)
    refusals: dict[str, list[str]] = {}
    if request.method == "POST":
        slot = request.POST.get("slot", "")
        for file in request.FILES.getlist("file"):
            refusal = _take(request, application, slot, file)
            if refusal:
                refusals.setdefault(slot, []).append(refusal)
        if not request.FILES.getlist("file"):
            refusals[slot] = [_("没有选文件，请先选择文件再上传。")]
        if not refusals:
            _say_taken(request, application, slot)
            return redirect(f"{reverse('applications:files', args=[application.pk])}#{slot}")
    return render(
        request,
        "applications/files.html",
        {
            "application": application,
            "slots": slots_of(application, refusals),
            "number": PAGES - 1,
            "of": PAGES,
            "contents": contents(application, FILES),
            "demands": demand_rows(application),
            "refused": _lines(application, refusals),
            "unscanned": application.attachments.filter(removed_at__isnull=True, upload__scan="unscanned").exists(),
            "editable": application.status in EDITABLE,
        },
        status=422 if refusals else 200,
    )


def _say_taken(request: HttpRequest, application: Application, slot: str) -> None:
    """Say that the files were taken, and of a correction where nothing changed by it."""
    if any(each.place == slot and each.resent for each in demands(application)):
        messages.warning(
            request, _("已上传，但文件与原来的相同，等于没有改。请换成改好的文件，或者在提交前写明为什么不改。")
        )
    else:
        messages.success(request, _("已上传。"))


def _lines(application: Application, refusals: dict[str, list[str]]) -> list[dict[str, str]]:
    """Return the refused files for the summary on top, each linked to its place in the list of papers."""
    names = {document.slot: document.name for document in procedure_of(application).uploads()}
    return [
        {"href": f"#{slot}", "label": names.get(slot, _("文件")), "text": says}
        for slot, sentences in refusals.items()
        for says in sentences
    ]


def _take(request: HttpRequest, application: Application, slot: str, file: Any) -> str:
    """Accept one file and attach it; return the sentence of the refusal, empty if all went well."""
    document = next((each for each in procedure_of(application).uploads() if each.slot == slot), None)
    if document is None:
        return _("申报材料清单里没有这一项。")
    capacity = capacity_of(request)
    try:
        with transaction.atomic():  # a file that cannot be attached is not kept
            upload = uploads.accept(
                file,
                at=application.jurisdiction,
                by=capacity,
                types=document.types,
                megabytes=document.megabytes,
                moment=business_now(),
            )
            actions.attach_file(application, slot=slot, upload=upload, by=capacity, at=business_now())
    except DomainError as refusal:
        return refusal.message
    return ""


@operator_view
@require_POST
def remove_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out of its slot."""
    application = my_application(request, pk)
    attachment = get_object_or_404(application.attachments, pk=whole_number(request.POST.get("remove", "")))
    try:
        actions.detach_file(attachment, by=capacity_of(request), at=business_now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已删除 %(name)s。") % {"name": attachment.upload.original_name})
    return redirect(f"{reverse('applications:files', args=[application.pk])}#{attachment.slot}")


@operator_view
@require_safe
def my_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Hand out a file of one's own application."""
    application = my_application(request, pk)
    row = application.attachments.select_related("upload").filter(upload__key=key).first()
    if row is None:
        raise Http404
    return uploads.serve(row.upload, request)


@operator_view
@require_safe
def as_filed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one submitted version in full, or the draft; during a correction also what is corrected so far."""
    application = my_application(request, pk)
    wanted = request.GET.get("v", "")
    now = wanted == NOW and application.status in EDITABLE
    address = "applications:my_file"
    context = whole(application, wanted, lambda key: reverse(address, args=[pk, key]), as_written=now)
    return render(request, "applications/as_filed.html", context)


@operator_view
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything once more, each line with a way to change it; then submit, all or nothing."""
    application = my_application(request, pk)
    if application.status not in EDITABLE:
        if request.method == "POST":
            messages.warning(request, _without_effect(application))
        return redirect("applications:overview", application.pk)
    form = SubmitForm(request.POST or None, initial=revision_of(application), asked=demands(application))
    blank = blank_pages(application)
    missed = missing(application, on=business_today())
    problems = {place: sentence for place, sentence in missed.items() if page_of(place) not in blank}
    if request.method == "POST" and form.is_valid():
        try:
            submission = actions.submit_application(
                application,
                by=capacity_of(request),
                at=business_now(),
                declared=form.cleaned_data["declared"],
                replies=form.replies(),
                seen=form.cleaned_data["seen"],
            )
        except StatusMoved as moved:
            return stale(request, moved, form=form, back=reverse("applications:overview", args=[pk]))
        except InvalidInput as refusal:
            form.say(refusal)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("applications:submitted", application.pk, submission.number)
    context = _everything(application, blank, problems)
    context |= {"form": form, "demands": demand_rows(application, form)}
    return render(request, "applications/check.html", context, status=422 if form.errors else 200)


def _without_effect(application: Application) -> str:
    """Return what to tell who sends in from a page opened earlier what was sent in, or ended, already."""
    if application.status in FINAL or application.submitted_at is None:
        status = application.get_status_display()
        return _("刚才的提交没有生效：这件申报%(status)s，不能再提交。") % {"status": status}
    at = f"{timezone.localtime(application.submitted_at):%Y-%m-%d %H:%M}"
    return _("刚才的提交没有生效：这件申报已于 %(at)s 提交，不用再提交。") % {"at": at}


def _everything(application: Application, blank: frozenset[str], problems: dict[str, str]) -> dict[str, Any]:
    """Return every line and paper of the dossier as it is written now, and what is missing."""
    return {
        "application": application,
        "parts": answers_in_words(application, answers_of(application), problems, open_places(application)),
        "problems": problems,
        **conditions_ahead(application),
        "slots": slots_of(application, {}),
        "roster": _roster(application),
        "blank": blank,
        "to_begin": to_begin(application, blank),
        "onward": onward(application),
        "contents": contents(application, "check"),
        "open_pages": open_pages(application),
    }


@operator_view
@require_safe
def submitted(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Confirm the submission: number, receipt, what happens next and by when, whom to call."""
    application = my_application(request, pk)
    submission = get_object_or_404(application.submissions.select_related("receipt"), number=number)
    return render(
        request,
        "applications/submitted.html",
        {
            "application": application,
            "submission": submission,
            "next_steps": next_steps(application),
            "ask": whom_to_ask(application),
        },
    )
