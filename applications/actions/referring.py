"""A negative word of the bureau that decides goes before its approvers: they refuse, or let the case go on (0159)."""

import datetime

from django.db import models, transaction
from django.utils.translation import gettext_noop

from applications import notices
from applications.actions.decision import took_part
from applications.actions.moving import (
    decision_kind,
    enter_step,
    held,
    procedure_of,
    question_of,
    spare_approvers,
)
from applications.models import Application
from applications.states import ApplicationStatus, Verdict
from portal.accounts.capacity import Capacity
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.notifications.notify import notify
from portal.worklist.items import open_work
from portal.worklist.models import WorkItem
from portal.worklist.vacancies import tell_of_vacancy

WEIGHED_AT = (ApplicationStatus.SITE_VISIT, ApplicationStatus.REVIEW, ApplicationStatus.PUBLIC_NOTICE)


def own_step_before(application: Application) -> str:
    """Return the step of the deciding bureau that passed the case on to where it waits now; empty where there is none:
    the case waits elsewhere, or what came before was the word of a bureau below.
    """
    steps = procedure_of(application).steps
    place = next((at for at, step in enumerate(steps) if step.step == application.status), 0)
    if application.status not in WEIGHED_AT or not place:
        return ""
    before = steps[place - 1]
    decides = application.jurisdiction.ancestor(before.level).pk == application.call.jurisdiction_id
    return before.step if decides else ""


def refer(application: Application, *, by: Capacity, on: datetime.date) -> bool:
    """Put a case before the approvers if the word of their bureau that passed it on was negative; return whether.

    They learn it at once, and it stands on their list with the day of the step, which waits for nobody: any act that
    moves the case ends it. Who had a hand in the case is not asked; where all of them had, it is told as a vacancy.
    """
    before = own_step_before(application)
    if not before or _last_word(application, before) != Verdict.AGAINST:
        return False
    assert application.desk is not None
    step = procedure_of(application).step(before)
    item = open_work(
        application,
        decision_kind(application),
        task=gettext_noop("本单位意见为“不同意”，决定是否不予认定"),
        title=application.base.name,
        reference=application.reference or "",
        url=f"/desk/applications/{application.pk}/",
        desk=application.desk,
        permission=Permission.APPROVE,
        due=application.limit,
        clause=procedure_of(application).step(application.status).workdays.clause,
        policy=application.policy,
        by=by,
        on=on,
    )
    hands = took_part(application)
    heads = officers_at(application.desk, Permission.APPROVE, on, without=hands)
    notify(notices.decision_asked(application, step.name, on), to=heads, about=application, on=on)
    tell_of_vacancy(item, on, without=hands)
    return True


def pass_on(application: Application, *, by: Capacity, on: datetime.date) -> None:
    """Move a case to the step after this one, whose word is on file, and put it before the approvers if that word was
    negative. Whom an earlier word had put it before learns that it moved, unless they are asked anew.
    """
    question = question_of(application)
    enter_step(application, procedure_of(application).after(application.status), by=by, on=on, spare=False)
    if not refer(application, by=by, on=on) and question:
        spare_approvers(application, question, by=by, on=on)


def _last_word(application: Application, step: str) -> str:
    """Return what a step said last; nothing where the present step has spoken before: then its word is the later."""
    if application.opinions.filter(step=application.status).exists():
        return ""
    if step == ApplicationStatus.SITE_VISIT:
        visit = application.visits.order_by("pk").last()
        return visit.conclusion if visit else ""
    opinion = application.opinions.filter(step=step).order_by("pk").last()
    return opinion.verdict if opinion else ""


def unreferred() -> "models.QuerySet[Application]":
    """Return the cases that may have to go before approvers and never did: negative words from before 0159."""
    known = WorkItem.objects.filter(
        subject_type=Application._meta.label_lower,
        subject_id=models.functions.Cast(models.OuterRef("pk"), models.CharField()),
        kind__endswith="_decision",
    )
    against = models.Q(opinions__verdict=Verdict.AGAINST) | models.Q(visits__conclusion=Verdict.AGAINST)
    waiting = Application.objects.filter(status__in=WEIGHED_AT, desk=models.F("call__jurisdiction"))
    return waiting.filter(against).exclude(models.Exists(known)).distinct().order_by("pk")


@transaction.atomic
def refer_again(application: Application, *, by: Capacity, on: datetime.date) -> bool:
    """Put a case of `unreferred` before the approvers, unless it has moved since; return whether."""
    application = held(application, seen=None)
    return unreferred().filter(pk=application.pk).exists() and refer(application, by=by, on=on)


def referred(application: Application) -> bool:
    """Whether the approvers have the case to decide after a negative word."""
    return question_of(application) is not None
