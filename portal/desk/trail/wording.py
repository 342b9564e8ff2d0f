"""What happened, in words: one table for every verb of the audit trail. A test finds verbs that are missing here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "application.approved": _("批准认定"),
    "application.assigned": _("分派或转办"),
    "application.notice_over": _("公示期满"),
    "application.opinion_given": _("出具意见"),
    "application.passed": _("通过本环节"),
    "application.publicised": _("列入公示"),
    "application.reclocked": _("重新计算期限"),
    "application.refused": _("不予认定"),
    "application.resubmitted": _("补正后重新提交"),
    "application.returned": _("退回补正"),
    "application.sent_back": _("退回上一环节"),
    "application.started": _("开始填报"),
    "application.submitted": _("提交申报"),
    "application.visited": _("登记实地考察"),
    "application.withdrawn": _("撤回申报"),
    "audit.exported": _("导出审计记录"),
    "award.arose": _("产生补助资格"),
    "base.amended": _("变更基地信息"),
    "base.certification_recorded": _("记载认定"),
    "base.recognised": _("认定基地"),
    "base.registered": _("登记基地"),
    "call.amended": _("修改申报通知"),
    "call.closed": _("申报截止"),
    "call.drafted": _("起草申报通知"),
    "call.extended": _("延长申报时间"),
    "call.published": _("发布申报通知"),
    "call.withdrawn": _("撤回申报通知"),
    "delegation.ended": _("委托代办到期"),
    "delegation.given": _("委托代办"),
    "delegation.revoked": _("提前结束委托"),
    "letter.issued": _("制发文书"),
    "letter.voided": _("作废文书"),
    "notice.concluded": _("公示结束"),
    "notice.published": _("发布公示"),
    "objection.answered": _("答复异议"),
    "objection.received": _("收到异议"),
    "operator.registered": _("登记运营机构"),
    "operator.uscc_accepted": _("核准信用代码"),
    "policy.assumption_changed": _("变更政策假定"),
    "policy.assumption_confirmed": _("确认政策假定"),
    "person.changed": _("修改本人资料"),
    "person.created": _("建立账号"),
    "person.deactivated": _("停用账号"),
    "person.factors_reset": _("重置双因素验证"),
    "person.reactivated": _("恢复账号"),
    "post.confirmed": _("核准岗位"),
    "post.ended": _("结束岗位"),
    "post.proposed": _("提出岗位授权"),
    "post.refused": _("退回岗位授权"),
    "representative.ended": _("结束经办"),
    "representative.granted": _("登记经办人员"),
    "worklist.reclocked": _("重新计算待办期限"),
}


def in_words(verb: str) -> str:
    """Return what a verb says on screen."""
    return str(VERBS.get(verb, verb))
