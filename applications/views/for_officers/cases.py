"""The dossier as an officer sees it: what changed, what is met, what was said, every paper; what may be done now."""

from typing import Any, Literal
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applications.actions.decision import REFUSABLE, took_part
from applications.actions.moving import STEP_PERMISSION, TASKS
from applications.actions.review import OPINION_STEPS, RETURNING_STEPS, changes
from applications.forms import OpinionForm, ReasonForm, revision_of
from applications.models import Application, SiteVisit
from applications.states import FINAL, ApplicationStatus
from applications.views.acting import capacity_of
from applications.views.conditions import conditions_of
from applications.views.dossiers import files_in_words, whole
from applications.views.progress import letters_about, steps_of, title_name
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.audit.recording import timeline
from portal.documents import uploads
from portal.documents.models import Upload
from portal.web.parts import Act, Change, Event, Fact
from portal.worklist.models import WorkItem

A = ApplicationStatus
RELATED = (
    "call__jurisdiction",
    "base__jurisdiction__parent__parent",
    "jurisdiction",
    "operator",
    "desk",
    "notice__letter",
    "certification",
    "decision__letter",
    "decision__decided_by",
)


def dossier_in_territory(request: HttpRequest, pk: int) -> Application:
    """Return a filed application within the officer's territory; any other does not exist."""
    visible = Application.objects.visible_to_officers().within(capacity_of(request).jurisdiction)
    return get_object_or_404(visible.select_related(*RELATED), pk=pk)


@officer_view(Permission.READ_CASES)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole dossier on one page, the present step and its acts at the foot."""
    return render(request, "applications/case.html", case_context(request, dossier_in_territory(request, pk)))


def case_context(request: HttpRequest, application: Application, **forms: Any) -> dict[str, Any]:
    """Return everything the page of a dossier shows; `forms` replaces the empty ones after a refusal."""
    capacity = capacity_of(request)
    submission = application.submissions.select_related("submitted_by").order_by("-number").first()
    here = on_desk(application, capacity)
    checks = {check.place: check for check in submission.checks.all()} if submission else {}
    lines = [
        Change(
            each.label,
            each.before,
            each.after,
            place=each.section,
            name=f"check:{each.place}",
            answer=_answer(checks.get(each.place)),
        )
        for each in changes(application)
    ]
    item = (
        WorkItem.objects.waiting()
        .filter(subject_type=application._meta.label_lower, subject_id=str(application.pk))
        .select_related("assignee")
        .first()
    )
    return {
        "application": application,
        "submission": submission,
        "facts": _facts(application, item),
        "steps": steps_of(application),
        "changes": lines,
        "unchecked": sum(not line.answer for line in lines),
        "conditions": conditions_of(application, submission),
        "opinions": application.opinions.select_related("given_by").order_by("pk"),
        "corrections": application.corrections.select_related("letter").order_by("-number"),
        "visits": application.visits.prefetch_related("officers", Prefetch("photos", Upload.objects.order_by("pk"))),
        "objections": application.objections.order_by("pk"),
        "filed": files_in_words(
            application, submission, lambda key: reverse("applications:case_file", args=[application.pk, key])
        ),
        "letters": letters_about(application),
        "events": events_of(application),
        "here": here,
        "task": TASKS.get(A(application.status), ""),
        "acts": acts_of(application, capacity, unchecked=sum(not line.answer for line in lines)) if here else [],
        "may_refuse": may_refuse(application, capacity),
        "may_assign": here and application.status in STEP_PERMISSION,
        "opinion_form": OpinionForm(initial=revision_of(application))
        if here and application.status in OPINION_STEPS
        else None,
        "approval_form": ReasonForm(initial=revision_of(application), prefix="approve")
        if here and application.status == A.APPROVAL
        else None,
        **forms,
    }


def events_of(application: Application) -> list[Event]:
    """Return what happened, oldest first; an act entered on another day shows its business day."""
    return [
        Event(
            event.recorded_at if event.recorded_at.astimezone().date() == event.on else event.on,
            str(VERBS.get(event.verb, event.verb)),
            who=event.actor_label,
            kind=KINDS.get(event.verb, ""),
        )
        for event in timeline(application)
    ]


def _answer(check: Any) -> str:
    return "" if check is None else "agreed" if check.accepted else "doubted"


def on_desk(application: Application, capacity: Capacity) -> bool:
    """Whether the officer may act on it now: it lies on the very desk, and the post has the permission of the step."""
    needed = STEP_PERMISSION.get(A(application.status))
    return needed is not None and application.desk_id == capacity.jurisdiction.pk and capacity.may(needed)


def may_refuse(application: Application, capacity: Capacity) -> bool:
    """Whether the officer may decide not to certify: the bureau of the call, an approver, a step that allows it."""
    return (
        capacity.may(Permission.APPROVE)
        and application.call.jurisdiction_id == capacity.jurisdiction.pk
        and application.status in REFUSABLE
    )


def acts_of(application: Application, capacity: Capacity, *, unchecked: int) -> list[Act]:
    """Return the acts of the present step; one that cannot be done yet is shown with the reason."""
    found = []
    waiting = _("%(n)s 处改动没有核对") % {"n": unchecked} if unchecked else ""
    if application.status in OPINION_STEPS:
        found.append(Act(_("写意见，报下一环节"), "#opinion", "primary", why_not=waiting))
    if application.status == A.SITE_VISIT:
        found.append(Act(_("登记实地考察"), reverse("applications:visit", args=[application.pk]), "primary"))
    if application.status == A.PUBLIC_NOTICE:
        url = f"{reverse('applications:new_notice', args=[application.call_id])}?pick={application.pk}"
        found.append(Act(_("列入公示"), url, "primary"))
    if application.status == A.APPROVAL:
        barred = (
            _("您参与过审核、考察或公示，须由另一位审批人员办理") if took_part(application) & capacity.people else ""
        )
        found.append(Act(_("批准认定"), "#approval", "primary", why_not=barred))
        found.append(Act(_("退回复审"), reverse("applications:send_back", args=[application.pk]), "plain"))
    if application.status in RETURNING_STEPS and capacity.may(Permission.GIVE_OPINION):
        found.append(Act(_("退回补正"), reverse("applications:correct", args=[application.pk]), "plain"))
    return found


def _facts(application: Application, item: WorkItem | None) -> list[Fact]:
    found = [
        Fact(_("运营机构"), application.operator.name),
        Fact(_("信用代码"), application.operator.uscc, code=True),
        Fact(_("所在地"), application.base.jurisdiction.full_name),
        Fact(_("申报称号"), title_name(application)),
        Fact(_("首次提交"), application.first_submitted_on),
    ]
    if application.status in FINAL:
        return [*found, Fact(_("办结日期"), application.decided_on)]
    who = item.assignee if item and item.assignee else application.desk.name if application.desk else _("申报单位")
    return [*found, Fact(_("现由谁办"), who)]


@officer_view(Permission.READ_CASES)
@require_safe
def case_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Hand out a file of a dossier in the officer's territory, or a photograph of its visits."""
    application = dossier_in_territory(request, pk)
    filed = {row["key"] for submission in application.submissions.all() for row in submission.files}
    upload = Upload.objects.filter(key=key).first()
    if upload is None or not (key.hex in filed or _photographed(application, upload)):
        raise Http404
    return uploads.serve(upload, request)


def _photographed(application: Application, upload: Upload) -> bool:
    return SiteVisit.objects.filter(application=application, photos=upload).exists()


@officer_view(Permission.READ_CASES)
@require_safe
def case_as_filed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one submitted version in full."""
    application = dossier_in_territory(request, pk)
    context = whole(
        application, request.GET.get("v", ""), lambda key: reverse("applications:case_file", args=[pk, key])
    )
    return render(request, "applications/case_as_filed.html", context)


VERBS = {
    "application.started": gettext_lazy("开始填报"),
    "application.submitted": gettext_lazy("提交申报"),
    "application.resubmitted": gettext_lazy("补正后重新提交"),
    "application.opinion_given": gettext_lazy("写审核意见，报下一环节"),
    "application.returned": gettext_lazy("退回补正"),
    "application.visited": gettext_lazy("登记实地考察"),
    "application.publicised": gettext_lazy("列入公示"),
    "application.notice_over": gettext_lazy("公示期满"),
    "application.approved": gettext_lazy("批准认定"),
    "application.refused": gettext_lazy("不予认定"),
    "application.sent_back": gettext_lazy("退回复审"),
    "application.withdrawn": gettext_lazy("申报单位撤回"),
    "application.assigned": gettext_lazy("转他人办理"),
    "application.reclocked": gettext_lazy("正式日历公布，重算期限"),
}
KINDS: dict[str, Literal["letter", "pause", "bad"]] = {
    "application.returned": "pause",
    "application.refused": "bad",
    "application.approved": "letter",
}
