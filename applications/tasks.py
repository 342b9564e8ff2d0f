"""The daily jobs: they find what is due and call the same actions a person would. Safe to run twice; catch up."""

import datetime

from celery import shared_task

from applications.actions import close_call, conclude_notice
from applications.models import Call, CorrectionRequest, PublicNotice
from applications.notices import correction_due
from applications.states import ApplicationStatus, CallStatus
from portal.accounts.capacity import SYSTEM
from portal.accounts.people import people_representing
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_today
from portal.notifications.notify import notify

REMIND_BEFORE = 3  # working days


@shared_task
def run_daily() -> None:
    """Close calls, conclude notices, remind of corrections, for today."""
    today = business_today()
    close_calls(today)
    conclude_notices(today)
    remind_of_corrections(today)


def close_calls(on: datetime.date) -> int:
    """Close every published call whose last day is over; return how many."""
    published = Call.objects.filter(status=CallStatus.PUBLISHED, closes_at__date__lt=on)
    return sum(close_call(call, by=SYSTEM, on=on) for call in published.order_by("pk"))


def conclude_notices(on: datetime.date) -> int:
    """Pass on the applications whose notice is over; return how many."""
    over = PublicNotice.objects.filter(closed_on__isnull=True, ends_on__lt=on)
    return sum(conclude_notice(notice, by=SYSTEM, on=on) for notice in over.order_by("pk"))


def remind_of_corrections(on: datetime.date) -> int:
    """Remind operators once within three working days of the end, and once on the last day; return how many were told.

    The state is looked at now: who has resubmitted or withdrawn is not reminded.
    """
    told = 0
    waiting = CorrectionRequest.objects.filter(
        answered_on__isnull=True, due_on__gte=on, application__status=ApplicationStatus.RETURNED
    )
    for request in waiting.select_related("application__jurisdiction", "application__base", "application__operator"):
        left = calendar_for(request.application.jurisdiction).workdays_between(on, request.due_on)
        if left > REMIND_BEFORE:
            continue
        notice = correction_due(request, max(left, 0))
        people = people_representing(request.application.operator)
        told += len(notify(notice, to=people, about=request.application, on=on))
    return told
