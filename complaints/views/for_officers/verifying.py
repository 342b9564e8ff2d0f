"""Verification: who is served by the base, whether the fact is new, what was found, how that reached the base."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bases.models import Tenant
from complaints import actions
from complaints.actions.handling import desk_apart, handling_of
from complaints.forms.handling import (
    BecauseForm,
    FindingForm,
    RecipientForm,
    SameFactForm,
    ServiceForm,
    revision_of,
)
from complaints.models import Complaint
from complaints.states import ComplaintStatus as S
from complaints.views.for_officers.asking import Page, ask, barred, capacity_of, complaint_in_territory, kept, staff_of
from portal.accounts.decorators import officer_view
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today

HANDLE, CONFIRM = Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING
STAYS = (S.RECEIVED, S.ACCEPTED, S.ANSWERING, S.VERIFYING)
MOST_EARLIER = 50
RECIPIENT = Page(
    _("认定是不是服务对象"),
    _("保存认定"),
    _("已认定。"),
    _("只有服务对象的投诉计入有效投诉次数。核对名册或其他证据，不要为此询问基地。"),
    template="complaints/officer_recipient.html",
)
SAME_FACT = Page(
    _("是不是同一事实"),
    _("保存"),
    _("已保存。"),
    _("同一事实在同一复评认定期内只计一次。是另一件事的，选“都不是”。"),
    template="complaints/officer_same_fact.html",
)
EXTEND = Page(
    _("批准延长办理期限"),
    _("批准延长，告知投诉人"),
    _("已批准延长，延期告知书已发出。"),
    _("只能延长一次。理由会告诉投诉人。"),
)
FINDING = Page(
    _("记核实结果"),
    _("保存核实结果，告知双方"),
    _("核实结果已保存，告知书已发出。基地签收或送达后开始计算异议期。"),
    template="complaints/officer_finding.html",
)
SERVICE = Page(
    _("登记送达"),
    _("登记送达"),
    _("送达已登记。"),
    _("基地没有在平台签收的，登记别的送达方式和凭证。送达之日起计算异议期；公告的，期满视为送达。"),
)


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle whether the complainant is served by the base; the roster's likely tenants come first."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    no = barred(complaint, by, HANDLE, *STAYS)
    likely = [] if no else actions.likely_tenants(complaint, by=by)
    form = RecipientForm(
        request.POST or None,
        base_id=complaint.base_id,
        likely=likely,
        initial={**_settled(complaint, likely), **revision_of(complaint)},
    )
    return ask(
        request,
        complaint,
        form,
        lambda: actions.settle_recipient(complaint, by=by, on=business_today(), **form.cleaned_data),
        RECIPIENT,
        barred=no,
        likely=likely,
    )


def _settled(complaint: Complaint, likely: Sequence[Tenant]) -> dict[str, Any]:
    if complaint.service_recipient is None:
        return {"tenant": likely[0].pk} if likely else {}
    said = "yes" if complaint.service_recipient else "no"
    return {"tenant": complaint.tenant_id, "service_recipient": said, "because": complaint.recipient_because}


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def same_fact(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether an earlier complaint about the base is about the same fact."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    earlier = earlier_complaints(complaint)
    before = {"first": complaint.same_fact_as_id, **revision_of(complaint)}
    form = SameFactForm(request.POST or None, earlier=earlier, initial=before)
    return ask(
        request,
        complaint,
        form,
        lambda: actions.link_same_fact(complaint, by=by, on=business_today(), **form.cleaned_data),
        SAME_FACT,
        barred=barred(complaint, by, HANDLE, *STAYS),
        earlier=earlier,
        alike=[each for each in earlier if each.told_index and each.told_index == complaint.told_index],
    )


def earlier_complaints(complaint: Complaint) -> list[Complaint]:
    """Return the earlier complaints about the base, the newest first; a repeat stands for its first."""
    roots = Complaint.objects.filter(base=complaint.base_id, pk__lt=complaint.pk, same_fact_as__isnull=True)
    return list(roots.reaching_officers().order_by("-received_on", "-pk")[:MOST_EARLIER])


@officer_view(CONFIRM)
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve more time for the verification."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = BecauseForm(request.POST or None)
    return ask(
        request,
        complaint,
        form,
        lambda: actions.extend_verification(complaint, by=by, on=business_today(), **form.cleaned_data),
        EXTEND,
        barred=barred(complaint, by, CONFIRM, S.VERIFYING, S.FOUND),
    )


@officer_view(HANDLE)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what two officers found."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    today = business_today()
    form = FindingForm(
        request.POST or None,
        request.FILES or None,
        staff=staff_of(complaint.desk),
        least=handling_of(complaint).verifying_officers.value,
        warning=_only_approver(complaint),
        sorted_as=complaint.category,
        initial={"checked_on": today, **revision_of(complaint)},
    )
    no = barred(complaint, by, HANDLE, S.VERIFYING)
    return ask(
        request,
        complaint,
        form,
        lambda: _record(request, complaint, form),
        FINDING,
        barred=no,
        unsettled=complaint.named and complaint.service_recipient is None,
        answer=getattr(complaint, "answer", None),
    )


def _only_approver(complaint: Complaint) -> str:
    """Return what follows from ticking the one approver of the bureau: a bureau above confirms then. Empty for more."""
    today, verifier = business_today(), complaint.base.jurisdiction.ancestor(handling_of(complaint).verifier.value)
    approvers = officers_at(verifier, CONFIRM, today)
    if len(approvers) != 1:
        return ""
    above = desk_apart(verifier, CONFIRM, today, apart_from=[approvers[0].pk])
    if above == verifier:
        return ""
    words = gettext("。%(who)s是本机关唯一的审批人员：选了，这件就改由%(above)s确认，送达和异议也由那里办理")
    return words % {"who": approvers[0], "above": above.name}


@transaction.atomic  # photographs of a finding that is refused are not kept
def _record(request: HttpRequest, complaint: Complaint, form: FindingForm) -> None:
    by, said = capacity_of(request), dict(form.cleaned_data)
    uploads = kept(said.pop("uploads"), at=complaint.jurisdiction, by=by)
    said["officers"] = list(said["officers"])
    actions.record_finding(complaint, by=by, on=business_today(), uploads=uploads, **said)


@officer_view(HANDLE, CONFIRM)
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how the finding reached the base, or begin its announcement."""
    complaint, by = complaint_in_territory(request, pk), capacity_of(request)
    form = ServiceForm(request.POST or None, request.FILES or None)
    needed = HANDLE if by.may(HANDLE) else CONFIRM
    no = barred(complaint, by, needed, S.FOUND)
    return ask(request, complaint, form, lambda: _serve(request, complaint, form), SERVICE, barred=no)


@transaction.atomic  # the proof of a service that is refused is not kept
def _serve(request: HttpRequest, complaint: Complaint, form: ServiceForm) -> None:
    by, today, said = capacity_of(request), business_today(), dict(form.cleaned_data)
    evidence = kept(said.pop("evidence"), at=complaint.jurisdiction, by=by)
    if form.announces:
        actions.announce_finding(complaint, because=said["because"], evidence=evidence, by=by, on=today)
    else:
        actions.record_finding_service(complaint, evidence=evidence, by=by, on=today, **said)
