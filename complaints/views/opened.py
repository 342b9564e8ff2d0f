"""The complaint whose number and code somebody gave: open in the session for a while, never in an address."""

import time

from django.http import HttpRequest

from complaints.models import Complaint

OPENED = "opened_complaint"
SECONDS = 2 * 3600


def open_in(request: HttpRequest, complaint: Complaint, *, known: bool = True) -> None:
    """Open the complaint for this session; the caller has checked the code, or (not `known`) it was sent just now.

    With the code comes a right this session did not have, hence a new key for it.
    """
    if known:
        request.session.cycle_key()
    request.session[OPENED] = {"pk": complaint.pk, "until": time.time() + SECONDS}


def opened_in(request: HttpRequest) -> Complaint | None:
    """Return the complaint that is open, None where there is none or its time is over."""
    opened = request.session.get(OPENED)
    if not opened or opened["until"] < time.time():
        return None
    related = ("base__operator", "base__jurisdiction", "desk", "jurisdiction")
    return Complaint.objects.select_related(*related).filter(pk=opened["pk"]).first()


def shut(request: HttpRequest) -> None:
    """Close what is open."""
    request.session.pop(OPENED, None)
