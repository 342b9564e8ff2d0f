"""Signing in, being led to one's desk, and being told that a session is over."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.signals import user_logged_in
from allauth.account.views import LoginView, LogoutView, PasswordResetView
from django.conf import settings
from django.contrib.auth import login, logout
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from portal.accounts.capacity import SESSION_KEY, capacities
from portal.accounts.decorators import person_view, public_view
from portal.accounts.demo import demo_accounts
from portal.accounts.models import User
from portal.accounts.views.shells import desk_address
from portal.deadlines.today import business_today

A_PLACE = re.compile(r"([0-9]{6})")
A_SITE = re.compile(r"/([0-9]{6})/")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignInView(LoginView):
    """The sign-in page; in the demo with the demo's people, one click each, those of the place one came from first."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demo's people, where one came from and where to go back to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["at"] = code_told(self.request)
        context["demo_groups"] = demo_accounts(first=context["at"]) if settings.DEMO else []
        context["next"] = back_address(self.request)
        return context


class SignOutView(LogoutView):
    """Signing out; the browser is told to drop what it keeps of these pages (residual data, GB/T 22239 §8.1.4.10)."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class AskForLinkView(PasswordResetView):
    """Asking for a link to a new password. Whether the address is known shows neither in the answer nor in its time."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Hand the address to a worker, and say so if none can be reached."""
        try:
            response: HttpResponse = super().form_valid(form)
        except OperationalError:
            form.add_error(None, _("邮件现在发不出去，请过几分钟再试。"))
            response = self.form_invalid(form)
        return response


def back_address(request: HttpRequest) -> str:
    """Return ?next= if it leads to a page of this site, else nothing."""
    target = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


def code_told(request: HttpRequest) -> str:
    """Return the code of the place from whose site somebody came (?at=, also of the page to go back to), or nothing."""
    asked = request.POST.get("at") or request.GET.get("at", "")
    back = urlsplit(back_address(request))
    found = A_PLACE.fullmatch(asked) or A_PLACE.fullmatch("".join(parse_qs(back.query).get("at", [])[:1]))
    found = found or A_SITE.match(back.path)
    return found[1] if found else ""


def enter(request: HttpRequest, user: User) -> None:
    """Sign somebody in without a password (the demo, a fresh registration), on record and among their devices."""
    login(request, user, backend=BACKEND)
    user_logged_in.send(sender=User, request=request, user=user)


@public_view
@require_safe
def expired(request: HttpRequest) -> HttpResponse:
    """Say that the session is over, and lead back after signing in."""
    return render(request, "errors/expired.html", {"shell": "base_task.html", "back": back_address(request) or "/"})


@person_view
@require_safe
def arrived(request: HttpRequest) -> HttpResponse:
    """Lead from the sign-in page to where work is."""
    return redirect(desk_address())


@public_view
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people, without a password. Does not exist outside the demo."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, pk=_number(request.POST.get("user", "")), demo=True, is_active=True)
    target = back_address(request)
    logout(request)
    enter(request, user)
    held = capacities(user, business_today())
    if held:
        request.session[SESSION_KEY] = held[0].key
    return redirect(target or desk_address())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
