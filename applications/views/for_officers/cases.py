"""The dossier as an officer sees it: what changed, what is met, what was said, every paper; what may be done now."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg, JSONBAgg
from django.db import connection
from django.db.models import CharField, Exists, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.actions.consenting import may_answer
from applications.actions.decision import REFUSABLE
from applications.actions.moving import STEP_PERMISSION, TASKS, basis_of
from applications.actions.review import OPINION_STEPS, recommends
from applications.forms import ApprovalForm, OpinionForm, revision_of
from applications.models import Application, CorrectionProposal, Objection, SiteVisit, Submission
from applications.states import FINAL, REVIEWING, ApplicationStatus, ProposalStatus, Verdict
from applications.views.acting import capacity_of
from applications.views.conditions import conditions_of
from applications.views.dossiers import (
    answers_in_words,
    exempt_in_words,
    files_in_words,
    roster_beside,
    whole,
    with_roster,
)
from applications.views.for_officers.changes import comparison_of
from applications.views.for_officers.deciding import (
    asked_to_decide,
    barred_from_deciding,
    let_go_on_act,
    may_refuse,
    refusal_act,
    step_against,
)
from applications.views.for_officers.history import agreed_to_go_on, events_of
from applications.views.for_officers.standing import correction_overdue, notice_ended, post_in_charge
from applications.views.progress import against_at, done_on, letters_about, steps_of, title_name
from bases.models import Ban
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.documents import uploads
from portal.documents.models import Upload
from portal.policies.loader import pack_of
from portal.web.forms import PlainForm
from portal.web.parts import Act, Fact
from portal.worklist.models import WorkItem

A = ApplicationStatus
RELATED = (
    "call__jurisdiction",
    "base__jurisdiction__parent__parent__parent",
    "base__operator",
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
    waiting = WorkItem.objects.waiting().filter(
        subject_type=Application._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
    )
    asked = waiting.filter(kind__endswith="_decision")  # of the approvers after a negative word (0159)
    holder = waiting.exclude(kind__endswith="_decision").values("assignee__name")[:1]
    assigned = visible.select_related(*RELATED).annotate(assignee=Subquery(holder), referred=Exists(asked))
    with connection.cursor() as cursor:  # one row and its relations: looking for a better order takes most of the time
        cursor.execute("SET LOCAL join_collapse_limit = 1")
    return get_object_or_404(assigned, pk=pk)


def case_address(application: Application) -> str:
    """Return the page of the dossier, to which a stale act leads."""
    return reverse("applications:case", args=[application.pk])


@officer_view(Permission.READ_CASES)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole dossier on one page, the present step and its acts at the foot."""
    return render(request, "applications/case.html", case_context(request, dossier_in_territory(request, pk)))


def case_context(request: HttpRequest, application: Application, **forms: Any) -> dict[str, Any]:
    """Return everything the page of a dossier shows; `forms` replaces the empty ones after a refusal.

    The number of queries is the same whatever the length of the history.
    """
    capacity = capacity_of(request)
    versions = list(_versions(application))
    submission = versions[0] if versions else None
    here = on_desk(application, capacity)
    corrections = list(application.corrections.select_related("consent_by").order_by("-number"))
    waiting, unsent = _proposals(application) if corrections else (None, [])
    compared = comparison_of(application, versions, corrections, forms.pop("typed", None))
    objections = list(application.objections.select_related("notice").order_by("pk"))
    events = events_of(application, objections)
    return {
        "application": application,
        "submission": submission,
        "facts": _facts(application),
        "pack_title": _pack_title(application),
        "compared": compared,
        "unchecked": compared.unchecked,
        "bans_alike": Ban.objects.alike(application.base, business_today()) if application.status not in FINAL else [],
        "conditions": conditions_of(application, submission, live=here and application.status == A.APPROVAL),
        **_said(application, capacity),
        "corrections": corrections,
        "proposal": waiting,
        "unsent": unsent,
        "objections": objections,
        "may_open_objections": _may_open_objections(application, capacity),
        **_as_filed(application, submission),
        "letters": letters_about(application, answers=_may_open_objections(application, capacity)),
        "events": events,
        "let_go_on": agreed_to_go_on(events),
        "here": here,
        **_standing(application, capacity, objections),
        "task": TASKS.get(A(application.status), ""),
        **_powers(application, capacity, compared.unchecked, waiting, here=here),
        **_forms(application, here and waiting is None),
        **forms,
    }


def _standing(application: Application, capacity: Capacity, objections: list[Objection]) -> dict[str, Any]:
    """Return what its term rests on, what is over today and waited for, and whose step it is if not the officer's."""
    notice = application.notice if application.status == A.IN_NOTICE else None
    return {
        "basis": basis_of(application, application.status),
        "overdue": correction_overdue(application, business_today()),
        "notice_ended": notice_ended(notice, objections, business_today()),
        "post_in_charge": post_in_charge(application, capacity) if notice is None else "",
    }


def _proposals(application: Application) -> tuple[CorrectionProposal | None, list[CorrectionProposal]]:
    """Return the further list that waits for an approver, and those that were never sent, the newest first."""
    people = ("asked_of", "proposed_by", "closed_by")
    found = list(application.proposals.select_related(*people).exclude(status=ProposalStatus.AGREED).order_by("-pk"))
    waiting = [each for each in found if each.status == ProposalStatus.WAITING]
    return waiting[0] if waiting else None, [each for each in found if each not in waiting]


def _powers(
    application: Application, capacity: Capacity, unchecked: int, waiting: CorrectionProposal | None, *, here: bool
) -> dict[str, Any]:
    """Return what the officer may do now, `waiting` being the further list that waits for consent."""
    refuses = may_refuse(application, capacity)
    barred = barred_from_deciding(application, capacity) if refuses else ""
    return {
        "acts": _acts(application, capacity, unchecked, waiting, here=here, barred=barred),
        "may_check": here and application.status in REVIEWING and capacity.may(Permission.GIVE_OPINION),
        "may_refuse": refuses,
        "let_go_on_act": let_go_on_act(application, barred) if refuses and asked_to_decide(application) else None,
        "refuse_act": refusal_act(application, barred),
        "may_assign": here and application.status in STEP_PERMISSION and waiting is None,
    }


def _acts(
    application: Application,
    capacity: Capacity,
    unchecked: int,
    waiting: CorrectionProposal | None,
    *,
    here: bool,
    barred: str,
) -> list[Act]:
    """Return what the officer may do now; while a further list waits for consent, nothing but to open it (0157)."""
    if waiting is None:
        return acts_of(application, capacity, unchecked, barred) if here else waiting_acts(application, capacity)
    asked = may_answer(waiting, capacity, business_today())
    if not here and not asked:
        return []
    label = _("看再次补正清单，同意或者不同意") if asked else _("看再次补正清单")
    return [Act(label, reverse("applications:proposal", args=[waiting.pk]), "primary" if asked else "plain")]


def _as_filed(application: Application, submission: Submission | None) -> dict[str, Any]:
    roster = reverse("bases:roster", args=[application.base_id])
    beside = submission if application.status not in FINAL else None
    parts = answers_in_words(application, submission.answers) if submission else []
    return {
        "roster": roster_beside(application, beside.answers, getattr(beside, "present", 0), roster) if beside else None,
        "filed": files_in_words(application, submission, _file_address(application.pk)),
        "exempt": exempt_in_words(application, submission),
        "parts": parts,
        "unlikely": sum(bool(line["hint"]) for part in parts for line in part["lines"]),
    }


def _said(application: Application, capacity: Capacity) -> dict[str, Any]:
    """Return what was said of the case so far; who below was against is put before the bureau that decides."""
    opinions = list(application.opinions.select_related("given_by").order_by("pk"))
    visits = list(visits_of(application))
    decides = application.call.jurisdiction_id == capacity.jurisdiction.pk
    below = against_at(opinions) - {A.REVIEW} if decides and application.status not in FINAL else frozenset()
    against = against_at(opinions, visits)
    return {
        "opinions": opinions,
        "visits": visits,
        "decision": getattr(application, "decision", None),
        "disagreeing": [each for visit in visits for each in visit.findings if not each["agrees"]],
        "steps": steps_of(application, against, done_on(application, opinions, [each.visited_on for each in visits])),
        "against_below": [each for each in opinions if each.step in below and each.verdict == Verdict.AGAINST],
        "against_here": step_against(application, against) if decides else "",
        "asked_to_decide": asked_to_decide(application),
        "refusable": application.status in REFUSABLE,
        "decides_elsewhere": not decides,
    }


def _pack_title(application: Application) -> str:
    return pack_of(application.policy, on=application.first_submitted_on or business_today()).head.title


def _forms(application: Application, here: bool) -> dict[str, PlainForm | bool | None]:
    writes = here and application.status in OPINION_STEPS
    return {
        "opinion_form": _form(OpinionForm, application, writes),
        "issues_letter": writes and recommends(application, application.status),
        "approval_form": _form(ApprovalForm, application, here and application.status == A.APPROVAL, prefix="approve"),
    }


def _may_open_objections(application: Application, capacity: Capacity) -> bool:
    """Whether the page of an objection would answer: the bureau that published the notice, posts that handle them."""
    handles = capacity.may(Permission.HANDLE_OBJECTION) or capacity.may(Permission.APPROVE)
    return handles and application.call.jurisdiction_id == capacity.jurisdiction.pk


def _form(kind: type[PlainForm], application: Application, offered: bool, **options: Any) -> PlainForm | None:
    return kind(initial=revision_of(application), **options) if offered else None


def _versions(application: Application) -> "QuerySet[Submission]":
    """Return the two newest submissions, each with the officers' words on its changes and the roster's number today."""
    names = {"accepted": "checks__accepted", "note": "checks__note", "who": "checks__checked_by__name"}
    check = JSONObject(place="checks__place", step="checks__step", at="checks__checked_at", **names)
    checked = JSONBAgg(check, filter=Q(checks__isnull=False), default=Value([], JSONField()))
    found = with_roster(application.submissions.select_related("submitted_by"), business_today())
    return found.annotate(checked=checked).order_by("-number")[:2]


def visits_of(application: Application) -> "QuerySet[SiteVisit]":
    """Return the site visits, each with the names of its officers and its photographs, in one query."""
    photo = JSONObject(key="photos__key", name="photos__original_name", preview="photos__preview")
    return application.visits.annotate(
        names=ArrayAgg("officers__name", distinct=True, default=Value([])),
        pictures=JSONBAgg(photo, distinct=True, filter=Q(photos__isnull=False), default=Value([], JSONField())),
    ).order_by("pk")


def _file_address(pk: int) -> Callable[[str], str]:
    return lambda key: reverse("applications:case_file", args=[pk, key])


def on_desk(application: Application, capacity: Capacity) -> bool:
    """Whether the officer may act on it now: it lies on the very desk, and the post has the permission of the step."""
    needed = STEP_PERMISSION.get(A(application.status))
    return needed is not None and application.desk_id == capacity.jurisdiction.pk and capacity.may(needed)


def may_go_on(application: Application, capacity: Capacity) -> bool:
    """Whether the officer may go on without a correction: the desk that asked for it, once its last day is over."""
    own = application.desk_id == capacity.jurisdiction.pk and capacity.may(Permission.GIVE_OPINION)
    return own and correction_overdue(application, business_today())


def waiting_acts(application: Application, capacity: Capacity) -> list[Act]:
    """Return the acts on a case that waits for the operator or for the end of its notice."""
    if application.status == A.IN_NOTICE and may_refuse(application, capacity):
        return [Act(_("批准认定"), "", "primary", why_not=_waits_for_notice(application))]
    if not may_go_on(application, capacity):
        return []
    return [Act(_("按现有材料继续办理"), reverse("applications:go_on", args=[application.pk]), "primary")]


def _waits_for_notice(application: Application) -> str:
    """Say from when a published case can be decided."""
    assert application.notice is not None
    said = {"day": f"{application.notice.ends_on:%Y-%m-%d}"}
    return _("公示到 %(day)s（含当日），期满且异议都已答复后才能批准，届时列入待我办理") % said


def acts_of(application: Application, capacity: Capacity, unchecked: int, barred: str) -> list[Act]:
    """Return the acts of the present step; one that cannot be done yet is shown with the reason.

    `barred` says why the officer may not decide the case.
    """
    found = []
    waiting = _("%(n)s 处改动没有核对") % {"n": unchecked} if unchecked else ""
    if application.status in OPINION_STEPS:
        found.append(Act(_("写意见，报下一环节"), "#opinion", "primary", why_not=waiting))
    if application.status == A.SITE_VISIT:
        url = reverse("applications:visit", args=[application.pk])
        found.append(Act(_("登记实地考察"), url, "primary", why_not=waiting))
    if application.status == A.PUBLIC_NOTICE:
        url = f"{reverse('applications:new_notice', args=[application.call_id])}?pick={application.pk}"
        found.append(Act(_("列入公示"), url, "primary"))
    if application.status == A.APPROVAL:
        found.append(Act(_("批准认定"), "#approval", "primary", why_not=barred))
        found.append(Act(_("退回复审"), reverse("applications:send_back", args=[application.pk]), "plain"))
    if application.status in REVIEWING and capacity.may(Permission.GIVE_OPINION):
        found.append(Act(_("退回补正"), reverse("applications:correct", args=[application.pk]), "plain"))
    return found


def _facts(application: Application) -> list[Fact]:
    found = [
        Fact(_("运营机构"), application.operator.name),
        Fact(_("信用代码"), application.operator.uscc, code=True),
        Fact(_("所在地"), application.base.jurisdiction.full_name),
        Fact(_("申报称号"), title_name(application)),
        Fact(_("首次提交"), f"{application.first_submitted_on:%Y-%m-%d}"),
    ]
    if application.status in FINAL:
        return [*found, Fact(_("办结日期"), f"{application.decided_on:%Y-%m-%d}")]
    assigned = "" if application.status == A.RETURNED else getattr(application, "assignee", "")
    return [*found, Fact(_("现由谁办"), assigned or application.holder)]


@officer_view(Permission.READ_CASES)
@require_safe
def case_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Hand out a file of a dossier in the officer's territory, or a photograph of its visits."""
    application = dossier_in_territory(request, pk)
    filed = {row["key"] for submission in application.submissions.all() for row in submission.files}
    upload = Upload.objects.filter(key=key).first()
    if upload is None or not (str(key) in filed or _photographed(application, upload)):
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
