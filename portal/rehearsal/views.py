"""The demo's date control: a day on, or to the next deadline. Does not exist outside the demo."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.capacity import Capacity
from portal.accounts.decorators import public_view
from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction
from portal.rehearsal.demo.days import ONE_DAY, falls_on, next_deadline, pass_days
from portal.web.place import place_of_site


@public_view
@require_POST
def next_day(request: HttpRequest) -> HttpResponse:
    """Move the demo's date one day on and run the day's jobs."""
    return _move(request, lambda today, _place: today + ONE_DAY)


@public_view
@require_POST
def to_next_deadline(request: HttpRequest) -> HttpResponse:
    """Move the demo's date to the next deadline of the place whose page is open, with the jobs of every day to it."""
    return _move(request, lambda today, place: next_deadline(today, within=place))


def _move(request: HttpRequest, whither: Callable[[datetime.date, Jurisdiction | None], datetime.date]) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    back = request.POST.get("next", "/")
    before, place = business_today(), _place_of(request, back)
    until = whither(before, place)
    reached = falls_on(until, within=place) if place else []
    day = pass_days(until)
    said = _("演示日期从 %(before)s 走到 %(day)s，每日任务已执行。") % {"before": before, "day": day}
    if reached:
        said += _("这一天：%(what)s。") % {"what": "；".join(reached)}
    messages.success(request, said)
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")


def _place_of(request: HttpRequest, page: str) -> Jurisdiction | None:
    """Return the place whose page is open: the one its address names, else an officer's own on the desk.

    None on any other page: what happens elsewhere is not the reader's business.
    """
    if place := place_of_site(page):
        return place
    capacity: Capacity | None = getattr(request, "capacity", None)
    at_a_desk = capacity is not None and capacity.kind == "officer" and page.startswith("/desk/")
    return capacity.jurisdiction if capacity is not None and at_a_desk else None
