"""The one clock: what day and hour it is in China. Views and tasks ask it; actions and rules get the answer."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.deadlines.models import BusinessClock
from portal.errors import DomainError

CHINA = ZoneInfo("Asia/Shanghai")  # one zone for the whole country, Xinjiang and Tibet included


def business_now() -> datetime:
    """Return the moment in Asia/Shanghai; in the demo, moved ahead by the demo's clock."""
    now = datetime.now(CHINA)
    return now + timedelta(days=_days_ahead()) if settings.DEMO else now


def business_today() -> date:
    """Return the calendar day in China on which an act done now takes effect."""
    return business_now().date()


@transaction.atomic
def move_business_date(day: date) -> date:
    """Move the demo's business date ahead to `day` and return it.

    Raises DomainError outside the demo, and for a day that has passed: no act on record may come to lie in the future.
    """
    if not settings.DEMO:
        raise DomainError(_("业务日期只能在演示环境中调整，正式环境以北京时间为准。"))
    clock, _created = BusinessClock.objects.select_for_update().get_or_create(id=1)
    real = datetime.now(CHINA).date()
    today = real + timedelta(days=clock.days_ahead)
    if day < today:
        raise DomainError(
            _("演示日期现为%(today)s，不能退回到%(day)s。请选择今天或以后的日期。") % {"today": today, "day": day}
        )
    clock.days_ahead = (day - real).days
    clock.save(update_fields=["days_ahead"])
    return day


def _days_ahead() -> int:
    return BusinessClock.objects.filter(id=1).values_list("days_ahead", flat=True).first() or 0
