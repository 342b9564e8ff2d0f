"""The timeline of one subject, embedded by its URL; the search over a territory; the export."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.today import business_today
from portal.desk.trail.facts import Told, subject_name
from portal.desk.trail.searching import MOST_ROWS, TrailFilter, csv_lines, events_within, found
from portal.desk.trail.wording import in_words
from portal.policies.wording import wording
from portal.web.filters import chips
from portal.web.pagination import paginate
from portal.web.parts import Crumb

MOST_SHOWN = 300


@officer_view(Permission.READ_CASES, Permission.READ_AUDIT)
@require_safe
def timeline(request: PersonRequest, subject_type: str, subject_id: str) -> HttpResponse:
    """Show what happened to one subject, newest first; htmx gets the list alone. Outside the territory: 404."""
    events = events_within(request.capacity.jurisdiction).filter(subject_type=subject_type, subject_id=subject_id)
    rows = list(events.order_by("-recorded_at", "-seq")[:MOST_SHOWN])
    if not rows:
        raise Http404
    told = Told(rows)
    shown = [(row, in_words(row.verb), told.facts(row)) for row in rows]
    context = {"events": shown, "subject": subject_name(rows[0], told.words), "back": _way_back(request)}
    template = "audit/timeline_part.html" if request.headers.get("HX-Request") else "audit/timeline.html"
    return render(request, template, context)


def _way_back(request: PersonRequest) -> Crumb:
    """Return where a timeline leads back to: the search as it was left, else the reader's own first page."""
    if not request.capacity.may(Permission.READ_AUDIT):
        return Crumb(_("返回办件"), reverse("desk:worklist"))
    search_page = reverse("audit:search")
    came_from = urlsplit(request.headers.get("Referer", ""))
    asked = f"?{came_from.query}" if came_from.path == search_page and came_from.query else ""
    return Crumb(_("返回审计记录"), f"{search_page}{asked}")


def _last_checked() -> str:
    """Return the day of the newest checkpoint, nothing where none is kept: the trail was whole on that night."""
    folder = settings.AUDIT_CHECKPOINTS
    kept = sorted(Path(folder).glob("checkpoint-*.json")) if folder else []
    return kept[-1].stem.removeprefix("checkpoint-") if kept else ""


@officer_view(Permission.READ_AUDIT)
@require_safe
def search(request: PersonRequest) -> HttpResponse:
    """Search the trail of the territory by what, who, when and about what."""
    form = TrailFilter(request.GET)
    events = found(request.capacity.jurisdiction, form)
    page = paginate(request, events, per_page=50, order=("-recorded_at", "-seq"))
    words = wording(Path(settings.POLICY_PACKS))
    rows = [(row, in_words(row.verb), subject_name(row, words)) for row in page.items]
    context = {"form": form, "page": page, "rows": rows, "chips": chips(request, form), "checked": _last_checked()}
    return render(request, "audit/search.html", context)


@officer_view(Permission.READ_AUDIT)
@require_POST
def export(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """Hand out what the search finds as CSV; that it was handed out is itself on the trail."""
    capacity = request.capacity
    form = TrailFilter(request.POST)
    events = found(capacity.jurisdiction, form)
    total = events.count()
    with transaction.atomic():
        asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
        told: dict[str, Any] = {"asked": asked, "found": total, "exported": min(total, MOST_ROWS)}
        record("audit.exported", capacity.jurisdiction, by=capacity, on=business_today(), **told)
    response = StreamingHttpResponse(csv_lines(events, total), content_type="text/csv; charset=utf-8")
    name = f"audit-{capacity.jurisdiction.code}-{business_today():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
