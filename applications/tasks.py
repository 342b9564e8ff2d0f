"""The daily jobs: they find what is due and call the same actions a person would. Safe to run twice; catch up."""

import datetime
from functools import partial

from celery import shared_task
from django.db import models

from applications.actions import close_call, conclude_notice, refer_again, report_overdue_correction, unreferred
from applications.models import Call, CorrectionRequest, PublicNotice
from applications.notices import correction_due
from applications.states import ApplicationStatus, CallStatus
from portal.accounts.capacity import SYSTEM
from portal.accounts.people import people_representing
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_today
from portal.jobs import all_of, one_by_one
from portal.notifications.notify import notify

REMIND_BEFORE = 3  # working days


@shared_task
def run_daily() -> None:
    """Close calls, conclude notices, remind of corrections, report the overdue, refer negative words, for today."""
    today = business_today()
    parts = (close_calls, conclude_notices, remind_of_corrections, report_overdue_corrections, refer_negative_words)
    all_of(*(partial(part, today) for part in parts))


def close_calls(on: datetime.date) -> int:
    """Close every published call whose last day is over; return how many."""
    published = Call.objects.filter(status=CallStatus.PUBLISHED, closes_at__date__lt=on)
    return one_by_one(published.order_by("pk"), lambda call: close_call(call, by=SYSTEM, on=on))


def conclude_notices(on: datetime.date) -> int:
    """Pass on the applications whose notice is over; return how many."""
    over = PublicNotice.objects.filter(closed_on__isnull=True, ends_on__lt=on)
    return one_by_one(over.order_by("pk"), lambda notice: conclude_notice(notice, by=SYSTEM, on=on))


def remind_of_corrections(on: datetime.date) -> int:
    """Remind operators once within three working days of the end, and once on the last day; return how many were told.

    The state is looked at now: who has resubmitted or withdrawn is not reminded.
    """
    related = ("application__jurisdiction", "application__base", "application__operator")
    return one_by_one(_asked().filter(due_on__gte=on).select_related(*related), lambda request: _remind(request, on))


def report_overdue_corrections(on: datetime.date) -> int:
    """Put corrections whose last day is over before the desks that asked for them; return how many."""
    over = _asked().filter(due_on__lt=on).select_related("application")
    return one_by_one(over, lambda request: report_overdue_correction(request, by=SYSTEM, on=on))


def refer_negative_words(on: datetime.date) -> int:
    """Put before the approvers what their bureau was against and nobody put before them yet; return how many cases."""
    return one_by_one(unreferred(), lambda application: refer_again(application, by=SYSTEM, on=on))


def _asked() -> "models.QuerySet[CorrectionRequest]":
    """Return the corrections that are waited for."""
    waiting = {"answered_on__isnull": True, "lapsed_on__isnull": True}
    return CorrectionRequest.objects.filter(application__status=ApplicationStatus.RETURNED, **waiting).order_by("pk")


def _remind(request: CorrectionRequest, on: datetime.date) -> int:
    left = calendar_for(request.application.jurisdiction).workdays_between(on, request.due_on)
    if left > REMIND_BEFORE:
        return 0
    people = people_representing(request.application.operator)
    return len(notify(correction_due(request, max(left, 0)), to=people, about=request.application, on=on))
