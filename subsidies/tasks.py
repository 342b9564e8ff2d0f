"""Jobs of the awards: what a certification brought about is entered soon after it, swept when a message was lost."""

from celery import shared_task

from bases.models import Certification
from portal.accounts.capacity import SYSTEM
from portal.deadlines.today import business_today
from subsidies.actions import record_entitlements


@shared_task
def enter_entitlements() -> int:
    """Enter the awards of every certification that has none yet and may have brought one; return how many."""
    waiting = Certification.objects.standing().filter(entitlements_settled=False)
    entered = 0
    for certification in waiting.select_related("base").order_by("pk")[:500]:
        entered += len(record_entitlements(certification, by=SYSTEM, on=business_today()))
        Certification.objects.filter(pk=certification.pk).update(entitlements_settled=True)
    return entered
