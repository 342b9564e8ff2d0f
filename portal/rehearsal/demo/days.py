"""Days pass in the demo: the business date moves, and the daily jobs run for every day in between."""

import datetime

from applications.models import Call, PublicNotice
from applications.states import CallStatus
from applications.tasks import close_calls, conclude_notices, remind_of_corrections
from portal.accounts.tasks import end_delegations
from portal.deadlines.today import business_today, move_business_date
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.tasks import remind_due
from subsidies.tasks import enter_entitlements

ONE_DAY = datetime.timedelta(days=1)
FARTHEST = 366  # days in one jump


def pass_days(until: datetime.date) -> datetime.date:
    """Move the business date to `until`, day by day, running each day's jobs; return the new date."""
    day = business_today()
    for _step in range(min((until - day).days, FARTHEST)):
        day = move_business_date(day + ONE_DAY)
        run_jobs(day)
    return day


def run_jobs(day: datetime.date) -> None:
    """Run what the night would run."""
    close_calls(day)
    conclude_notices(day)
    remind_of_corrections(day)
    remind_due()
    end_delegations()
    enter_entitlements()


def next_deadline(today: datetime.date) -> datetime.date:
    """Return the next day on which something falls due, ends or closes; tomorrow if nothing is under way."""
    waiting = WorkItem.objects.filter(state__in=[WorkState.OPEN, WorkState.PAUSED], due_on__gt=today)
    days = list(waiting.order_by("due_on").values_list("due_on", flat=True)[:1])
    notices = PublicNotice.objects.filter(closed_on__isnull=True, ends_on__gte=today).order_by("ends_on")
    days += [ends + ONE_DAY for ends in notices.values_list("ends_on", flat=True)[:1]]
    calls = Call.objects.filter(status=CallStatus.PUBLISHED, closes_at__date__gte=today).order_by("closes_at")
    days += [closes.astimezone().date() + ONE_DAY for closes in calls.values_list("closes_at", flat=True)[:1]]
    return min((day for day in days if day is not None and day > today), default=today + ONE_DAY)
