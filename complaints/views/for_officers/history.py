"""What happened to a complaint, and the steps it goes through."""

import datetime
from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint, Finding
from complaints.procedure import HandlingPolicy
from complaints.states import ComplaintStatus as S
from complaints.states import Outcome
from complaints.views.story import waits_for_confirmation
from portal.audit.models import AuditEvent
from portal.web.dates import day
from portal.web.parts import Event, Step, StepState

STATIONS = (
    (gettext_lazy("受理"), {S.RECEIVED, S.SUPPLEMENTING}),
    (gettext_lazy("摘要"), {S.ACCEPTED}),
    (gettext_lazy("基地答复"), {S.ANSWERING}),
    (gettext_lazy("核实"), {S.VERIFYING}),
    (gettext_lazy("送达、异议"), {S.FOUND}),
    (gettext_lazy("确认"), {S.UPHELD, S.DISMISSED, S.OVERTURNED}),
)
STOPPED = {S.REJECTED, S.TRANSFERRED, S.WITHDRAWN}
ASKED = range(1, 3)  # the summary and the answer to it: not where it is verified at once
VERIFYING, CONFIRMED = 3, 5


def steps_of(
    complaint: Complaint, finding: Finding | None, law: HandlingPolicy, events: Sequence[AuditEvent], on: datetime.date
) -> list[Step]:
    """Return the steps from receipt to confirmation, each with its day or the days it may take.

    Those that never come are left out: what follows where it was stopped, and the base's where it was not asked.
    """
    status = S(complaint.status)
    here = _place(S(_before_withdrawal(events)) if status == S.WITHDRAWN else status)
    if status == S.FOUND and finding is not None and waits_for_confirmation(finding, on):
        here = CONFIRMED
    notes = _notes(complaint, finding, law, here)
    if status in STOPPED:
        notes[here] = complaint.get_status_display()
    left_out = ASKED if complaint.summary_on is None and here > max(ASKED) else range(0)
    last = here if status in STOPPED else len(STATIONS)
    return [
        Step(str(label), notes[place], state=_state(place, here, status), more="")
        for place, (label, _at) in enumerate(STATIONS)
        if place <= last and place not in left_out
    ]


def _place(status: S) -> int:
    """Return the number of the step a status belongs to; rejected and transferred it never went beyond the first."""
    return next((place for place, (_label, at) in enumerate(STATIONS) if status in at), 0)


def _before_withdrawal(events: Sequence[AuditEvent]) -> str:
    return next((event.facts["before"] for event in events if event.verb == "complaint.withdrawn"), S.RECEIVED)


def _state(place: int, here: int, status: S) -> StepState:
    if place < here or (place == here and status in {S.UPHELD, S.DISMISSED}):
        return "done"
    if place > here:
        return "next"
    return "stop" if status in STOPPED or status == S.OVERTURNED else "now"


def _notes(complaint: Complaint, finding: Finding | None, law: HandlingPolicy, here: int) -> list[str]:
    """Return what stands below each step; what was found before counts no more while it is verified anew."""

    def within(length: int) -> str:
        return _("%(n)s 个工作日内") % {"n": length}

    answer = getattr(complaint, "answer", None)
    found = finding if here > VERIFYING else None
    ends = found.objection_ends if found else None
    return [
        day(complaint.accepted_on) if complaint.accepted_on else within(law.accept_workdays.value),
        day(complaint.summary_on) if complaint.summary_on else "",
        day(answer.answered_on)
        if answer
        else (_("没有答复") if here > max(ASKED) else within(law.answer_workdays.value)),
        str(Outcome(found.outcome).label) if found else _("%(n)s 日内") % {"n": law.verify_days.value},
        _("异议期至 %(on)s") % {"on": day(ends)} if ends else within(law.objection_workdays.value),
        _confirmation(complaint, law, here),
    ]


def _confirmation(complaint: Complaint, law: HandlingPolicy, here: int) -> str:
    if here < CONFIRMED:
        return _("%(n)s 个工作日内") % {"n": law.confirm_workdays.value}
    if complaint.status == S.FOUND and complaint.due_on is not None:
        return _("%(on)s 前") % {"on": day(complaint.due_on)}
    return complaint.get_status_display()


def events_of(events: Sequence[AuditEvent], *, reads: bool) -> list[Event]:
    """Return what happened, oldest first; why an identity was looked at is told to those who may look at it."""
    return [_event(event, reads=reads) for event in events]


def _event(event: AuditEvent, *, reads: bool) -> Event:
    purpose = event.facts.get("purpose", "") if reads else ""
    said = purpose or event.facts.get("because", "") or event.facts.get("to", "")
    words = str(VERBS.get(event.verb, event.verb))
    who = "" if event.actor_id is None and event.verb != "complaint.accepted_by_silence" else event.actor_label
    return Event(event.moment, words, who=who, text=str(said), kind=KINDS.get(event.verb, ""))


VERBS = {
    "complaint.acceptance_ordered": gettext_lazy("责令受理投诉"),
    "complaint.accepted": gettext_lazy("受理投诉"),
    "complaint.accepted_by_silence": gettext_lazy("逾期未答复，视为受理投诉"),
    "complaint.answered": gettext_lazy("基地答复投诉"),
    "complaint.dismissed": gettext_lazy("投诉不予认定"),
    "complaint.extended": gettext_lazy("批准延长投诉办理"),
    "complaint.fact_linked": gettext_lazy("关联同一事实"),
    "complaint.finding_served": gettext_lazy("投诉核实结果送达"),
    "complaint.found": gettext_lazy("出具投诉核实结果"),
    "complaint.identity_purged": gettext_lazy("投诉人信息保存期满删除"),
    "complaint.identity_revealed": gettext_lazy("查看投诉人信息"),
    "complaint.not_answered": gettext_lazy("基地逾期未答复投诉"),
    "complaint.objected": gettext_lazy("对投诉核实结果提出异议"),
    "complaint.objection_answered": gettext_lazy("答复对核实结果的异议"),
    "complaint.ordered_anew": gettext_lazy("责令重新核实投诉"),
    "complaint.overturned": gettext_lazy("推翻投诉认定"),
    "complaint.passed_on": gettext_lazy("改由其他机关办理"),
    "complaint.received": gettext_lazy("收到投诉"),
    "complaint.reclocked": gettext_lazy("重新计算期限"),
    "complaint.recipient_settled": gettext_lazy("认定投诉人是否服务对象"),
    "complaint.rejected": gettext_lazy("不予受理投诉"),
    "complaint.released": gettext_lazy("投诉甄别后放行"),
    "complaint.sent_back": gettext_lazy("退回重新核实投诉"),
    "complaint.summary_released": gettext_lazy("向基地发出情况摘要"),
    "complaint.supplement_asked": gettext_lazy("告知投诉人补充材料"),
    "complaint.supplement_lapsed": gettext_lazy("投诉补充材料逾期"),
    "complaint.supplemented": gettext_lazy("投诉人补充材料"),
    "complaint.transferred": gettext_lazy("转交投诉"),
    "complaint.upheld": gettext_lazy("投诉认定有效"),
    "complaint.verified_at_once": gettext_lazy("不经基地答复直接核实"),
    "complaint.withdrawn": gettext_lazy("撤回投诉"),
}
KINDS: dict[str, Literal["letter", "pause", "bad"]] = {
    "complaint.supplement_asked": "pause",
    "complaint.rejected": "bad",
    "complaint.overturned": "bad",
    "complaint.sent_back": "bad",
    "complaint.found": "letter",
    "complaint.summary_released": "letter",
}
