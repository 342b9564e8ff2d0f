"""A complaint's story for who told it: what happened on which day, in plain words. Nothing internal is in it.

Only acts named here are shown: releases from quarantine, reveals of identity and the like are the bureaus' own.
"""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.actions.handling import TASKS
from complaints.models import Complaint, Finding, FindingObjection
from complaints.states import ComplaintStatus as S
from complaints.states import Side
from portal.audit.recording import timeline
from portal.web.parts import Event

WORDS = {
    "received": gettext_noop("投诉已收到"),
    "supplement_asked": gettext_noop("请您补充材料"),
    "supplemented": gettext_noop("您补充了内容"),
    "supplement_lapsed": gettext_noop("补充期限已过，按现有材料决定是否受理"),
    "accepted": gettext_noop("已受理"),
    "acceptance_ordered": gettext_noop("上级机关要求受理"),
    "accepted_by_silence": gettext_noop("期满未作答复，视为受理"),
    "rejected": gettext_noop("不予受理"),
    "transferred": gettext_noop("已转交其他部门"),
    "withdrawn": gettext_noop("已按您的意思撤回"),
    "summary_released": gettext_noop("情况摘要已发给基地答复，摘要里没有您的信息"),
    "answered": gettext_noop("基地已答复"),
    "not_answered": gettext_noop("基地逾期没有答复，直接核实"),
    "verified_at_once": gettext_noop("不先问基地，直接核实"),
    "extended": gettext_noop("情况复杂，经批准延长办理期限"),
    "found": gettext_noop("核实结果已作出"),
    "finding_served": gettext_noop("核实结果已送达基地"),
    "objected": gettext_noop("核实结果有异议，正在办理"),
    "objection_answered": gettext_noop("异议已答复"),
    "upheld": gettext_noop("已办结：投诉有效"),
    "dismissed": gettext_noop("已办结：不予认定"),
    "overturned": gettext_noop("上级机关推翻了原核实结果"),
    "sent_back": gettext_noop("审批人员没有确认核实结果，退回重新核实"),
    "ordered_anew": gettext_noop("上级机关要求重新核实"),
}
YOURS = {S.SUPPLEMENTING: gettext_noop("等您补充材料")}
BAD = frozenset({"rejected", "dismissed", "overturned", "supplement_lapsed"})
OBJECTED = {Side.BASE: gettext_noop("基地提出的异议"), Side.COMPLAINANT: gettext_noop("您提出的异议")}
TEXTS = {
    "rejected": "refusal",
    "transferred": "refusal",
    "extended": "extended_because",
    "overturned": "overturned_because",
}


def shown_story(complaint: Complaint, today: datetime.date) -> list[Event]:
    """Return what happened so far and what comes next, oldest first."""
    events = [
        _event(complaint, verb, each.on, each.facts)
        for each in timeline(complaint)
        if (verb := each.verb.removeprefix("complaint.")) in WORDS
    ]
    coming = _coming(complaint, today)
    if coming and complaint.due_on:
        words = _("接下来：%(task)s，%(day)s 前") % {"task": coming, "day": complaint.due_on.isoformat()}
        late = _("已经超过期限，上级机关会督办。") if today > complaint.due_on else ""
        events.append(Event(today, words, text=late, kind="next"))
    return events


def _coming(complaint: Complaint, today: datetime.date) -> str:
    """Return what is to be done next; of a finding only what is not over: it is served before it is confirmed."""
    task = YOURS.get(S(complaint.status), TASKS.get(S(complaint.status)))
    finding = shown_finding(complaint)
    if complaint.status != S.FOUND or finding is None or finding.served_on is None:
        return _(task) if task else ""
    return to_do_on_finding(finding, today)


def to_do_on_finding(finding: Finding, today: datetime.date) -> str:
    """Return what is still to be done on a finding that is served: objections answered, the days over, confirmed."""
    if any(objection.answered_on is None for objection in finding.objections.all()):
        return _("先答复异议，再由审批人员确认核实结果")
    if waits_for_confirmation(finding, today) or finding.objection_ends is None:
        return _("由审批人员确认核实结果")
    return _("异议期至 %(day)s，期满后由审批人员确认核实结果") % {"day": finding.objection_ends.isoformat()}


def waits_for_confirmation(finding: Finding, today: datetime.date) -> bool:
    """Whether a finding is served, the days for an objection are over and every objection is answered."""
    over = finding.objection_ends is not None and finding.objection_ends < today
    return over and all(objection.answered_on is not None for objection in finding.objections.all())


def shown_finding(complaint: Complaint) -> Finding | None:
    """Return the finding that stands and was told to the complainant; None before it and while it is verified anew."""
    told = complaint.status in {S.FOUND, S.UPHELD, S.DISMISSED}
    return complaint.findings.order_by("number").last() if told else None


def _event(complaint: Complaint, verb: str, on: datetime.date, facts: dict[str, Any]) -> Event:
    text = str(getattr(complaint, TEXTS[verb])) if verb in TEXTS else ""
    if verb == "transferred":
        text = _("转交给%(to)s。%(why)s") % {"to": complaint.transferred_to, "why": text}
    if verb == "finding_served":
        text = _("您和基地都可以在 %(day)s 前（含当日）提出异议。") % {"day": facts.get("objection_ends", "")}
    if verb == "objected":
        text = _(OBJECTED[Side(facts["side"])])
    if verb == "objection_answered":
        text = _answer(complaint, facts)
    return Event(on, _(WORDS[verb]), text=text, kind="bad" if verb in BAD else "")


def _answer(complaint: Complaint, facts: dict[str, Any]) -> str:
    """Return the answer to the complainant's own objection; what the base objected is not the complainant's to read."""
    if facts.get("side") != Side.COMPLAINANT:
        said = {True: _("基地的异议成立，重新核实。"), False: _("基地的异议不成立。")}
        return said.get(facts.get("founded"), _("基地的异议一并重新核实。"))  # type: ignore[arg-type]  # or nothing
    own = FindingObjection.objects.filter(finding__complaint=complaint, side=Side.COMPLAINANT).order_by("pk").last()
    return own.answer if own else ""


def may_object(complaint: Complaint, today: datetime.date) -> str:
    """Return until when the complainant may object to the finding, in words; nothing where that is not possible."""
    finding = complaint.findings.order_by("number").last() if complaint.status == S.FOUND else None
    if finding is None or finding.objections.filter(side=Side.COMPLAINANT).exists():
        return ""
    if finding.objection_ends is None:
        return _("核实结果送达基地后的异议期满以前")
    return _("%(day)s（含当日）前") % {"day": finding.objection_ends} if today <= finding.objection_ends else ""


def may_rate(complaint: Complaint) -> bool:
    """Whether the handling is over, by a withdrawal too, and was not rated yet."""
    return complaint.closed_on is not None and complaint.rated_on is None
