"""Where an application is, why, what comes next, by when, under which clause: for operators and officers alike."""

import datetime
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from applications.actions.moving import days_left, procedure_of
from applications.models import Application, Objection, Opinion, SiteVisit
from applications.procedure import Procedure
from applications.procedure import Step as PackStep
from applications.states import FINAL, ApplicationStatus, ObjectionStatus, Verdict
from applications.views.contacts import nobody_at
from bases.rules import BasePolicy
from portal.audit.recording import timeline
from portal.deadlines.today import business_today
from portal.documents.models import Letter
from portal.policies.loader import pack_of
from portal.web.parts import Fact, NextStep, Step, StepState

A = ApplicationStatus


def title_name(application: Application) -> str:
    """Return what the pack calls the title applied for."""
    filed = application.first_submitted_on or application.started_on
    return pack_of(application.policy, on=filed).section(BasePolicy).title(application.title).label


def current_step(application: Application) -> str:
    """Return the step of the procedure the application stands at, or stood at when it ended; empty for a draft."""
    status = application.status
    if status == A.REFUSED:
        decision = getattr(application, "decision", None)
        status = decision.step if decision else ""
    elif status == A.WITHDRAWN:
        last = timeline(application).filter(verb="application.withdrawn").last()
        status = last.facts.get("step", "") if last else ""
    if status == A.IN_NOTICE:
        return str(A.PUBLIC_NOTICE)
    if status == A.RETURNED:
        return application.returned_from
    return "" if status == A.DRAFT else str(status)


def against_at(opinions: Iterable[Opinion], visits: Iterable[SiteVisit] = ()) -> frozenset[str]:
    """Return the steps whose last word was against: opinions, and for officers what their visits came to."""
    last = {opinion.step: opinion.verdict for opinion in sorted(opinions, key=lambda each: each.pk)}
    last |= {str(A.SITE_VISIT): visit.conclusion for visit in visits}
    return frozenset(step for step, verdict in last.items() if verdict == Verdict.AGAINST)


def done_on(
    application: Application, opinions: Iterable[Opinion], visited: Iterable[datetime.date] = ()
) -> dict[str, datetime.date]:
    """Return on which day each step was done, of one done twice the last day, as far as it was recorded.

    A public notice is done with its last day (含当日); `visited` are the days of the site visits.
    """
    given = sorted(opinions, key=lambda opinion: opinion.pk)
    days = {opinion.step: opinion.given_on for opinion in given} | {str(A.SITE_VISIT): day for day in sorted(visited)}
    if application.notice is not None:
        days[A.PUBLIC_NOTICE] = application.notice.ends_on
    if application.decided_on is not None:
        days[A.APPROVAL] = application.decided_on
    return days


def steps_of(
    application: Application, against: frozenset[str] = frozenset(), days: Mapping[str, datetime.date] | None = None
) -> list[Step]:
    """Return the flow: filing, then the steps of the pack, each done, against, now, next or stopped.

    What was done stays done however the case ends; `against` names the steps that were done with a negative word,
    `days` when each was done.
    """
    procedure = procedure_of(application)
    names = [step.step for step in procedure.steps]
    at = current_step(application)
    ended = application.status in FINAL
    reached = len(names) if application.status == A.APPROVED else names.index(at) if at in names else -1
    flow = [_filing(application, ended=ended)]  # without a number: the pack counts what the bureaus do
    for place, step in enumerate(procedure.steps):
        note, state = _state(application, step.step, place - reached, against)
        on = days.get(step.step) if days and place < reached else None
        told = _day_of(step.step, on) if on else ""
        flow.append(Step(step.name, note or told, state, told if note else ""))
    return flow


def _day_of(step: str, on: datetime.date) -> str:
    """Return the day of a step that was done; of a notice it is its last day, and the case goes on the day after."""
    day = f"{on:%m-%d}"
    return _("公示至 %(day)s") % {"day": day} if step == A.PUBLIC_NOTICE else day


def _filing(application: Application, *, ended: bool) -> Step:
    if application.first_submitted_on:
        return Step(_("申报"), f"{application.first_submitted_on:%m-%d}", "done", counted=False)
    note = application.get_status_display() if ended else _("填报中")
    return Step(_("申报"), note, "stop" if ended else "now", counted=False)


def _state(application: Application, step: str, ahead: int, against: frozenset[str]) -> tuple[str, StepState]:
    """Return the note and the state of a step that lies so many steps ahead of where the case is or ended."""
    if ahead < 0:
        return (str(Verdict.AGAINST.label), "against") if step in against else ("", "done")
    if ahead > 0:
        return "", "next"
    if application.status == A.RETURNED:
        return _("退回补正中"), "now"
    word = application.desk.name if application.desk else application.get_status_display()
    return word, "stop" if application.status in FINAL else "now"


def facts_of(application: Application) -> list[Fact]:
    """Return the head of the page: who applies, where, for what, since when."""
    filed = application.first_submitted_on is not None
    return [
        Fact(_("申报称号"), title_name(application)),
        Fact(_("运营机构"), application.operator.name),
        Fact(_("所在地"), application.base.jurisdiction.full_name),
        Fact(_("申报批次"), application.call.name),
        Fact(_("受理号"), application.reference or _("提交后产生"), code=bool(application.reference)),
        Fact(_("首次提交"), f"{application.first_submitted_on:%Y-%m-%d}" if filed else _("尚未提交")),
    ]


def next_steps(application: Application) -> list[NextStep]:
    """Return what happens next, in order, with days and clauses."""
    procedure = procedure_of(application)
    if application.status in FINAL:
        return []
    if application.status == A.DRAFT:
        return [
            NextStep(_("填好各节、传齐材料"), _("可以分几次填，保存后下次接着填。")),
            NextStep(
                _("核对并提交"),
                _("截止时间 %(at)s。") % {"at": f"{application.call.closes_at.astimezone():%Y-%m-%d %H:%M}"},
            ),
            *_following(procedure, -1),
        ]
    names = [step.step for step in procedure.steps]
    place = names.index(current_step(application))  # type: ignore[arg-type]  # a filed application stands at a step
    if application.status == A.RETURNED:
        here = NextStep(_("补正后重新提交"), _correction_until(application), procedure.correction_workdays)
        return [here, _resumed(application, procedure.steps[place]), *_following(procedure, place)]
    if application.status == A.IN_NOTICE:
        over = application.due_on is not None and application.due_on < business_today()
        word = _("公示期已满") if over else _("公示中")
        here = NextStep(word, _notice_until(application), procedure.notice_workdays)
        return [here, *_following(procedure, place)]
    step = procedure.steps[place]
    if application.status == A.PUBLIC_NOTICE:  # the bureau's days come before those of the list
        return [NextStep(_("发布公示"), _at_the_desk(application), step.workdays), *_following(procedure, place - 1)]
    return [NextStep(step.name, _at_the_desk(application), step.workdays), *_following(procedure, place)]


def _at_the_desk(application: Application) -> str:
    """Return who has a case and until when; where nobody is in post there, that, and no promise in its name."""
    desk = application.desk
    said = {"by": desk.name if desk else "", "day": application.due_on}
    if nobody := nobody_at(desk, application.status, business_today()) if desk else "":
        return _("由%(by)s办理，期限是 %(day)s（含当日）。") % said + nobody
    return _("%(by)s办理，%(day)s 前（含当日）办结。") % said


def _notice_until(application: Application) -> str:
    """Return until when a notice runs; once it is over, what the case still waits for."""
    assert application.due_on is not None
    if application.due_on >= business_today():
        said = _("公示至 %(day)s（含当日），期满且异议全部答复后进入下一步。")
    else:
        said = _("公示已于 %(day)s 期满，异议全部答复后进入下一步。")
    return said % {"day": application.due_on}


def objections_told(objections: Iterable[Objection]) -> list[str]:
    """Return what an operator learns of each objection to its base: that it came, what came of it; never whose."""
    told = []
    for objection in objections:
        days = {"day": objection.received_on, "answered": objection.answered_on}
        if objection.status == ObjectionStatus.OPEN:
            says = _("%(day)s 收到公示异议，办理机关正在核实；异议人的身份依法保密")
        elif objection.status == ObjectionStatus.FOUNDED:
            says = _("%(day)s 收到的公示异议，%(answered)s 已答复：异议成立，是否认定由审批岗决定")
        else:
            says = _("%(day)s 收到的公示异议，%(answered)s 已答复：异议不成立，申报照常办理")
        told.append(says % days)
    return told


def _correction_until(application: Application) -> str:
    """Return until when a correction is made; a late one is taken until the bureau goes on without it (0155)."""
    assert application.due_on is not None
    if application.due_on >= business_today():
        return _("%(day)s 前（含当日），只改清单列出的内容。") % {"day": application.due_on}
    late = _("补正期限 %(day)s 已过。办理机关按现有材料继续办理之前，重新提交仍然收下，记为逾期，请尽快。")
    return late % {"day": application.due_on}


def _resumed(application: Application, step: PackStep) -> NextStep:
    """Return the step that goes on after a correction: its term is not given anew, the days it has left run on."""
    if left := days_left(application):
        text = _("重新提交后从剩下的天数接着办，还有 %(n)s 个工作日。") % {"n": left}
        return NextStep(step.name, text, step.workdays)
    return NextStep(step.name, _("重新提交后接着办；办理天数已经用完，应当尽快办结。"), step.workdays)


def _following(procedure: Procedure, place: int) -> list[NextStep]:
    return [_later(procedure, step) for step in procedure.steps[place + 1 :]]


def _later(procedure: Procedure, step: PackStep) -> NextStep:
    term = procedure.open_to_all(step)
    if term is procedure.notice_workdays:
        return NextStep(step.name, _("名单公示 %(days)s 个工作日，期间接受异议。") % {"days": term.value}, term)
    return NextStep(step.name, _("到达后 %(days)s 个工作日内办理。") % {"days": term.value}, term)


def letters_about(application: Application, *, answers: bool = False) -> list[Letter]:
    """Return every letter of the case, newest first: what was sent stays on the file.

    With `answers`, for officers, also those that went to who objected (公示异议答复书).
    """
    found = Letter.objects.filter(subject_type=application._meta.label_lower, subject_id=str(application.pk))
    if application.certification is not None:
        certification = application.certification
        found |= Letter.objects.filter(subject_type=certification._meta.label_lower, subject_id=str(certification.pk))
    if application.notice_id and application.notice and application.notice.letter_id:
        found |= Letter.objects.filter(pk=application.notice.letter_id)
    if answers:
        found |= Letter.objects.filter(pk__in=application.objections.values("letter"))
    return list(found.order_by("-issued_on", "-pk"))
