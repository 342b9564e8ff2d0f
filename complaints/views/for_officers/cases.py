"""The case as an officer sees it: first what is to be done now, until when and under which clause; then the facts."""

import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import actions
from complaints.actions.handling import QUARANTINE, law_of, term_of
from complaints.models import Complaint, Finding, count_of
from complaints.procedure import HandlingPolicy
from complaints.states import OPEN
from complaints.states import ComplaintStatus as S
from complaints.views.for_officers.asking import capacity_of, complaint_in_territory
from complaints.views.for_officers.choices import acts_of
from complaints.views.for_officers.flags import flags_in_words
from complaints.views.for_officers.history import events_of, steps_of
from complaints.views.for_officers.papers import Papers, findings_of
from complaints.views.story import to_do_on_finding
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.audit.recording import timeline
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due
from portal.deadlines.today import business_today
from portal.documents import uploads
from portal.documents.models import Upload
from portal.policies.loader import pack_of
from portal.policies.schema import Value
from portal.web.parts import Fact
from portal.worklist.models import WorkItem
from portal.worklist.wording import task_in_words


@officer_view(Permission.READ_CASES)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole complaint on one page; who told it stays masked, what was told is for those who handle it."""
    complaint = complaint_in_territory(request, pk)
    return render(request, "complaints/officer_case.html", case_context(complaint, capacity_of(request)))


def case_context(complaint: Complaint, by: Capacity) -> dict[str, Any]:
    """Return everything the page shows. The number of queries is the same whatever the length of the history."""
    today, law = business_today(), law_of(complaint)
    findings, papers = findings_of(complaint), Papers(complaint)
    last = findings[0] if findings else None
    reads, answer = actions.may_reveal(complaint, by), getattr(complaint, "answer", None)
    events = list(timeline(complaint))
    who, likely = actions.masked_and_likely(complaint, by=by)
    return {
        "complaint": complaint,
        "facts": _facts(complaint),
        "steps": steps_of(complaint, last, law.handling, events, today),
        "now": _now(complaint, last, today),
        "acts": acts_of(complaint, last, by, today),
        "reads": reads,
        "who": list(who.values()),
        "evidence": papers.files["complaint", complaint.pk] if reads else [],
        "likely": likely,
        "supplement": getattr(complaint, "supplement", None),
        "answer": answer,
        "answer_files": papers.files["answer", answer.pk] if answer else [],
        "findings": list(papers.shown(findings)),
        "flags": flags_in_words(complaint),
        "repeats": papers.repeats,
        "count": count_of(complaint.base, today),
        "letters": list(complaint.letters.select_related("letter").order_by("-letter__issued_on", "-pk")),
        "events": events_of(events, reads=reads),
        "terms": _terms(complaint, law.handling),
        "calendar": calendar_for(complaint.jurisdiction),
        "pack_title": pack_of(complaint.policy, on=complaint.received_on).title,
    }


def _now(complaint: Complaint, last: Finding | None, today: datetime.date) -> dict[str, Any] | None:
    """Return what is to be done now: the task, whose it is, until when, under which clause. None once it is over."""
    about = WorkItem.objects.waiting().filter(
        subject_type=complaint._meta.label_lower, subject_id=str(complaint.pk), desk__isnull=False
    )
    items = list(about.select_related("assignee").order_by("due_on", "pk"))
    kind = QUARANTINE if complaint.held_back else f"complaints.{complaint.status}"
    item = next((each for each in items if each.kind == kind), items[0] if items else None)
    if item is None and complaint.held_back:
        counted = law_of(complaint).handling.accept_workdays
        return {"task": _("甄别被系统标记的投诉"), "clause": counted, "who": None, "also": []}
    if item is None:
        return None
    also = [task_in_words(each.task) for each in items if each is not item]
    served = last if complaint.status == S.FOUND and item.kind == kind and last and last.served_on else None
    task = to_do_on_finding(served, today) if served else task_in_words(item.task)
    task = _("甄别被系统标记的投诉") if item.kind == QUARANTINE else task  # the item speaks of all that wait
    clause = term_of(law_of(complaint).handling, item) or item.clause
    return {"task": task, "clause": clause, "who": item.assignee, "also": also}


def _facts(complaint: Complaint) -> list[Fact]:
    unsaid = "—" if complaint.status not in OPEN else _("还没有填写") if complaint.accepted_on else _("受理时填写")
    found = [
        Fact(_("被投诉基地"), complaint.base.name, href=reverse("complaints:for_base", args=[complaint.base_id])),
        Fact(_("运营机构"), complaint.base.operator.name),
        Fact(_("所在地"), complaint.base.jurisdiction.full_name),
        Fact(_("来源"), complaint.get_channel_display()),
        Fact(_("类别"), complaint.get_category_display() or unsaid),
        Fact(_("收到日期"), f"{complaint.received_on:%Y-%m-%d}"),
    ]
    if complaint.overturned_on and complaint.decided_on:
        decided, overturned = (f"{day:%Y-%m-%d}" for day in (complaint.decided_on, complaint.overturned_on))
        return [*found, Fact(_("确认日期"), decided), Fact(_("推翻日期"), overturned)]
    if complaint.closed_on:
        return [*found, Fact(_("办结日期"), f"{complaint.closed_on:%Y-%m-%d}")]
    return [*found, Fact(_("现由谁办"), complaint.desk.name if complaint.desk else _("无"))]


def _terms(complaint: Complaint, law: HandlingPolicy) -> list[tuple[str, Due, Value[Any]]]:
    """Return the aim and the hard limit of the verification with their sums, while they run."""
    found = []
    if complaint.status in OPEN and complaint.verify_by:
        found.append((_("核实目标"), Due.from_json(complaint.verify_by), law.verify_days))
    if complaint.status in OPEN and complaint.limit_term:
        limit = law.extension_days if complaint.extended_on else law.limit_days
        found.append((_("办结最长期限"), Due.from_json(complaint.limit_term), limit))
    return found


@officer_view(Permission.READ_CASES)
@require_safe
def case_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Hand out a file of a complaint: the complainant's evidence only to those who handle it."""
    complaint = complaint_in_territory(request, pk)
    upload = Upload.objects.filter(key=key).first()
    if upload is None or not _may_have(complaint, upload, capacity_of(request)):
        raise Http404
    return uploads.serve(upload, request)


def _may_have(complaint: Complaint, upload: Upload, by: Capacity) -> bool:
    inside = Q(evidence=upload) | Q(findings__uploads=upload) | Q(findings__objections__uploads=upload)
    if Complaint.objects.filter(inside, pk=complaint.pk).exists():
        return actions.may_reveal(complaint, by)
    found = Q(answer__uploads=upload) | Q(findings__base_letter__services__evidence=upload)
    return Complaint.objects.filter(found, pk=complaint.pk).exists()
