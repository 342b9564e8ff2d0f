"""What passed between an operator and the bureaus lately: letters, and the steps of its own cases."""

from collections.abc import Iterable
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.states import ApplicationStatus
from bases.models import Operator
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.web.parts import Event

MOST = 8
# What an operator learns of its case without a letter. Acts among officers (assigning, urging) stay inside.
STEPS = {
    "application.submitted": _("您单位提交申报"),
    "application.resubmitted": _("您单位补正后重新提交"),
    "application.returned": _("退回补正"),
    "application.correction_lapsed": _("逾期未补正，按现有材料继续办理"),
    "application.opinion_given": _("通过一个环节"),
    "application.passed": _("通过一个环节"),
    "application.publicised": _("列入公示"),
    "application.notice_over": _("公示期满"),
    "application.approved": _("批准认定"),
    "application.refused": _("不予认定"),
    "application.withdrawn": _("您单位撤回申报"),
}
KINDS: dict[str, Literal["pause", "bad"]] = {"application.returned": "pause", "application.refused": "bad"}


def recent_events(operator: Operator, applications: Iterable[Application]) -> list[Event]:
    """Return the last letters and steps together, the newest first."""
    named = {str(each.pk): each for each in applications}
    letters = Letter.objects.open_to_operator(operator.pk).filter(voided_on=None).order_by("-id")[:MOST]
    found = [
        Event(
            each.issued_on,
            each.title,
            who=each.issuer,
            kind="letter",
            href=reverse("documents:letter", args=[each.key]),
            link=each.reference,
        )
        for each in letters
    ]
    steps = AuditEvent.objects.filter(subject_type="applications.application", subject_id__in=named, verb__in=STEPS)
    for event in steps.order_by("-recorded_at", "-seq")[:MOST]:
        case = named[event.subject_id]
        about = " ".join(part for part in (case.base.name, case.reference) if part)
        found.append(Event(event.on, _passed(event), text=about, kind=KINDS.get(event.verb, "")))
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST]


def _passed(event: AuditEvent) -> str:
    """Return what happened; of an opinion, at which step it was given."""
    step = event.facts.get("step")
    if event.verb in {"application.opinion_given", "application.passed"} and step in ApplicationStatus.values:
        name = str(ApplicationStatus(step).label).removeprefix("待")
        return gettext("%(step)s办理完毕，进入下一环节") % {"step": name}
    return str(STEPS[event.verb])
