"""What every act on an application shares: hold it, see whether it is stale, move it to the next desk."""

import datetime
from typing import Any

from django.utils.translation import gettext_noop

from applications import notices
from applications.models import Application
from applications.procedure import Procedure, Step
from applications.rules import ApplicationPolicy
from applications.states import ApplicationStatus, ProposalStatus
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.audit.recording import timeline
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Due, Pause, due
from portal.errors import DomainError, NotAllowed, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.models import Notification
from portal.notifications.notify import notify
from portal.policies.loader import pack_of
from portal.policies.schema import AtLeastOne, Value
from portal.web.dates import minute
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem
from portal.worklist.vacancies import tell_of_vacancy

STEP_PERMISSION = {
    ApplicationStatus.RECOMMENDATION: Permission.GIVE_OPINION,
    ApplicationStatus.PRELIMINARY_REVIEW: Permission.GIVE_OPINION,
    ApplicationStatus.SITE_VISIT: Permission.RECORD_VISIT,
    ApplicationStatus.REVIEW: Permission.GIVE_OPINION,
    ApplicationStatus.PUBLIC_NOTICE: Permission.PUBLICISE,
    ApplicationStatus.IN_NOTICE: Permission.HANDLE_OBJECTION,
    ApplicationStatus.APPROVAL: Permission.APPROVE,
}


def basis_of(application: Application, at: str) -> Value[AtLeastOne] | None:
    """Return the value of the pack that the due date is counted from at a status; None where nothing is counted."""
    return term_of(procedure_of(application), at)


def term_of(procedure: Procedure, at: str) -> Value[AtLeastOne] | None:
    """Return the value a term of the procedure is counted from, None where nothing is counted.

    `at` is a status, or what else a work item is about: a correction that is overdue, an objection.
    """
    terms: dict[str, Value[AtLeastOne]] = {each.step: each.workdays for each in procedure.steps}
    terms |= {f"{each.step}_{asks}": each.workdays for each in procedure.steps for asks in ("consent", "decision")}
    terms |= dict.fromkeys(("returned", "correction_overdue"), procedure.correction_workdays)
    terms |= {"in_notice": procedure.notice_workdays, "objection": procedure.objection_workdays}
    return terms.get(at)


def policy_of(application: Application) -> ApplicationPolicy:
    """Return the section the application is judged by: the pack of its call, as it stood when it was first filed."""
    filed = application.first_submitted_on or application.started_on
    return pack_of(application.policy, on=filed).section(ApplicationPolicy)


def procedure_of(application: Application) -> Procedure:
    """Return the procedure of the title applied for."""
    return policy_of(application).procedure(application.title)


def held(application: Application, *, seen: int | None) -> Application:
    """Return the application, locked. Raises StatusMoved if it changed since revision `seen` was shown."""
    locked = Application.objects.locked(application.pk)
    if seen is not None and locked.revision != seen:
        raise stale(locked)
    return locked


def stale(application: Application) -> StatusMoved:
    """Return the refusal that says who did what and when since the page was opened."""
    last = timeline(application).last()
    if last is None:
        return StatusMoved(f"{application}已有变动，请刷新页面后再办。")
    moment = minute(last.moment)
    return StatusMoved(
        f"您打开这一页以后，{last.actor_label}于 {moment} 已办理这件申报，现为“{application.get_status_display()}”。"
        "您的操作没有生效，请看过最新情况再办。",
        by_whom=last.actor_label,
        when=moment,
        by_id=last.actor_id,
    )


def require_desk(application: Application, by: Capacity, permission: str) -> None:
    """Raise NotAllowed unless the officer sits at the desk where the application waits and holds the permission."""
    if by.kind != "officer" or not by.may(permission):
        raise NotAllowed("您现在的岗位不能办理这一步，可以切换身份，或请有权限的同事办理。")
    if application.desk_id != by.jurisdiction.pk:
        where = application.desk.name if application.desk else "申报单位"
        raise NotAllowed(f"这件申报现在由{where}办理，您现在的身份是{by.jurisdiction.name}。")


def require_nothing_proposed(application: Application) -> None:
    """Raise DomainError while a further list of corrections waits for consent: the step waits for the answer (0157)."""
    waiting = application.proposals.select_related("asked_of", "proposed_by").filter(status=ProposalStatus.WAITING)
    if proposal := waiting.first():
        raise DomainError(
            f"再次补正清单待{proposal.asked_of}同意（{proposal.proposed_by}于 {proposal.proposed_on} 送），"
            "答复以前不能办这一步。要先办的，请打开清单撤回。"
        )


def require_operator(application: Application, by: Capacity) -> None:
    """Raise NotAllowed unless the person represents the operator that applies."""
    if by.kind != "operator" or by.operator is None or by.operator.pk != application.operator_id:
        raise NotAllowed("只有申报单位自己的人员可以填报和提交。")


def term(application: Application, step: Step, on: datetime.date) -> Due:
    """Return until when a step is to be done: so many working days after the present stay there began.

    Coming back from a correction continues the stay: the days it waited do not count, from the day after the notice to
    the day it came back, both included. Any other way to the step, also back from the approver, begins a stay anew.
    """
    began, pauses = on, []
    if application.status == ApplicationStatus.RETURNED and (last := application.corrections.order_by("number").last()):
        began = last.arrived_on
        stay = application.corrections.filter(step=step.step, asked_on__gte=began)
        for request in stay.order_by("number"):
            first, until = request.asked_on + datetime.timedelta(days=1), request.answered_on or request.lapsed_on or on
            if first <= until:
                pauses.append(Pause(first, until, f"第 {request.number} 次补正"))
    return due(began, step.workdays.value, "workday", calendar_for(application.jurisdiction), pauses=pauses)


def days_left(application: Application) -> int:
    """Return how many working days the step that asked has left of its term once the correction is in; 0 for none."""
    request = application.corrections.latest("number")
    ends = term(application, procedure_of(application).step(request.step), request.asked_on).on
    return max(0, calendar_for(application.jurisdiction).workdays_between(request.asked_on, ends))


def stay_began(application: Application, on: datetime.date) -> datetime.date:
    """Return the day on which the present stay at the step began; `on` where its term was never counted."""
    return application.limit.start if application.limit else application.arrived_on or on


def inform_by(application: Application) -> tuple[Due, Value[AtLeastOne]] | None:
    """Return until when a first list of corrections is to be told at this step, and under what; None without a term.

    It binds nobody here: an officer who is late is told so before the letter goes out.
    """
    asked = procedure_of(application).inform_workdays
    if asked is None or application.arrived_on is None:
        return None
    began = stay_began(application, application.arrived_on)
    return due(began, asked.value, "workday", calendar_for(application.jurisdiction)), asked


def enter_step(
    application: Application,
    step: Step,
    *,
    by: Capacity,
    on: datetime.date,
    did: str = "",
    spare: bool = True,
    **stamps: Any,
) -> None:
    """Move the application to a step: status, desk, due date, and the item on that desk's list, all at once.

    `did` and `spare` as `leave_step` has them.
    """
    desk = application.jurisdiction.ancestor(step.level)
    limit = term(application, step, on)
    corrected = application.status == ApplicationStatus.RETURNED and by.kind == "operator"
    leave_step(application, by=by, on=on, did=did, spare=spare)
    application.advance(
        step.step,
        desk=desk,
        arrived_on=on,
        due_on=limit.on,
        due=limit.as_json(),
        revision=application.revision + 1,
        **stamps,
    )
    task = (CORRECTED if corrected else TASKS)[ApplicationStatus(step.step)]
    put_on_desk(application, task=task, desk=desk, limit=limit, clause=step.workdays.clause, by=by, on=on)


def put_on_desk(
    application: Application,
    *,
    task: str,
    desk: Jurisdiction,
    limit: Due,
    clause: str,
    by: Capacity,
    on: datetime.date,
) -> WorkItem:
    """Enter what is to be done now on the desk's list; where nobody is there, the bureaus above learn it at once."""
    item = open_work(
        application,
        f"applications.{application.status}",
        task=task,
        title=application.base.name,
        reference=application.reference or "",
        url=f"/desk/applications/{application.pk}/",
        desk=desk,
        permission=STEP_PERMISSION[ApplicationStatus(application.status)],
        due=limit,
        clause=clause,
        policy=application.policy,
        by=by,
        on=on,
    )
    tell_of_vacancy(item, on)
    return item


def leave_step(application: Application, *, by: Capacity, on: datetime.date, did: str = "", spare: bool = True) -> None:
    """Take the application off whatever list it stands on: done, or withdrawn when nobody did it.

    `did` says what was done where the act is another than the item asked for (退回补正, 不予认定).
    A further list of corrections that still waits for consent falls with the step that drew it up, and what the
    approvers were to decide after a negative word (0159) with any act but the decision itself; who was asked learns
    it, the approvers unless `spare` is false: then the act tells them, once it knows whether it asks them again.
    """
    for proposal in application.proposals.select_related("asked_of").filter(status=ProposalStatus.WAITING):
        proposal.advance(ProposalStatus.OVERTAKEN, closed_by=by.user, closed_on=on)
        cancel_work(application, consent_kind(application))
        if proposal.asked_of_id != by.user_id:
            notify(notices.consent_spared(proposal), to=[proposal.asked_of], about=application, on=on)
    if question := question_of(application):
        cancel_work(application, question.kind)
        if spare:
            spare_approvers(application, question, by=by, on=on)
    if by.kind == "system" or by.kind == "operator":
        cancel_work(application)
    else:
        close_work(application, by=by, on=on, did=did)


def consent_kind(application: Application) -> str:
    """Return the kind of the work item that asks for the consent: its term is that of the step, which runs on."""
    return f"applications.{application.status}_consent"


def decision_kind(application: Application) -> str:
    """Return the kind of the work item by which the approvers decide after a negative word (0159): its term is that of
    the step, which runs on.
    """
    return f"applications.{application.status}_decision"


def question_of(application: Application) -> WorkItem | None:
    """Return the work item by which the approvers have the case to decide after a negative word; None without one."""
    about = WorkItem.objects.waiting().filter(
        subject_type=application._meta.label_lower, subject_id=str(application.pk)
    )
    return about.filter(kind=decision_kind(application)).first()


def spare_approvers(application: Application, question: WorkItem, *, by: Capacity, on: datetime.date) -> None:
    """Tell whoever was asked that question that somebody moved the case first; not who did."""
    asked = Notification.objects.filter(
        kind="application.decision_asked",
        subject_type=question.subject_type,
        subject_id=question.subject_id,
        created_at__gte=question.opened_at,
    )
    told = set(asked.values_list("recipient", flat=True)) - {by.user_id}
    heads = [each for each in officers_at(application.call.jurisdiction, Permission.APPROVE, on) if each.pk in told]
    notify(notices.decision_spared(application, by.label), to=heads, about=application, on=on)


TASKS = {
    ApplicationStatus.RECOMMENDATION: gettext_noop("核对申报材料，写推荐意见"),
    ApplicationStatus.PRELIMINARY_REVIEW: gettext_noop("初审，写审核意见"),
    ApplicationStatus.SITE_VISIT: gettext_noop("实地考察，登记记录"),
    ApplicationStatus.REVIEW: gettext_noop("复审，写审核意见"),
    ApplicationStatus.PUBLIC_NOTICE: gettext_noop("列入公示名单，发布公示"),
    ApplicationStatus.IN_NOTICE: gettext_noop("公示期内受理并答复异议"),
    ApplicationStatus.APPROVAL: gettext_noop("批准认定，或决定不予认定"),
}
CORRECTED = {
    ApplicationStatus.RECOMMENDATION: gettext_noop("补正后核对，写推荐意见"),
    ApplicationStatus.PRELIMINARY_REVIEW: gettext_noop("补正后初审，写审核意见"),
    ApplicationStatus.SITE_VISIT: gettext_noop("补正后实地考察，登记记录"),
    ApplicationStatus.REVIEW: gettext_noop("补正后复审，写审核意见"),
}
