"""The finding's effect: objections answered, confirmed by another person, overturned by the bureau above."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from complaints import actions
from complaints.actions.confirming import require_settled
from complaints.actions.verifying import require_not_own
from complaints.forms.handling import ObjectionAnswerForm, PaperObjectionForm, SeenBecauseForm, SeenForm, revision_of
from complaints.models import Complaint, Finding, FindingObjection
from complaints.states import ComplaintStatus as S
from complaints.views.for_officers.asking import Page, ask, barred, capacity_of, complaint_in_territory, kept
from complaints.views.for_officers.prospects import prospect_of
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.errors import DomainError

HANDLE, CONFIRM = Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING
ANSWER = Page(
    _("答复对核实结果的异议"),
    _("答复"),
    _("异议已答复。"),
    _("成立的，退回重新核实；不成立的，核实结果不变。"),
    template="complaints/officer_objection.html",
)
CONFIRMATION = Page(
    _("确认核实结果"),
    _("确认核实结果"),
    _("核实结果已确认，双方已告知。"),
    template="complaints/officer_confirm.html",
)
ON_PAPER = Page(
    _("登记书面异议"),
    _("登记异议"),
    _("书面异议已登记，答复后才能确认核实结果。"),
    _("基地或投诉人书面提出的异议，在这里登记，与网上提出的同样办理。"),
)
ACCEPTANCE = Page(
    _("责令受理"),
    _("责令受理，告知投诉人"),
    _("已责令受理，由受理机关办理。"),
    _("原机关不予受理不当的，由上级机关责令受理。从今天起按受理办理，原决定留在记录里。"),
)
SENDING_BACK = Page(
    _("退回重新核实"),
    _("退回重新核实"),
    _("已退回核实人员重新核实，双方按规定告知。"),
    _("不同意核实结果的，写明不同意哪一点、要再核实什么。原核实结果留在记录里，不计数；已经送达基地的，同时告知基地。"),
    bad=True,
)
OVERTURN = Page(
    _("推翻核实结果"),
    _("推翻原认定，告知双方"),
    _("已办理，双方会收到告知。"),
    _("认定有效的，推翻后不再计数；不予认定的，责令重新核实。原认定留在记录里。"),
    bad=True,
    template="complaints/officer_overturn.html",
)


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def answer_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the objection of one side to a finding."""
    by = capacity_of(request)
    mine = FindingObjection.objects.filter(finding__complaint__in=Complaint.objects.within(by.jurisdiction))
    objection = get_object_or_404(mine.select_related("finding"), pk=pk)
    complaint = complaint_in_territory(request, objection.finding.complaint_id)
    form = ObjectionAnswerForm(request.POST or None)
    return ask(
        request,
        complaint,
        form,
        lambda: actions.answer_finding_objection(objection, by=by, on=business_today(), **form.cleaned_data),
        ANSWER,
        barred=_answered(objection) or barred(complaint, by, HANDLE, S.FOUND),
        objection=objection,
    )


def _answered(objection: FindingObjection) -> str:
    return str(_("这件异议已经答复过了。")) if objection.answered_on else ""


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def enter_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an objection that came on paper, with its scan."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = PaperObjectionForm(request.POST or None, request.FILES or None, initial={"filed_on": business_today()})
    no = barred(complaint, by, HANDLE, S.FOUND)
    return ask(request, complaint, form, lambda: _enter(request, complaint, form), ON_PAPER, barred=no)


@transaction.atomic  # the scan of an objection that is refused is not kept
def _enter(request: HttpRequest, complaint: Complaint, form: PaperObjectionForm) -> None:
    by, said = capacity_of(request), dict(form.cleaned_data)
    uploads = kept(said.pop("uploads"), at=complaint.jurisdiction, by=by)
    actions.object_to_finding(complaint, by=by, on=business_today(), uploads=uploads, **said)


@officer_view(CONFIRM)
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the finding, after reading what follows from it."""
    complaint, by, today = complaint_in_territory(request, pk), capacity_of(request), business_today()
    form = SeenForm(request.POST or None, initial=revision_of(complaint))
    finding = complaint.findings.order_by("number").last()
    no = not_returnable(complaint, finding, by)
    return ask(
        request,
        complaint,
        form,
        lambda: actions.confirm_finding(complaint, by=by, on=today, **form.cleaned_data),
        CONFIRMATION,
        barred=no or not_settled(finding),
        followed=lambda: _opened(complaint),
        finding=finding,
        may_send_back=not no,
        prospect=prospect_of(complaint, finding, today) if finding and complaint.status == S.FOUND else None,
    )


def _opened(complaint: Complaint) -> str:
    """Return which proceedings rest on the complaint, who acts next and until when; empty if there are none."""
    case = actions.opened_on(complaint)
    if case is None:
        return ""
    link = format_html('<a href="{}">{}</a>', reverse("bases:revocation", args=[case.pk]), case.number)
    said = gettext(
        "有效投诉达到撤销次数，撤销程序 {case} 已立案，下一步由{bureau}的经办岗制发事先告知书，{day} 前办理。"
    )
    return format_html(said, case=link, bureau=case.decider.name, day=case.due_on)


def not_settled(finding: Finding | None) -> str:
    """Return what is still to happen before a finding can be confirmed, an empty string if nothing is."""
    try:
        if finding is not None:
            require_settled(finding, business_today())
    except DomainError as refusal:
        return refusal.message
    return ""


@officer_view(CONFIRM)
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the finding back to be verified anew, with a reason."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = SeenBecauseForm(request.POST or None, initial=revision_of(complaint))
    finding = complaint.findings.order_by("number").last()
    return ask(
        request,
        complaint,
        form,
        lambda: actions.send_back_finding(complaint, by=by, on=business_today(), **form.cleaned_data),
        SENDING_BACK,
        barred=not_returnable(complaint, finding, by),
    )


def not_returnable(complaint: Complaint, finding: Finding | None, by: Capacity) -> str:
    """Return why the officer cannot send the finding back, an empty string if it can be done."""
    if found := barred(complaint, by, CONFIRM, S.FOUND):
        return found
    try:
        if finding is not None:
            require_not_own(complaint, by, finding)
    except DomainError as refusal:
        return refusal.message
    return ""


@officer_view(CONFIRM)
@require_http_methods(["GET", "POST"])
def overturn(request: HttpRequest, pk: int) -> HttpResponse:
    """Overturn a confirmed finding, as the bureau above the one that confirmed it."""
    no = _("推翻核实结果由上级机关没有经手过的审批人员，在结果确认之后办理。")
    return _correct(request, pk, actions.overturn_finding, actions.may_overturn, OVERTURN, str(no))


@officer_view(CONFIRM)
@require_http_methods(["GET", "POST"])
def order_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a rejected complaint to be accepted, as the bureau above the one that rejected it."""
    no = _("责令受理由不予受理机关的上级机关审批岗办理。")
    return _correct(request, pk, actions.order_acceptance, actions.may_order_acceptance, ACCEPTANCE, str(no))


def _correct(
    request: HttpRequest, pk: int, act: Callable[..., Any], may: Callable[..., bool], page: Page, no: str
) -> HttpResponse:
    complaint, by, today = complaint_in_territory(request, pk), capacity_of(request), business_today()
    form = SeenBecauseForm(request.POST or None, initial=revision_of(complaint))
    return ask(
        request,
        complaint,
        form,
        lambda: act(complaint, by=by, on=today, **form.cleaned_data),
        page,
        barred="" if may(complaint, by=by, on=today) else no,
        resting=actions.past_stopping(complaint) if page.bad else [],
    )
