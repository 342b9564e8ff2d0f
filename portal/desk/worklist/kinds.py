"""What the kinds of work items are called, and where an officer opens what lies with an operator."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.web.navigation import address
from portal.worklist.models import WorkItem

KINDS: Mapping[str, str | Promise] = {
    "applications.recommendation": _("申报推荐"),
    "applications.preliminary_review": _("申报初审"),
    "applications.site_visit": _("实地考察"),
    "applications.review": _("申报复审"),
    "applications.public_notice": _("列入公示"),
    "applications.in_notice": _("公示期"),
    "applications.objection": _("公示异议"),
    "applications.approval": _("批准认定"),
    "applications.site_visit_decision": _("本单位不同意，是否不予认定（实地考察前）"),
    "applications.review_decision": _("本单位不同意，是否不予认定（复审前）"),
    "applications.public_notice_decision": _("本单位不同意，是否不予认定（公示前）"),
    "applications.recommendation_consent": _("同意再次补正（推荐）"),
    "applications.preliminary_review_consent": _("同意再次补正（初审）"),
    "applications.site_visit_consent": _("同意再次补正（实地考察）"),
    "applications.review_consent": _("同意再次补正（复审）"),
    "applications.returned": _("申报补正"),
    "applications.correction_overdue": _("补正逾期"),
    "bases.revocation_notice": _("撤销：制发告知书"),
    "bases.revocation_service": _("撤销：送达告知书"),
    "bases.revocation_basis": _("撤销：依据被推翻"),
    "bases.revocation_receipt": _("撤销：签收和申辩"),
    "bases.revocation_hearing": _("撤销：听证"),
    "bases.revocation_hearing_receipt": _("撤销：签收听证通知书"),
    "bases.revocation_weighing": _("撤销：复核申辩"),
    "bases.revocation_decision": _("撤销：决定"),
    "bases.revocation_decision_service": _("撤销：送达决定书"),
    "bases.plaque_recovery": _("收回牌匾证书"),
    "calls.publication": _("发布申报通知"),
    "calls.returned": _("修改申报通知"),
    "complaints.received": _("投诉受理"),
    "complaints.supplementing": _("投诉补充材料"),
    "complaints.accepted": _("投诉摘要"),
    "complaints.answering": _("等基地答复投诉"),
    "complaints.answer": _("答复投诉"),
    "complaints.verifying": _("投诉核实"),
    "complaints.found": _("投诉核实结果确认"),
    "complaints.finding_receipt": _("签收投诉核实结果"),
    "complaints.finding_objection": _("投诉核实异议"),
    "complaints.quarantine": _("投诉甄别"),
    "complaints.misconduct": _("审定违规事实"),
    "complaints.rating": _("差评跟进"),
}
# By whose post a kind of work is done at a bureau, as the acts open it; what is missing lies with an operator.
PERMISSIONS: Mapping[str, str] = {
    "applications.recommendation": P.GIVE_OPINION,
    "applications.preliminary_review": P.GIVE_OPINION,
    "applications.site_visit": P.RECORD_VISIT,
    "applications.review": P.GIVE_OPINION,
    "applications.public_notice": P.PUBLICISE,
    "applications.in_notice": P.HANDLE_OBJECTION,
    "applications.objection": P.HANDLE_OBJECTION,
    "applications.approval": P.APPROVE,
    "applications.site_visit_decision": P.APPROVE,
    "applications.review_decision": P.APPROVE,
    "applications.public_notice_decision": P.APPROVE,
    "applications.recommendation_consent": P.APPROVE,
    "applications.preliminary_review_consent": P.APPROVE,
    "applications.site_visit_consent": P.APPROVE,
    "applications.review_consent": P.APPROVE,
    "applications.correction_overdue": P.GIVE_OPINION,
    "bases.revocation_notice": P.PREPARE_REVOCATION,
    "bases.revocation_service": P.PREPARE_REVOCATION,
    "bases.revocation_basis": P.DECIDE_REVOCATION,
    "bases.revocation_hearing": P.PREPARE_REVOCATION,
    "bases.revocation_weighing": P.PREPARE_REVOCATION,
    "bases.revocation_decision": P.DECIDE_REVOCATION,
    "bases.revocation_decision_service": P.PREPARE_REVOCATION,
    "bases.plaque_recovery": P.PREPARE_REVOCATION,
    "calls.publication": P.PUBLISH_CALL,
    "calls.returned": P.DRAFT_CALL,
    "complaints.received": P.HANDLE_COMPLAINT,
    "complaints.supplementing": P.HANDLE_COMPLAINT,
    "complaints.accepted": P.HANDLE_COMPLAINT,
    "complaints.answering": P.HANDLE_COMPLAINT,
    "complaints.verifying": P.HANDLE_COMPLAINT,
    "complaints.found": P.CONFIRM_FINDING,
    "complaints.finding_objection": P.HANDLE_COMPLAINT,
    "complaints.quarantine": P.HANDLE_COMPLAINT,
    "complaints.misconduct": P.CONFIRM_FINDING,
    "complaints.rating": P.HANDLE_COMPLAINT,
}
OFFICER_PAGES = {
    "applications.application": "applications:case",
    "bases.revocation": "bases:revocation",
    "complaints.complaint": "complaints:case",
}


def kind_in_words(kind: str) -> str:
    """Return what a kind of work is called on screen; one that nobody named yet is shown by its family."""
    return str(KINDS.get(kind, _("其他事项")))


def officer_address(item: WorkItem) -> str:
    """Return where an officer opens the item: its own page, or the case when it lies with the operator."""
    if item.operator_id is None:
        return item.url
    page = OFFICER_PAGES.get(item.subject_type)
    return address(page, (item.subject_id,)) if page else ""
