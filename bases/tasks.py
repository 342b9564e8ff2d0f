"""The daily jobs of revocations: announcements that are over, and reminders to who has something to say or sign."""

import datetime
from functools import partial

from celery import shared_task
from django.db import models

from bases.actions import end_announcement
from bases.actions.proceedings import waiting_paper
from bases.models import Revocation
from bases.notices import defence_ending, defence_over
from bases.states import RevocationStatus as R
from portal.accounts.capacity import SYSTEM
from portal.accounts.people import people_representing
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_today
from portal.documents.models import Service, ServiceMethod
from portal.jobs import all_of, one_by_one
from portal.notifications.notify import notify

REMIND_BEFORE = 3  # working days


@shared_task
def run_daily() -> None:
    """Let the clocks of revocations run for today."""
    today = business_today()
    all_of(*(partial(part, today) for part in (end_announcements, remind_of_defence, tell_defence_over)))


def end_announcements(on: datetime.date) -> int:
    """Count papers as served whose announcement is over; return how many."""
    over = Service.objects.filter(
        letter__voided_on__isnull=True, method=ServiceMethod.ANNOUNCEMENT, served_on__isnull=True, ends_on__lt=on
    )
    notices = models.Q(status=R.NOTICE_ISSUED, notice__services__in=over)
    hearings = models.Q(status=R.DEFENCE, hearing_letter__services__in=over)
    decisions = models.Q(status=R.DECIDED, decision__services__in=over)
    waiting = Revocation.objects.filter(notices | hearings | decisions).distinct().order_by("pk")
    return one_by_one(waiting, lambda revocation: _end(revocation, over, on))


def _end(revocation: Revocation, over: "models.QuerySet[Service]", on: datetime.date) -> int:
    proof = over.filter(letter=waiting_paper(revocation)).first()
    return bool(proof and end_announcement(revocation, proof, by=SYSTEM, on=on))


def remind_of_defence(on: datetime.date) -> int:
    """Remind holders who have said nothing, once within three working days of the end and once on the last day."""
    return one_by_one(_silent().filter(defence_ends__gte=on), lambda revocation: _remind(revocation, on))


def tell_defence_over(on: datetime.date) -> int:
    """Tell holders who have said nothing, once, that the days are over; return how many people were told."""
    return one_by_one(
        _silent().filter(defence_ends__lt=on),
        lambda revocation: len(
            notify(defence_over(revocation), to=people_representing(revocation.operator), about=revocation, on=on)
        ),
    )


def _silent() -> "models.QuerySet[Revocation]":
    said_nothing = Revocation.objects.filter(status=R.DEFENCE, defences__isnull=True)
    return said_nothing.select_related("operator", "base", "jurisdiction").order_by("pk")


def _remind(revocation: Revocation, on: datetime.date) -> int:
    if revocation.defence_ends is None:
        return 0
    left = calendar_for(revocation.jurisdiction).workdays_between(on, revocation.defence_ends)
    if left > REMIND_BEFORE:
        return 0
    people = people_representing(revocation.operator)
    return len(notify(defence_ending(revocation, max(left, 0)), to=people, about=revocation, on=on))
