"""What an officer does on a dossier: each view checks the form, calls one act, and leads on."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions, dossier, letters
from applications.actions.answering import STAMPED
from applications.actions.correction import askable, asked_here, kinds_of, list_of, places_of
from applications.actions.moving import basis_of, decision_kind, inform_by
from applications.actions.referring import referred
from applications.forms import (
    ApprovalForm,
    AssignForm,
    CorrectionForm,
    OpinionForm,
    ReasonForm,
    RefusalForm,
    revision_of,
)
from applications.models import Application, CorrectionRequest
from applications.states import ApplicationStatus, ProposalStatus, Verdict
from applications.views.acting import capacity_of
from applications.views.dossiers import filed_words, hints_of
from applications.views.for_officers import previews
from applications.views.for_officers.cases import case_address, case_context, dossier_in_territory, on_desk
from applications.views.for_officers.changes import keep_checks
from applications.views.for_officers.deciding import barred_from_deciding, may_refuse, word_against
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.people import officers_at, who_appoints
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.documents.previews import preview_sheet
from portal.documents.sheets import Sheet
from portal.errors import DomainError, StatusMoved
from portal.web.error_pages import stale
from portal.web.forms import PlainForm, write_refusal
from portal.worklist.models import WorkItem
from portal.worklist.wording import task_in_words


def attempt(request: HttpRequest, form: PlainForm, act: Callable[[], Any], *, back: str = "") -> HttpResponse | None:
    """Do `act`; return the page of a stale click, which leads `back`, None otherwise. A refusal goes into the form."""
    try:
        act()
    except StatusMoved as moved:
        return stale(request, moved, form=form, back=back)
    except DomainError as refusal:
        write_refusal(form, refusal)
    return None


def onward(request: HttpRequest, done: str) -> HttpResponse:
    """Say what was done and go back to the list; the next item is named with a link, never opened unasked."""
    capacity = capacity_of(request)
    waiting = WorkItem.objects.on_desk(capacity.jurisdiction, capacity.permissions).filter(state="open")
    own = waiting.filter(Q(assignee=None) | Q(assignee__in=capacity.people))
    following = own.order_by("due_on", "id").first()
    if following:
        title = _("下一件：%(name)s（%(task)s）") % {"name": following.title, "task": task_in_words(following.task)}
        done = format_html('{} <a href="{}">{}</a>', done, following.url, title)
    messages.success(request, done)
    return redirect("desk:worklist")


def passed_on(application: Application, done: str) -> str:
    """Return what was done with the case, and where it lies now."""
    application = Application.objects.select_related("base", "desk").get(pk=application.pk)
    where = application.desk.name if application.desk else _("申报单位")
    said = {"name": application.base.name, "done": done, "where": where, "status": application.get_status_display()}
    return _("%(name)s：%(done)s，现由%(where)s办理，%(status)s。") % said


@officer_view(Permission.GIVE_OPINION)
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the opinion of this step and pass the application on; opened by itself, lead to the case."""
    application = dossier_in_territory(request, pk)
    if request.method == "GET":
        return redirect("applications:case", application.pk)
    form = OpinionForm(request.POST)
    if form.is_valid() and request.POST.get("act") == "preview":
        return _preview_opinion(request, application, form)
    if form.is_valid():
        data = form.cleaned_data
        answer = attempt(
            request,
            form,
            lambda: actions.give_opinion(application, by=capacity_of(request), on=business_today(), **data),
            back=case_address(application),
        )
        if answer or not form.errors:
            done = _opinion_kept(application, data["verdict"], capacity_of(request))
            return answer or onward(request, passed_on(application, done))
    return render(request, "applications/case.html", case_context(request, application, opinion_form=form), status=422)


def _preview_opinion(request: HttpRequest, application: Application, form: OpinionForm) -> HttpResponse:
    data, sheet = form.cleaned_data, None
    if data["verdict"] == Verdict.FOR:
        by, on = capacity_of(request), business_today()
        sheet = previews.recommendation(application, text=data["text"], by=by, on=on)
    else:
        messages.info(request, _("选“不同意”不生成推荐函，没有要预览的文书。"))
    context = case_context(request, application, opinion_form=form, opinion_sheet=sheet)
    return render(request, "applications/case.html", context)


def _opinion_kept(application: Application, verdict: str, capacity: Capacity) -> str:
    """Return what an opinion brought about: a negative one ends nothing, the bureau of the call decides (0007), its own
    after its approvers were told (0159).
    """
    if verdict == Verdict.FOR:
        return _("意见已保存，已报下一环节")
    if application.call.jurisdiction_id == capacity.jurisdiction.pk:
        return _("已记入“不同意”，申报没有就此终止，已列入本单位审批岗的待我办理，由其决定是否不予认定")
    by = {"by": application.call.jurisdiction.name}
    return _("已记入“不同意”，申报没有就此终止，带着这条意见报下一环节，是否认定由%(by)s决定") % by


@officer_view(Permission.GIVE_OPINION)
@require_http_methods(["GET", "POST"])
def check_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the officer's word on each changed line; opened by itself, lead to the case."""
    application = dossier_in_territory(request, pk)
    if request.method == "GET":
        return redirect("applications:case", application.pk)
    try:
        kept, refused = keep_checks(request, application)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("applications:case", application.pk)
    if refused:
        return render(request, "applications/case.html", case_context(request, application, typed=refused), status=422)
    done = _("%(name)s：已保存 %(n)s 处核对结果。") if kept else _("%(name)s：核对结果没有变，不用再保存。")
    messages.success(request, done % {"name": application.base.name, "n": len(kept)})
    return redirect("applications:case", application.pk)


@officer_view(Permission.GIVE_OPINION)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the one complete list, look at the letter, send it; a further one goes to an approver first (0157)."""
    application = dossier_in_territory(request, pk)
    waiting = application.proposals.filter(status=ProposalStatus.WAITING).first()
    if waiting and request.method == "GET":  # what was typed comes back with the refusal
        return redirect("applications:proposal", waiting.pk)
    again = asked_here(application)
    heads = actions.may_consent(application, capacity_of(request), business_today()) if again else []
    form = CorrectionForm(
        request.POST or None,
        places=askable(application),
        kinds=kinds_of(application),
        heads=heads,
        again=again,
        initial=revision_of(application),
    )
    preview = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "preview":
            draft = letters.correction(_unsent(application, form, request))
            preview = preview_sheet(draft, at=capacity_of(request).jurisdiction, on=business_today())
        else:
            send, back = partial(_send_back, application, form, request), case_address(application)
            if (answer := attempt(request, form, send, back=back)) or not form.errors:
                return answer or onward(request, _list_kept(application, form))
    context = {
        "application": application,
        "form": form,
        "preview": preview,
        **_listed(application, form),
        "here": on_desk(application, capacity_of(request)),
        "again": again,
        "heads": heads,
        "term": basis_of(application, "returned"),
        "inform": None if again else inform_by(application),
        "helpers": who_appoints(application.desk, business_today()) if again and not heads and application.desk else [],
        "stamped": places_of(application).get(STAMPED, ""),
    }
    return render(request, "applications/correct.html", context, status=422 if form.errors else 200)


def _beside(place: str, filed: dict[str, str], unlikely: dict[str, str]) -> dict[str, Any]:
    """Return what stands beside a place: what was filed there, what is opened with it, what is worked out anew.

    Beside an answer that looks `unlikely` it is said why.
    """
    fields = dossier.fields_with(place)
    return {
        "filed": filed.get(place, ""),
        "hint": unlikely.get(place, ""),
        "along": [dossier.called(at) for at, field in fields.items() if not field.derived],
        "derived": [dossier.called(at) for at, field in fields.items() if field.derived],
    }


def _listed(application: Application, form: CorrectionForm) -> dict[str, Any]:
    """Return the rows of the list under the sections they belong to, the papers last, and how many are ticked."""
    filed, unlikely = filed_words(application), hints_of(application)
    rows = [row | _beside(row["place"], filed, unlikely) for row in form.rows()]
    names = {each.code: each.name for each in dossier.SECTIONS}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        section, dot, _field = row["place"].partition(".")
        found.setdefault(names.get(section, "") if dot else "", []).append(row)
    parts = [{"name": name or _("申报材料"), "rows": rows} for name, rows in found.items()]
    return {"parts": parts, "picked": sum(bool(row["pick"].value()) for row in rows)}


def _send_back(application: Application, form: CorrectionForm, request: HttpRequest) -> None:
    data = form.cleaned_data
    said: dict[str, Any] = {"items": form.items(), "by": capacity_of(request), "on": business_today()}
    if "asked_of" in data:
        said |= {"because": data["again_because"], "asked_of": data["asked_of"]}
        actions.propose_correction(application, seen=data["seen"], **said)
    else:
        actions.return_for_correction(application, seen=data["seen"], **said)


def _list_kept(application: Application, form: CorrectionForm) -> str:
    """Return what became of the list: sent, or put before the approver it was drawn up for."""
    if asked_of := form.cleaned_data.get("asked_of"):
        said = {"name": application.base.name, "who": asked_of}
        return _("%(name)s：再次补正清单已送%(who)s，本人同意后发出告知书。此前计时不停。") % said
    return _("%(name)s：补正告知书已发出，暂停计时。") % {"name": application.base.name}


def _unsent(application: Application, form: CorrectionForm, request: HttpRequest) -> CorrectionRequest:
    """Return the request as it would be sent, unsaved, for the preview of its letter."""
    return list_of(
        application,
        actions.correction_items(application, form.items()),
        asked_by=capacity_of(request).person,
        again_because=form.cleaned_data.get("again_because", ""),
        on=business_today(),
    )


@officer_view(Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve: the certificate exists afterwards. Opened by itself, lead to the case."""
    application = dossier_in_territory(request, pk)
    if request.method == "GET":
        return redirect("applications:case", application.pk)
    form = ApprovalForm(request.POST, prefix="approve")
    if form.is_valid() and request.POST.get("act") == "preview":
        sheet = previews.approval(application, by=capacity_of(request), on=business_today())
        context = case_context(request, application, approval_form=form, approval_sheet=sheet)
        return render(request, "applications/case.html", context)
    if form.is_valid():
        data = form.cleaned_data
        answer = attempt(
            request,
            form,
            lambda: actions.approve_application(application, by=capacity_of(request), on=business_today(), **data),
            back=case_address(application),
        )
        if answer or not form.errors:
            done = _("%(name)s：已批准认定，批复和证书已生成。") % {"name": application.base.name}
            if answer is None:
                messages.success(request, done)
            return answer or redirect("applications:case", application.pk)
    return render(request, "applications/case.html", case_context(request, application, approval_form=form), status=422)


@officer_view(Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide not to certify, on a page of its own that says what follows, or why the officer may not decide."""
    return _with_reason(
        request,
        pk,
        template="applications/refuse.html",
        act=actions.refuse_application,
        done=_("已作出不予认定决定，决定书已发出。"),
        sheet=previews.refusal,
        decides=True,
        asks=RefusalForm,
    )


@officer_view(Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def let_go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the case go on although the own bureau was against, with a reason (0159)."""
    return _with_reason(
        request,
        pk,
        template="applications/let_go_on.html",
        act=actions.let_go_on,
        done=_("已同意继续办理，经办岗会收到消息。"),
        decides=True,
        waits=referred,
        weighs=word_against,
    )


@officer_view(Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the case back to review, with a reason."""
    return _with_reason(
        request,
        pk,
        template="applications/send_back.html",
        act=actions.send_back_to_review,
        done=_("已退回复审。"),
        allowed=ApplicationStatus.APPROVAL,
    )


@officer_view(Permission.GIVE_OPINION)
@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with what is on file after a correction fell overdue, on a page of its own that says what follows."""
    return _with_reason(
        request,
        pk,
        template="applications/go_on.html",
        act=actions.go_on_without_correction,
        done=_("已按现有材料继续办理。"),
        allowed=ApplicationStatus.RETURNED,
    )


def _with_reason(
    request: HttpRequest,
    pk: int,
    *,
    template: str,
    act: Callable[..., Any],
    done: str,
    allowed: str = "",
    sheet: Callable[..., Sheet | None] | None = None,
    decides: bool = False,
    waits: Callable[[Application], bool] = lambda _application: True,
    asks: type[ReasonForm] = ReasonForm,
    weighs: Callable[[Application], dict[str, Any]] = lambda _application: {},
) -> HttpResponse:
    application = dossier_in_territory(request, pk)
    form = asks(request.POST or None, initial=revision_of(application))
    form.fields["reason"].label = _("理由")
    preview = None
    if sheet and request.POST.get("act") == "preview" and form.is_valid():
        reason, on = form.cleaned_data["reason"], business_today()
        preview = sheet(application, reason=reason, by=capacity_of(request), on=on)
    elif request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"by": capacity_of(request), "on": business_today()}
        answer = attempt(request, form, lambda: act(application, **data), back=case_address(application))
        if answer or not form.errors:
            return answer or onward(request, f"{application.base.name}：{done}")
    possible = may_refuse(application, capacity_of(request)) if decides else allowed == application.status
    possible = possible and waits(application)
    barred = barred_from_deciding(application, capacity_of(request)) if decides and possible else ""
    context = {"application": application, "form": form, "possible": possible, "barred": barred, "preview": preview}
    context["word"] = weighs(application) if possible else {}
    return render(request, template, context, status=422 if form.errors else 200)


@officer_view(Permission.GIVE_OPINION, Permission.RECORD_VISIT, Permission.PUBLICISE, Permission.APPROVE)
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the work to a colleague of the same desk."""
    application = dossier_in_territory(request, pk)
    item = (
        WorkItem.objects.waiting()
        .filter(subject_type=application._meta.label_lower, subject_id=str(application.pk))
        .exclude(kind=decision_kind(application))
        .first()
    )
    colleagues = officers_at(application.desk, item.permission, business_today()) if item and application.desk else []
    if item and item.assignee_id in {None, capacity_of(request).user_id}:  # what oneself has goes to others only
        colleagues = [each for each in colleagues if each.pk != capacity_of(request).user_id]
    form = AssignForm(request.POST or None, colleagues=colleagues, initial=revision_of(application))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answer = attempt(
            request,
            form,
            lambda: actions.assign_application(application, by=capacity_of(request), on=business_today(), **data),
            back=case_address(application),
        )
        if answer or not form.errors:
            return answer or onward(request, _("%(name)s：已转办。") % {"name": application.base.name})
    here = on_desk(application, capacity_of(request))
    context = {"application": application, "form": form, "here": here, "anybody": bool(colleagues)}
    return render(request, "applications/assign.html", context, status=422 if form.errors else 200)
