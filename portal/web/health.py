"""Is the portal up, and is it ready to work: for load balancers, the start of the demo and the people on call."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

from portal.accounts.decorators import public_view
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_now, business_today
from portal.notifications.models import Notification
from portal.web.models import Pulse
from portal.web.tasks import BEAT

log = logging.getLogger("portal.web.health")
OUTBOX_PATIENCE = 15 * 60  # seconds a message may wait before somebody should look
BEAT_PATIENCE = 5 * 60  # seconds; the pulse is due every minute
BROKER_PATIENCE = 2


@public_view
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer at once, without database: the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@public_view
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every part the portal needs is there, else 503; the body names each part and what it found.

    Anybody may ask: of an error it names the kind alone, its text (hosts, users, paths) goes to the log.
    """
    parts = {name: _look(name, check) for name, check in CHECKS.items()}
    ready = all(part["ok"] for part in parts.values() if part["needed"])
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


class Late(Exception):
    """Something runs, but too late: its sentence holds no secret and is shown."""


def _look(name: str, check: tuple[Callable[[], str], bool]) -> dict[str, Any]:
    """Run one check; whatever goes wrong is the finding, never an error page."""
    function, needed = check
    began = time.perf_counter()
    try:
        found, ok = function(), True
    except Late as late:
        found, ok = str(late), False
    except Exception as error:  # a broken part may fail in any way; naming it is the purpose
        log.exception("readyz: %s", name)
        found, ok = type(error).__name__, False
    return {"ok": ok, "needed": needed, "found": found, "ms": round((time.perf_counter() - began) * 1000, 1)}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _broker() -> str:
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    with Connection(settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=BROKER_PATIENCE) as broker:
        broker.ensure_connection(max_retries=0, timeout=BROKER_PATIENCE)
        return str(broker.transport.driver_type)


def _outbox() -> str:
    oldest = Notification.objects.filter(sent_at__isnull=True, urgent=True).aggregate(at=Min("created_at"))["at"]
    if oldest is None:
        return "empty"
    age = int((business_now() - oldest).total_seconds())
    if age > OUTBOX_PATIENCE:
        raise Late(f"the oldest urgent message has waited {age} s")
    return f"oldest urgent message {age} s"


def _beat() -> str:
    pulse = Pulse.objects.filter(name=BEAT).first()
    if pulse is None:
        raise Late("no recurring job has run yet")
    age = int((datetime.now(UTC) - pulse.at).total_seconds())
    if age > BEAT_PATIENCE:
        raise Late(f"the last recurring job ran {age} s ago")
    return f"{age} s ago"


def _calendar() -> str:
    year = business_today().year
    status = calendar_for(None).status(year)
    if status == "missing":
        raise Late(f"no working days for {year}")
    return f"{year} {status}"


def _cache() -> str:
    cache.get("readyz")
    return "reachable"


CHECKS: dict[str, tuple[Callable[[], str], bool]] = {
    "database": (_database, True),
    "calendar": (_calendar, True),
    "cache": (_cache, False),
    "broker": (_broker, False),
    "beat": (_beat, False),
    "outbox": (_outbox, False),
}
