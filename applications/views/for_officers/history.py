"""What happened to an application, as the page of its dossier tells it to officers."""

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions.correction import places_of
from applications.models import Application, Objection
from portal.audit.models import AuditEvent
from portal.audit.recording import timeline
from portal.web.parts import Event


def events_of(application: Application, objections: Sequence[Objection]) -> list[Event]:
    """Return what happened, oldest first, objections with it; an act entered on another day shows its business day.

    That there was an objection is said, never who made it.
    """
    happened, places = timeline(application), places_of(application)
    if objections:
        keys = [str(each.pk) for each in objections]
        happened |= AuditEvent.objects.filter(subject_type=Objection._meta.label_lower, subject_id__in=keys)
    return [
        Event(
            event.moment,
            str(VERBS.get(event.verb, event.verb)),
            who="" if event.verb == "objection.received" else event.actor_label,
            text=_said(event, places),
            kind=KINDS.get(event.verb, ""),
        )
        for event in happened
    ]


def agreed_to_go_on(events: Sequence[Event]) -> Event | None:
    """Return the latest word of an approver that the case goes on although the own bureau was against (0159)."""
    agreed = str(VERBS["application.let_go_on"])
    return next((event for event in reversed(events) if event.title == agreed), None)


def _said(event: AuditEvent, labels: dict[str, str]) -> str:
    """Return why an approver let the case go on, or which change an officer checked, and with which word; nothing for
    other acts.
    """
    if event.verb == "application.let_go_on":
        return str(event.facts["reason"])
    label = labels.get(str(event.facts.get("place", "")), "") if event.verb == "application.change_checked" else ""
    word = _("%(label)s：认可") if event.facts.get("accepted") else _("%(label)s：有疑问")
    return word % {"label": label} if label else ""


VERBS = {
    "application.started": gettext_lazy("开始填报"),
    "application.submitted": gettext_lazy("提交申报"),
    "application.resubmitted": gettext_lazy("补正后重新提交"),
    "application.opinion_given": gettext_lazy("写审核意见，报下一环节"),
    "application.returned": gettext_lazy("退回补正"),
    "application.correction_proposed": gettext_lazy("送审批岗同意再次补正"),
    "application.correction_agreed": gettext_lazy("同意再次补正"),
    "application.correction_declined": gettext_lazy("不同意再次补正"),
    "application.correction_taken_back": gettext_lazy("撤回再次补正清单"),
    "application.correction_overdue": gettext_lazy("补正逾期"),
    "application.correction_lapsed": gettext_lazy("逾期未补正，按现有材料继续办理"),
    "application.change_checked": gettext_lazy("核对补正改动"),
    "application.visited": gettext_lazy("登记实地考察"),
    "application.publicised": gettext_lazy("列入公示"),
    "application.notice_over": gettext_lazy("公示期满后转入下一环节"),
    "objection.received": gettext_lazy("收到公示异议"),
    "objection.answered": gettext_lazy("答复公示异议"),
    "application.approved": gettext_lazy("批准认定"),
    "application.let_go_on": gettext_lazy("同意继续办理"),
    "application.refused": gettext_lazy("不予认定"),
    "application.sent_back": gettext_lazy("退回复审"),
    "application.withdrawn": gettext_lazy("申报单位撤回"),
    "application.assigned": gettext_lazy("转他人办理"),
    "application.reclocked": gettext_lazy("正式日历公布，重算期限"),
    "application.reclocked_locally": gettext_lazy("本地放假安排，重算期限"),
}
KINDS: dict[str, Literal["letter", "pause", "bad"]] = {
    "application.returned": "pause",
    "application.refused": "bad",
    "application.approved": "letter",
}
