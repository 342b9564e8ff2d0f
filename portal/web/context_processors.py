"""What every page knows without its view saying so. Everything here is lazy: a page pays only for what it shows."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Calendar
from portal.deadlines.today import business_today
from portal.notifications.models import Notification
from portal.web.display import display_of

MOST_UNREAD = 99


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's display choice, the business date, the working days of their place, their unread messages."""
    return {
        "demo": settings.DEMO,
        "display": display_of(request),
        "today": SimpleLazyObject(business_today),
        "calendar": SimpleLazyObject(partial(_calendar, request)),
        "unread": SimpleLazyObject(partial(_unread, request)),
    }


def _calendar(request: HttpRequest) -> Calendar:
    """Return the working days of the officer's territory, of the nation for anybody else."""
    capacity = getattr(request, "capacity", None)
    return calendar_for(capacity.jurisdiction if capacity is not None and capacity.kind == "officer" else None)


def _unread(request: HttpRequest) -> int:
    """Return how many messages wait, counted up to a hundred."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    waiting = Notification.objects.filter(recipient_id=user.pk, read_at__isnull=True)
    return waiting.order_by()[: MOST_UNREAD + 1].count()
