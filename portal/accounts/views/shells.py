"""In which shell a page about people is shown, and how it names its way."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from portal.accounts.decorators import PersonRequest

SHELLS = {"officer": "base_desk.html", "operator": "base_operator.html"}


def shell_of(request: PersonRequest) -> str:
    """Return the shell of the capacity the reader acts in."""
    return SHELLS.get(request.capacity.kind, "base_public.html")


def page(
    request: PersonRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page in the reader's shell."""
    return render(request, template, {"shell": shell_of(request), **(context or {})}, status=status)


def in_own_shell(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a page of allauth about oneself be rendered in the reader's shell, so that it keeps their menu."""

    @wraps(view)
    def wrapped(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["shell"] = shell_of(request)
        return response

    return wrapped


def done(request: PersonRequest, sentence: str, name: str, *args: object) -> HttpResponseRedirect:
    """Say what was done and go to a named page."""
    messages.success(request, sentence)
    return redirect(name, *args)


def desk_address() -> str:
    """Return where work is: the desk, or the person's own page where this installation has no desk."""
    try:
        return reverse("desk:home")
    except NoReverseMatch:
        return reverse("accounts:me")
