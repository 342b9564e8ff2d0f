"""Jobs of the awards: what a certification brought about is entered soon after it, swept when a message was lost."""

from celery import shared_task

from bases.models import Certification
from portal.accounts.capacity import SYSTEM
from portal.deadlines.today import business_today
from portal.jobs import one_by_one
from subsidies.actions import record_entitlements


@shared_task
def enter_entitlements() -> int:
    """Enter the awards of every certification that has none yet and may have brought one; return how many."""
    waiting = Certification.objects.standing().filter(entitlements_settled=False)
    return one_by_one(waiting.select_related("base").order_by("pk")[:500], _enter)


def _enter(certification: Certification) -> int:
    entered = record_entitlements(certification, by=SYSTEM, on=business_today())
    Certification.objects.filter(pk=certification.pk).update(entitlements_settled=True)
    return len(entered)
