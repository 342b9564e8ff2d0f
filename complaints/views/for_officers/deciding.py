"""From receipt to verification: accept, reject, transfer, ask for a supplement, summary for the base, withdraw."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from complaints import actions, letters
from complaints.actions.handling import handling_of, term
from complaints.forms.handling import (
    AcceptForm,
    ReasonForm,
    SeenBecauseForm,
    SummaryForm,
    SupplementForm,
    TransferForm,
    revision_of,
)
from complaints.models import Complaint, Supplement
from complaints.states import WITHDRAWABLE
from complaints.states import ComplaintStatus as S
from complaints.views.for_officers.asking import Page, ask, attempt, barred, capacity_of, complaint_in_territory
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.documents.previews import preview_sheet
from portal.web.forms import PlainForm

HANDLE = Permission.HANDLE_COMPLAINT
ACCEPT = Page(
    _("受理投诉"),
    _("受理，告知投诉人"),
    _("已受理，受理告知书已发出。接着写情况摘要发给基地。"),
    _("受理后开始计算核实期限，同时告知投诉人。"),
)
REJECT = Page(
    _("不予受理"),
    _("不予受理，告知投诉人"),
    _("已作不予受理处理，告知书已发出。"),
    _("写明理由和依据，并告诉投诉人可以找谁。上级机关可以责令受理。"),
    bad=True,
)
TRANSFER = Page(
    _("转交其他部门"),
    _("转交，告知投诉人"),
    _("已转交，转办告知书已发出。"),
    _(
        "不属于本机关职责的，转交有权办理的部门。系统不会自动发给对方：转交后请打印转办告知书，"
        "连同投诉内容和凭证的复印件，遮去投诉人的姓名和联系方式，随函送该部门。"
    ),
)
SUPPLEMENT = Page(
    _("请投诉人补充材料"),
    _("发出补充材料告知书"),
    _("补充材料告知书已发出，等投诉人补充。"),
    _("只能告知一次。投诉人凭受理号和查询码在平台上补充；逾期不补的，按现有材料决定。"),
)
WITHDRAW = Page(
    _("代投诉人登记撤回"),
    _("登记撤回，办结"),
    _("已登记撤回，投诉办结。"),
    _("只在投诉人本人来信、来电或来访要求撤回时办理，先核对受理号和本人。撤回后不再核实，不计数，记录保留。"),
    bad=True,
)
SUMMARY = Page(
    _("写情况摘要，发给基地答复"),
    _("发给基地"),
    _("情况摘要已发给基地，等基地答复。"),
    template="complaints/officer_summary.html",
)
AT_ONCE = Page(
    _("不经基地答复，直接核实"),
    _("转入核实"),
    _("已转入核实。"),
    _("只在先问基地会暴露投诉人、或证据可能灭失时用。理由留在记录里。"),
)


def _one_act(request: HttpRequest, pk: int, kind: type[PlainForm], act: Any, page: Page, *at: S) -> HttpResponse:
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = kind(request.POST if request.method == "POST" else None, initial=revision_of(complaint))
    return ask(
        request,
        complaint,
        form,
        lambda: act(complaint, by=by, on=business_today(), **form.cleaned_data),
        page,
        barred=barred(complaint, by, HANDLE, *at),
    )


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the complaint and say what it is about."""
    return _one_act(request, pk, AcceptForm, actions.accept_complaint, ACCEPT, S.RECEIVED, S.SUPPLEMENTING)


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject the complaint with a reason."""
    return _one_act(request, pk, ReasonForm, actions.reject_complaint, REJECT, S.RECEIVED, S.SUPPLEMENTING)


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Transfer the complaint to the department that is competent."""
    return _one_act(request, pk, TransferForm, actions.transfer_complaint, TRANSFER, S.RECEIVED, S.SUPPLEMENTING)


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def verify_at_once(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to verification without asking the base."""
    return _one_act(request, pk, SeenBecauseForm, actions.verify_at_once, AT_ONCE, S.ACCEPTED)


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the base is told, beside the words that it is not told."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = SummaryForm(request.POST or None, initial=revision_of(complaint), sorted_as=complaint.category)
    return ask(
        request,
        complaint,
        form,
        lambda: actions.release_summary(complaint, by=by, on=business_today(), **form.cleaned_data),
        SUMMARY,
        barred=barred(complaint, by, HANDLE, S.ACCEPTED),
    )


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that the complainant withdraws, who wrote, phoned or came."""
    return _one_act(request, pk, PlainForm, actions.withdraw_complaint, WITHDRAW, *sorted(WITHDRAWABLE))


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the one list of what is missing, look at the letter, send it."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = SupplementForm(request.POST or None, initial=revision_of(complaint))
    told: dict[str, Any] = {"previews": True, "preview": None, "barred": barred(complaint, by, HANDLE, S.RECEIVED)}
    if request.POST.get("act") == "preview" and form.is_valid():
        asked = form.cleaned_data["asked"]
        attempt(request, form, lambda: actions.require_askable(complaint, asked, by=by))
        draft = None if form.errors else letters.supplement(_unsent(complaint, form))
        told["preview"] = preview_sheet(draft, at=by.jurisdiction, on=business_today()) if draft else None
        return ask(request, complaint, form, None, SUPPLEMENT, **told)
    return ask(
        request,
        complaint,
        form,
        lambda: actions.ask_for_supplement(complaint, by=by, on=business_today(), **form.cleaned_data),
        SUPPLEMENT,
        **told,
    )


def _unsent(complaint: Complaint, form: SupplementForm) -> Supplement:
    """Return the supplement as it would be asked for, unsaved, for the preview of its letter."""
    limit = term(complaint, business_today(), handling_of(complaint).supplement_workdays.value)
    return Supplement(complaint=complaint, asked=form.cleaned_data["asked"], due_on=limit.on)
