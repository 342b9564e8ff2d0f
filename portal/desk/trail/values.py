"""The words for values that the trail keeps as codes: which letter, how it came in, what was found, which status."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from applications.states import ApplicationStatus, Verdict
from complaints.states import Category, Channel, ComplaintStatus, Flag, Outcome, Side
from portal.accounts.roles import Role
from portal.deadlines.models import DayKind
from portal.desk.trail.wording import VERBS
from portal.documents.models import ServiceMethod

FACTORS: dict[str, str | Promise] = {
    "totp": gettext_lazy("验证器"),
    "webauthn": gettext_lazy("安全密钥"),
    "recovery_codes": gettext_lazy("恢复码"),
}
LETTERS: dict[str, str | Promise] = {
    "application.approval": gettext_lazy("批准认定的决定"),
    "application.correction": gettext_lazy("补正告知书"),
    "application.objection_answer": gettext_lazy("异议答复"),
    "application.public_notice": gettext_lazy("公示"),
    "application.receipt": gettext_lazy("回执"),
    "application.recommendation": gettext_lazy("推荐意见"),
    "application.refusal": gettext_lazy("不予认定的决定"),
    "application.withdrawal": gettext_lazy("撤回确认"),
    "call.extension": gettext_lazy("延长申报时间的通知"),
    "call.notice": gettext_lazy("申报通知"),
    "certification.certificate": gettext_lazy("证书"),
    "complaint.acceptance": gettext_lazy("投诉受理告知书"),
    "complaint.extension": gettext_lazy("投诉延期告知书"),
    "complaint.finding": gettext_lazy("投诉核实结果告知书"),
    "complaint.finding_to_base": gettext_lazy("投诉核实结果告知书（致基地）"),
    "complaint.ordered_acceptance": gettext_lazy("投诉受理告知书"),
    "complaint.ordered_anew": gettext_lazy("投诉重新核实告知书"),
    "complaint.ordered_anew_to_base": gettext_lazy("投诉重新核实通知书（致基地）"),
    "complaint.overturned": gettext_lazy("投诉核实结果推翻告知书"),
    "complaint.overturned_to_base": gettext_lazy("投诉核实结果推翻通知书（致基地）"),
    "complaint.receipt": gettext_lazy("投诉回执"),
    "complaint.rejection": gettext_lazy("投诉不予受理告知书"),
    "complaint.result": gettext_lazy("投诉办结告知书"),
    "complaint.result_to_base": gettext_lazy("投诉核实结果确认通知书（致基地）"),
    "complaint.summary": gettext_lazy("投诉情况摘要"),
    "complaint.supplement": gettext_lazy("投诉补充材料告知书"),
    "complaint.transfer": gettext_lazy("投诉转办告知书"),
    "revocation.closing": gettext_lazy("终结撤销程序通知书"),
    "revocation.decision": gettext_lazy("撤销决定书"),
    "revocation.hearing_notice": gettext_lazy("听证通知书"),
    "revocation.plaque_recovery": gettext_lazy("收回牌匾和证书的通知"),
    "revocation.prior_notice": gettext_lazy("撤销事先告知书"),
    "revocation.reversal": gettext_lazy("恢复称号的通知"),
}
TERMS: dict[str, str | Promise] = {
    "defence": gettext_lazy("陈述申辩"),
    "limit_term": gettext_lazy("办结"),
    "objection": gettext_lazy("提出异议"),
    "step": gettext_lazy("本环节"),
    "verify_by": gettext_lazy("核实"),
}
CHOICES: dict[str, Mapping[str, Any]] = {
    "before": dict(ComplaintStatus.choices),
    "category": dict(Category.choices),
    "channel": dict(Channel.choices),
    "conclusion": dict(Verdict.choices),
    "factor": FACTORS,
    "flags": dict(Flag.choices),
    "kind": {**LETTERS, **dict(DayKind.choices)},
    "method": dict(ServiceMethod.choices),
    "outcome": dict(Outcome.choices),
    "role": dict(Role.choices),
    "side": dict(Side.choices),
    "step": dict(ApplicationStatus.choices),
    "term": TERMS,
    "verb": VERBS,
    "verdict": dict(Verdict.choices),
}
