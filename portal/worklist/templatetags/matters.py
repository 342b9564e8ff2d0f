"""Which messages of the inbox still ask for something."""

from collections.abc import Iterable
from typing import Any

from django import template

from portal.accounts.capacity import capacities
from portal.deadlines.today import business_today
from portal.notifications.models import Notification
from portal.worklist import matters

register = template.Library()


@register.simple_tag(takes_context=True)
def unsettled(context: dict[str, Any], rows: Iterable[Notification]) -> set[int]:
    """Return the keys of the messages whose matter waits for the reader today, in whichever capacity."""
    return matters.unsettled(rows, capacities(context["request"].user, business_today()))
