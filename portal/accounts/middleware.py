"""`request.capacity`: in what capacity this person acts now, resolved once per request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from portal.accounts.capacity import SESSION_KEY, VISITOR, Capacity, capacities
from portal.deadlines.today import business_today


def current_capacity(request: HttpRequest) -> Capacity:
    """Return the chosen capacity if the person still holds it, else the first they hold, else visitor."""
    if not request.user.is_authenticated:
        return VISITOR
    held = capacities(request.user, business_today())
    chosen = request.session.get(SESSION_KEY)
    for capacity in held:
        if capacity.key == chosen:
            return capacity
    return held[0] if held else Capacity(kind="visitor", user=request.user)


class CapacityMiddleware:
    """Sets `request.capacity`, lazily: public pages never pay for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.capacity = SimpleLazyObject(lambda: current_capacity(request))  # type: ignore[attr-defined]  # ours
        return self.get_response(request)
