"""`request.capacity`, resolved once per request; and how long a session lasts."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from portal.accounts.capacity import SESSION_KEY, VISITOR, Capacity, capacities, capacity_by_key
from portal.deadlines.today import business_today

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
STAMP_EVERY = 60  # seconds between two writes of the session because somebody is there


def current_capacity(request: HttpRequest) -> Capacity:
    """Return the chosen capacity if the person still holds it, else the first they hold, else visitor."""
    if not request.user.is_authenticated:
        return VISITOR
    today = business_today()
    chosen = capacity_by_key(request.user, request.session.get(SESSION_KEY, ""), today)
    if chosen:
        return chosen
    held = capacities(request.user, today)
    return held[0] if held else Capacity(kind="visitor", user=request.user)


class CapacityMiddleware:
    """Sets `request.capacity`, lazily: public pages never pay for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.capacity = SimpleLazyObject(lambda: current_capacity(request))  # type: ignore[attr-defined]  # ours
        return self.get_response(request)


class SessionAgeMiddleware:
    """Ends a session that nobody used for a while, and any session after its longest day. Counts real seconds.

    Officers: SESSION_IDLE_OFFICERS; operators: SESSION_IDLE_OPERATORS; everybody: SESSION_ABSOLUTE.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if expired(request, time.time()):
                return _end(request)
            _stamp(request, time.time())
        return self.get_response(request)


def expired(request: HttpRequest, now: float) -> bool:
    """Whether the session was idle too long or is too old at `now` (seconds of the epoch)."""
    session = request.session
    as_operator = str(session.get(SESSION_KEY, "")).startswith("operator:")
    idle = settings.SESSION_IDLE_OPERATORS if as_operator else settings.SESSION_IDLE_OFFICERS
    seen, began = session.get(SEEN_AT, now), session.get(SIGNED_IN_AT, now)
    return bool(now - seen > idle or now - began > settings.SESSION_ABSOLUTE)


def _stamp(request: HttpRequest, now: float) -> None:
    session = request.session
    if SIGNED_IN_AT not in session:
        session[SIGNED_IN_AT] = now
    if now - session.get(SEEN_AT, 0) >= STAMP_EVERY:
        session[SEEN_AT] = now


def _end(request: HttpRequest) -> HttpResponse:
    """Sign out and lead to the page that says so; signing in there leads back to where one was."""
    capacity = request.session.get(SESSION_KEY, "")
    logout(request)
    if capacity:
        request.session[SESSION_KEY] = capacity
    target = f"{reverse('accounts:expired')}?{urlencode({'next': page_looked_at(request)})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=401)
    return HttpResponseRedirect(target)


def page_looked_at(request: HttpRequest) -> str:
    """Return the page the reader looked at: the address itself, or for a form the page of this site that held it."""
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        return request.get_full_path()
    return form_page(request) or "/"


def form_page(request: HttpRequest) -> str:
    """Return the page of this site that a form was sent from; an empty string where the browser does not say."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}"
    return page.removeprefix(own) if page.startswith(f"{own}/") else ""
