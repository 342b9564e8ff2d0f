"""The inbox: what a person was told, newest first; opening marks as read."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.decorators import PersonRequest, person_view
from portal.accounts.views.shells import done, page
from portal.notifications.models import OUTGROWN, Notification

PER_PAGE = 25
MOST_UNREAD = 99


@person_view
@require_safe
def inbox(request: PersonRequest) -> HttpResponse:
    """Show the messages, newest first as they are dated, ?only=unread, ?before=<number> for older ones."""
    mine = Notification.objects.filter(recipient=request.user).exclude(dropped_because=OUTGROWN)
    only = request.GET.get("only", "")
    rows = mine.filter(read_at__isnull=True) if only == "unread" else mine
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = _older(rows, mine.filter(pk=int(before)).first())
    shown = list(rows.order_by("-on", "-created_at__time", "-pk")[: PER_PAGE + 1])
    context = {
        "rows": shown[:PER_PAGE],
        "older": shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else 0,
        "only": only,
        "waiting": mine.filter(read_at__isnull=True).order_by()[: MOST_UNREAD + 1].count(),
    }
    return page(request, "notifications/inbox.html", context)


def _older(rows: "QuerySet[Notification]", last: Notification | None) -> "QuerySet[Notification]":
    """Return what was told before `last`: on an earlier day of business, or at an earlier hour, or before it."""
    if last is None:
        return rows
    day, hour = last.on, last.told_at.time()
    same = Q(on=day, created_at__time=hour, pk__lt=last.pk)
    return rows.filter(Q(on__lt=day) | Q(on=day, created_at__time__lt=hour) | same)


@person_view
@require_safe
def bell(request: PersonRequest) -> HttpResponse:
    """Show the bell with its count, for pages that refresh it."""
    return render(request, "notifications/bell.html")


@person_view
@require_POST
def open_message(request: PersonRequest, message: int) -> HttpResponse:
    """Mark a message as read, with every other that leads to the same matter, and go there."""
    row = get_object_or_404(Notification, pk=message, recipient=request.user)
    unread = Notification.objects.filter(recipient=request.user, read_at__isnull=True)
    alike = Q(pk=row.pk) | Q(url=row.url) if row.url else Q(pk=row.pk)
    unread.filter(alike).update(read_at=timezone.localtime())
    local = row.url.startswith("/") and not row.url.startswith(("//", "/\\"))
    return redirect(row.url if local else "notifications:inbox")


@person_view
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """Mark every message as read."""
    unread = Notification.objects.filter(recipient=request.user, read_at__isnull=True)
    count = unread.update(read_at=timezone.localtime())
    return done(request, _("%(n)d 条消息已标为已读。") % {"n": count}, "notifications:inbox")
