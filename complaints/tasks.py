"""The daily jobs of complaints: they find what is due and call the same actions a person would. Safe to run twice."""

import datetime
from functools import partial

from celery import shared_task
from django.db import models
from django.utils import timezone

from bases.models import Base
from bases.states import BEFORE_NOTICE
from complaints.actions import (
    accept_complaint,
    drop_what_is_not_met,
    end_finding_announcement,
    go_on_unanswered,
    lapse_supplement,
    open_what_is_met,
    pass_misconduct_on,
    pass_on,
    purge_identities,
)
from complaints.actions.handling import desk_at, handling_of
from complaints.actions.passing_on import stranded
from complaints.actions.telling import sweep_tellings
from complaints.models import Complaint, Misconduct
from complaints.notices import answer_due, limit_passed
from complaints.states import ComplaintStatus as S
from complaints.states import MisconductStatus
from portal.accounts.capacity import SYSTEM
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_today
from portal.documents.models import Service, ServiceMethod
from portal.jobs import all_of, one_by_one
from portal.notifications.notify import notify

REMIND_BEFORE = 3  # working days


@shared_task
def run_daily() -> None:
    """Let the clocks of complaints run for today: silence, lapse, reminders, limits, announcements, purge, grounds.

    First, what waits where nobody is left to do it goes to a bureau that can.
    """
    today = business_today()
    parts = (
        leave_empty_desks,
        lapse_supplements,
        accept_in_silence,
        go_on_without_answers,
        end_announcements,
        remind_bases,
        report_limits,
        open_grounds,
        purge,
        forget_tellings,
    )
    all_of(*(partial(part, today) for part in parts))


@shared_task
def open_what_is_met_now() -> int:
    """Open proceedings wherever a ground is met and none run; sent when proceedings ended."""
    return open_grounds(business_today())


def leave_empty_desks(on: datetime.date) -> int:
    """Pass on what waits where nobody can do it any more, such as after the only approver left; return how many."""
    waiting = Complaint.objects.unfinished().select_related("desk").order_by("pk")
    done = one_by_one(
        (complaint for complaint in waiting if stranded(complaint, on)),
        lambda complaint: pass_on(complaint, by=SYSTEM, on=on),
    )
    reported = Misconduct.objects.filter(status=MisconductStatus.REPORTED).order_by("pk")
    return done + one_by_one(reported, lambda found: pass_misconduct_on(found, by=SYSTEM, on=on))


def lapse_supplements(on: datetime.date) -> int:
    """Put complaints whose supplement did not come before their desks again; return how many."""
    over = _at(S.SUPPLEMENTING).filter(due_on__lt=on)
    return one_by_one(over, lambda complaint: bool(lapse_supplement(complaint, by=SYSTEM, on=on)))


def accept_in_silence(on: datetime.date) -> int:
    """Accept what nobody decided in time, where the policy says that silence accepts; return how many.

    What is held back stays overdue on the list until somebody looks: a flood does not become accepted cases.
    """
    waiting = _at(S.RECEIVED).filter(due_on__lt=on, held_back=False)
    over = [each for each in waiting if handling_of(each).silence_accepts.value]
    return one_by_one(over, lambda complaint: bool(accept_complaint(complaint, by=SYSTEM, on=on)))


def go_on_without_answers(on: datetime.date) -> int:
    """Pass on to verification what the base did not answer in time; return how many."""
    over = _at(S.ANSWERING).filter(due_on__lt=on)
    return one_by_one(over, lambda complaint: bool(go_on_unanswered(complaint, by=SYSTEM, on=on)))


def end_announcements(on: datetime.date) -> int:
    """Count findings as served whose announcement is over; return how many."""
    letters = Service.objects.filter(method=ServiceMethod.ANNOUNCEMENT, served_on__isnull=True, ends_on__lt=on)
    waiting = _at(S.FOUND).filter(findings__served_on__isnull=True, findings__base_letter__services__in=letters)
    over = waiting.distinct()
    return one_by_one(over, lambda complaint: _end_announcement(complaint, on))


def _end_announcement(complaint: Complaint, on: datetime.date) -> int:
    finding = complaint.findings.order_by("number").last()
    proof = Service.objects.filter(
        letter=finding.base_letter if finding else None, served_on__isnull=True, ends_on__lt=on
    ).first()
    return bool(proof and end_finding_announcement(complaint, proof, by=SYSTEM, on=on))


def remind_bases(on: datetime.date) -> int:
    """Remind bases once within three working days of the end of their answer, and once on the last day."""
    due = _at(S.ANSWERING).filter(due_on__gte=on)
    return one_by_one(due, lambda complaint: _remind(complaint, on))


def _remind(complaint: Complaint, on: datetime.date) -> int:
    if complaint.due_on is None:
        return 0
    left = calendar_for(complaint.jurisdiction).workdays_between(on, complaint.due_on)
    if left > REMIND_BEFORE:
        return 0
    people = people_representing(complaint.base.operator)
    return len(notify(answer_due(complaint, max(left, 0)), to=people, about=complaint, on=on))


def report_limits(on: datetime.date) -> int:
    """Tell the bureau above once of every complaint whose longest term is over; return how many were told."""
    over = Complaint.objects.unfinished().filter(limit_on__lt=on).select_related("base__operator", "jurisdiction")
    return one_by_one(over.order_by("pk"), lambda complaint: _report(complaint, on))


def _report(complaint: Complaint, on: datetime.date) -> int:
    above = desk_at(complaint.base, handling_of(complaint).overseer.value, Permission.CONFIRM_FINDING, on)
    people = officers_at(above, Permission.CONFIRM_FINDING, on)
    return len(notify(limit_passed(complaint), to=people, about=complaint, on=on))


def open_grounds(on: datetime.date) -> int:
    """Open proceedings on every ground that is met and not opened, and drop those whose ground fell away before the
    holder was told; return how many bases. Acts do both at once.
    """
    bases = Base.objects.filter(pk__in=Complaint.objects.filter(status=S.UPHELD).values("base"))
    also = Base.objects.filter(misconduct__status="established")
    untold = Base.objects.filter(revocations__status__in=sorted(BEFORE_NOTICE))
    any_of = (bases | also | untold).distinct().select_related("jurisdiction", "operator").order_by("pk")
    return one_by_one(any_of, lambda base: _settle_grounds(base, on))


def _settle_grounds(base: Base, on: datetime.date) -> int:
    dropped = drop_what_is_not_met(base, because="事由不再成立", on=on)
    return bool(open_what_is_met(base, by=SYSTEM, on=on) or dropped)


def purge(on: datetime.date) -> int:
    """Delete the identities whose time is over; return how many."""
    return purge_identities(on, by=SYSTEM)


def forget_tellings(on: datetime.date) -> int:
    """Forget what was begun on the public form and never sent; return how many."""
    return sweep_tellings(timezone.localtime())


def _at(status: S) -> "models.QuerySet[Complaint]":
    related = ("base__operator", "base__jurisdiction", "jurisdiction", "desk")
    return Complaint.objects.filter(status=status).select_related(*related).order_by("pk")
