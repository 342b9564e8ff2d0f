"""What every page knows without its view saying so. Everything here is lazy: a page pays only for what it shows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.deadlines.today import business_today
from portal.web.display import display_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's display choice and the business date."""
    return {
        "display": display_of(request),
        "today": SimpleLazyObject(business_today),
    }
