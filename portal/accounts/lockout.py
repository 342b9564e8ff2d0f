"""Five wrong passwords close the door to that person from that address for a quarter of an hour."""

from datetime import timedelta

from allauth.core.internal.httpkit import get_client_ip
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from portal.accounts.models import User
from portal.deadlines.today import CHINA, business_now


def client_ip(request: HttpRequest) -> str:
    """Return the address of the reader, behind as many proxies as ALLAUTH_TRUSTED_PROXY_COUNT says."""
    return get_client_ip(request) or ""


def account_tried(request: HttpRequest | None, credentials: dict[str, str] | None) -> str:
    """Return one name for the account that is tried, so that user name and mail address do not count apart."""
    given = credentials or {}
    typed = given.get("username") or given.get("email") or given.get("login") or ""
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    same = models.Q(username__iexact=typed) | models.Q(email__iexact=typed)
    known = User.objects.filter(same).order_by("pk").first() if typed else None
    return known.username if known else typed.lower()[:150]


def locked_out(
    request: HttpRequest, response: HttpResponseBase | None = None, credentials: object = None
) -> HttpResponse:
    """Show how long the door stays closed and what to do meanwhile."""
    pause = get_cool_off(request) or timedelta()
    tried = account_tried(request, None)
    attempt = AccessAttempt.objects.filter(username=tried, ip_address=client_ip(request)).first()
    until = attempt.attempt_time + pause if attempt else business_now() + pause
    context = {"until": until.astimezone(CHINA), "minutes": int(pause.total_seconds() // 60)}
    return render(request, "account/locked.html", context, status=429)
