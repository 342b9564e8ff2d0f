"""Days pass in the demo: the business date moves, and the daily jobs run for every day in between."""

import datetime

from django.utils.translation import gettext as _

from applications import tasks as applications
from applications.models import Call, PublicNotice
from applications.states import CallStatus
from bases import tasks as revocations
from complaints import tasks as complaints
from portal.accounts.tasks import end_delegations
from portal.deadlines.today import business_today, move_business_date
from portal.jurisdictions.models import Jurisdiction
from portal.worklist.models import WorkItem
from portal.worklist.tasks import remind_due
from portal.worklist.wording import task_in_words
from subsidies.tasks import enter_entitlements

ONE_DAY = datetime.timedelta(days=1)
MOST = 3  # things named when days have passed
FARTHEST = 366  # days in one jump


def pass_days(until: datetime.date) -> datetime.date:
    """Move the business date to `until`, day by day, running each day's jobs; return the new date."""
    day = business_today()
    for _day in range(min((until - day).days, FARTHEST)):
        day = move_business_date(day + ONE_DAY)
        run_jobs()
    return day


def run_jobs() -> None:
    """Run what the night would run, for today."""
    applications.run_daily()
    complaints.run_daily()
    revocations.run_daily()
    remind_due()
    end_delegations()
    enter_entitlements()


def falls_on(day: datetime.date, *, within: Jurisdiction) -> list[str]:
    """Return in words what falls due, ends or closes within a place so that its next deadline is `day`; a few of it."""
    due = WorkItem.objects.waiting().within(within).filter(due_on=day).order_by("id")
    found = [
        _("%(name)s到期：%(task)s") % {"name": item.title, "task": task_in_words(item.task)} for item in due[:MOST]
    ]
    here = PublicNotice.objects.filter(region_code__startswith=within.prefix)
    over = here.filter(closed_on__isnull=True, ends_on=day - ONE_DAY).order_by("pk")
    found += [_("公示期满：%(name)s") % {"name": notice.title} for notice in over[:MOST]]
    calls = Call.objects.within(within).filter(status=CallStatus.PUBLISHED, closes_at__date=day - ONE_DAY)
    found += [_("申报截止：%(name)s") % {"name": call.name} for call in calls.order_by("pk")[:MOST]]
    return found[:MOST]


def next_deadline(today: datetime.date, *, within: Jurisdiction | None = None) -> datetime.date:
    """Return the next day on which something falls due, ends or closes, here or anywhere; tomorrow if nothing runs."""
    below = {"region_code__startswith": within.prefix} if within else {}
    waiting = WorkItem.objects.waiting().filter(due_on__gt=today, **below)
    days = list(waiting.order_by("due_on").values_list("due_on", flat=True)[:1])
    notices = PublicNotice.objects.filter(closed_on__isnull=True, ends_on__gte=today, **below).order_by("ends_on")
    days += [ends + ONE_DAY for ends in notices.values_list("ends_on", flat=True)[:1]]
    published = Call.objects.filter(status=CallStatus.PUBLISHED, **below)
    calls = published.filter(closes_at__date__gte=today).order_by("closes_at")
    days += [closes.astimezone().date() + ONE_DAY for closes in calls.values_list("closes_at", flat=True)[:1]]
    return min((day for day in days if day is not None and day > today), default=today + ONE_DAY)
