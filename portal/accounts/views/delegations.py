"""Stand-ins: who acts in my post while I am away, and in whose posts I act."""

import datetime

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.actions import delegate, revoke_delegation
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.forms import DelegationForm
from portal.accounts.models import Delegation, Membership
from portal.accounts.views.shells import done, page
from portal.deadlines.today import business_today
from portal.errors import DomainError


@officer_view()
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Show the delegations I gave and those I was given."""
    today = business_today()
    rows = Delegation.objects.filter(models.Q(membership__user=request.user) | models.Q(delegate=request.user))
    rows = rows.select_related("membership__jurisdiction", "membership__user", "delegate").order_by("-starts_on", "-pk")
    items = [
        {"row": row, "state": _state(row, today), "given": row.delegate_id != request.user.pk} for row in rows[:100]
    ]
    posts = Membership.objects.in_force(today).filter(user=request.user).select_related("jurisdiction")
    mine = [post for post in posts if post.handles_cases]
    return page(request, "accounts/delegations.html", {"items": items, "posts": mine})


@officer_view()
@require_http_methods(["GET", "POST"])
def give(request: PersonRequest, post: int) -> HttpResponse:
    """Let a colleague act in one of my posts."""
    today = business_today()
    mine = Membership.objects.in_force(today).filter(user=request.user).select_related("jurisdiction", "user")
    held = get_object_or_404(mine, pk=post)
    form = DelegationForm(request.POST or None, membership=held, on=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            delegate(
                held,
                to=data["delegate"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                reason=data["reason"],
                by=request.capacity,
                on=today,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return done(request, _("已委托，到期自动结束。"), "accounts:delegations")
    return page(request, "accounts/delegation_form.html", {"form": form, "post": held})


@officer_view()
@require_POST
def revoke(request: PersonRequest, delegation: int) -> HttpResponse:
    """End a delegation that I gave or was given."""
    mine = Delegation.objects.filter(models.Q(membership__user=request.user) | models.Q(delegate=request.user))
    revoke_delegation(get_object_or_404(mine, pk=delegation), by=request.capacity, on=business_today())
    return done(request, _("委托已终止，立即生效。"), "accounts:delegations")


def _state(row: Delegation, today: datetime.date) -> str:
    if row.revoked_on:
        return "revoked"
    if row.ends_on < today:
        return "over"
    return "running" if row.runs(today) else "coming"
