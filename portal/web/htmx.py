"""One template for the page and its parts: htmx gets the named part, everyone else the whole page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of a page (not for a boosted link nor after a lost history entry)."""
    details = getattr(request, "htmx", None)
    return details is not None and bool(details) and not details.boosted and not details.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or only its `{% partialdef part %}` when htmx asks and a part is named.

    The part must show the same as a reload would; a test of the page should compare the two.
    """
    name = f"{template}#{part}" if part and wants_part(request) else template
    response = render(request, name, context, status=status)
    if part:
        patch_vary_headers(response, ("HX-Request",))
    return response
