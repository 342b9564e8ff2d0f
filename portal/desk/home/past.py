"""What passed between an operator and the bureaus lately: letters, and the steps of its own cases."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Literal

from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.states import ApplicationStatus, Verdict
from bases.models import Operator
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.web.parts import Event

Recorded = tuple[tuple[datetime.datetime, int], Event]  # when it was entered, and which entry it was
UNRECORDED = datetime.datetime.min.replace(tzinfo=datetime.UTC)
MOST = 8
# What an operator learns of its case without a letter. Acts among officers (assigning, urging) stay inside.
STEPS = {
    "application.submitted": _("您单位提交申报"),
    "application.resubmitted": _("您单位补正后重新提交"),
    "application.returned": _("退回补正"),
    "application.correction_lapsed": _("逾期未补正，按现有材料继续办理"),
    "application.opinion_given": _("通过一个环节"),
    "application.passed": _("通过一个环节"),
    "application.visited": _("实地考察已登记"),
    "application.publicised": _("列入公示"),
    "application.notice_over": _("公示期满后转入下一环节"),
    "application.approved": _("批准认定"),
    "application.refused": _("不予认定"),
    "application.withdrawn": _("您单位撤回申报"),
    "objection.received": _("收到公示异议"),
    "objection.answered": _("公示异议已答复"),
}
KINDS: dict[str, Literal["pause", "bad"]] = {"application.returned": "pause", "application.refused": "bad"}


def recent_events(operator: Operator, applications: Iterable[Application]) -> list[Event]:
    """Return the last letters and steps together, the newest first; of one day, what was recorded last."""
    found = [*_letters(operator), *_steps({str(each.pk): each for each in applications})]
    newest = sorted(found, key=lambda each: (each[1].at, each[0]), reverse=True)
    return [event for _recorded, event in newest[:MOST]]


def _letters(operator: Operator) -> Iterator[Recorded]:
    issued = AuditEvent.objects.filter(
        subject_type="documents.letter", subject_id=Cast(OuterRef("pk"), CharField()), verb="letter.issued"
    )
    at, seq = Subquery(issued.values("recorded_at")[:1]), Subquery(issued.values("seq")[:1])
    letters = Letter.objects.open_to_operator(operator.pk).filter(voided_on=None).order_by("-id")
    for day, title, issuer, key, reference, *recorded in letters.values_list(
        "issued_on", "title", "issuer", "key", "reference", at, seq
    )[:MOST]:
        href = reverse("documents:letter", args=[key])
        event = Event(day, title, who=issuer, kind="letter", href=href, link=reference)
        yield (recorded[0] or UNRECORDED, recorded[1] or 0), event


def _steps(named: dict[str, Application]) -> Iterator[Recorded]:
    objected = {str(objection.pk): case for case in named.values() for objection in case.objections.all()}
    meant = Q(subject_type="applications.application", subject_id__in=named)
    if objected:
        meant |= Q(subject_type="applications.objection", subject_id__in=objected)
    steps = AuditEvent.objects.filter(meant, verb__in=STEPS)
    for event in steps.order_by("-recorded_at", "-seq")[:MOST]:
        case = (objected if event.subject_type == "applications.objection" else named)[event.subject_id]
        about = " ".join(part for part in (case.base.name, case.reference) if part)
        happened = Event(event.on, _passed(event), text=about, kind=KINDS.get(event.verb, ""))
        yield (event.recorded_at, event.seq), happened


def _passed(event: AuditEvent) -> str:
    """Return what happened; of an opinion, at which step it was given and what it says."""
    step = event.facts.get("step")
    if event.verb in {"application.opinion_given", "application.passed"} and step in ApplicationStatus.values:
        name = str(ApplicationStatus(step).label).removeprefix("待")
        if event.facts.get("verdict") == Verdict.AGAINST:
            return gettext("%(step)s办理完毕：不同意，是否认定另行决定") % {"step": name}
        if event.facts.get("verdict") == Verdict.FOR:
            return gettext("%(step)s办理完毕：同意，进入下一环节") % {"step": name}
        return gettext("%(step)s办理完毕，进入下一环节") % {"step": name}
    return str(STEPS[event.verb])
