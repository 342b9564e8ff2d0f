"""What an officer may do with a complaint now; what cannot be done yet is shown with the reason."""

import datetime
from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import actions
from complaints.models import Complaint, Finding, Supplement
from complaints.states import OPEN, WITHDRAWABLE, Outcome, Side
from complaints.states import ComplaintStatus as S
from complaints.views.for_officers.confirming import not_returnable, not_settled
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.web.parts import Act

HANDLE, CONFIRM = Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING


def acts_of(complaint: Complaint, finding: Finding | None, by: Capacity, on: datetime.date) -> list[Act]:
    """Return the acts of the present step for this officer, the one that leads on first."""
    found = list(_acts(complaint, finding, by))
    if actions.may_overturn(complaint, by=by, on=on):
        found.append(Act(_("推翻核实结果"), _to("overturn", complaint), "bad"))
    if actions.may_order_acceptance(complaint, by=by, on=on):
        found.append(Act(_("责令受理"), _to("order_acceptance", complaint), "bad"))
    return found


def _acts(complaint: Complaint, finding: Finding | None, by: Capacity) -> Iterator[Act]:
    here = complaint.status in OPEN and complaint.desk_id == by.jurisdiction.pk
    if here and by.may(HANDLE):
        if complaint.held_back:
            yield Act(_("到待甄别里放行或不予受理"), reverse("complaints:quarantine"), "primary")
        else:
            yield from STEPS.get(S(complaint.status), _none)(complaint, finding)
        if complaint.status in WITHDRAWABLE:
            yield Act(_("代登记撤回"), _to("withdraw", complaint), "text")
    if here and by.may(CONFIRM):
        yield from _approver(complaint, finding, by)


def _to(name: str, complaint: Complaint) -> str:
    return reverse(f"complaints:{name}", args=[complaint.pk])


def _none(complaint: Complaint, finding: Finding | None) -> Iterator[Act]:
    yield from ()


def _received(complaint: Complaint, finding: Finding | None) -> Iterator[Act]:
    yield Act(_("受理"), _to("accept", complaint), "primary")
    if complaint.status == S.RECEIVED and not Supplement.objects.filter(complaint=complaint).exists():
        yield Act(_("请投诉人补充材料"), _to("supplement", complaint), "plain")
    yield Act(_("转交其他部门"), _to("transfer", complaint), "plain")
    yield Act(_("不予受理"), _to("reject", complaint), "bad")
    if complaint.status == S.RECEIVED:
        yield from _settling(complaint)


def _accepted(complaint: Complaint, finding: Finding | None) -> Iterator[Act]:
    yield Act(_("写情况摘要，发给基地"), _to("summary", complaint), "primary")
    yield Act(_("不经基地答复，直接核实"), _to("verify_at_once", complaint), "plain")
    yield from _settling(complaint)


def _answering(complaint: Complaint, finding: Finding | None) -> Iterator[Act]:
    yield from _settling(complaint)


def _verifying(complaint: Complaint, finding: Finding | None) -> Iterator[Act]:
    unsettled = complaint.named and complaint.service_recipient is None
    if unsettled:
        yield Act(_("认定是不是服务对象"), _to("recipient", complaint), "primary")
    yield Act(_("记核实结果"), _to("finding", complaint), "plain" if unsettled else "primary")
    yield from _settling(complaint, unsettled=unsettled)
    yield Act(_("上报弄虚作假或不履行承诺"), _report(complaint), "text")


def _report(complaint: Complaint) -> str:
    return f"{reverse('complaints:report_misconduct', args=[complaint.base_id])}?complaint={complaint.pk}"


def _settling(complaint: Complaint, *, unsettled: bool = False) -> Iterator[Act]:
    if complaint.named and not unsettled:
        yield Act(_("认定是不是服务对象"), _to("recipient", complaint), "plain")
    yield Act(_("是不是同一事实"), _to("same_fact", complaint), "plain")


def _found(complaint: Complaint, finding: Finding | None) -> Iterator[Act]:
    if finding is None:
        return
    for objection in finding.objections.all():
        if objection.answered_on is None:
            label = _("答复%(side)s的异议") % {"side": objection.get_side_display()}
            yield Act(label, reverse("complaints:answer_objection", args=[objection.pk]), "primary")
    if finding.served_on is None:
        yield Act(_("登记送达"), _to("service", complaint), "plain")
    if len(finding.objections.all()) < len(Side):
        yield Act(_("登记书面异议"), _to("enter_objection", complaint), "plain")
    if finding.outcome != Outcome.UNTRUE:
        yield Act(_("上报弄虚作假或不履行承诺"), _report(complaint), "text")


def _approver(complaint: Complaint, finding: Finding | None, by: Capacity) -> Iterator[Act]:
    if complaint.status == S.FOUND:
        no = not_returnable(complaint, finding, by)
        yield Act(_("确认核实结果"), _to("confirm", complaint), "primary", why_not=no or not_settled(finding))
        if not no:
            yield Act(_("退回重新核实"), _to("send_back", complaint), "plain")
        if finding is not None and finding.served_on is None and not by.may(HANDLE):
            yield Act(_("登记送达"), _to("service", complaint), "plain")
    if complaint.status in {S.VERIFYING, S.FOUND} and complaint.extended_on is None:
        yield Act(_("批准延长办理期限"), _to("extend", complaint), "plain")


STEPS: dict[S, Callable[[Complaint, Finding | None], Iterator[Act]]] = {
    S.RECEIVED: _received,
    S.SUPPLEMENTING: _received,
    S.ACCEPTED: _accepted,
    S.ANSWERING: _answering,
    S.VERIFYING: _verifying,
    S.FOUND: _found,
}
