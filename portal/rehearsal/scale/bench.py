"""What our pages cost beside bare floors, on the same data, in the same run.

F is a bare list view: 25 rows of five joined tables, a count, a small template, no middleware. A page and what it is
held against are asked in turns, so that what else the machine does falls on both. Server time is measured in this
process; the load at the end goes to a real server on the loopback address, bounded in count.
"""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from portal.accounts.capacity import SESSION_KEY
from portal.accounts.models import Membership
from portal.local.processes import HOST

ROUNDS = 25
WARM_UP = 3
CLIENTS = 8
REQUESTS_EACH = 12
UNDER_LOAD = ("worklist", "register", "dossier", "verify")
FRAME = ("BEGIN", "COMMIT", "SET ", "SAVEPOINT", "RELEASE")  # what frames a transaction is not a query for data

FLOOR_TEMPLATE = """<!doctype html><title>floor</title><table>{% for row in rows %}<tr><td>{{ row.reference }}</td>
<td>{{ row.base.name }}</td><td>{{ row.operator.name }}</td><td>{{ row.call.name }}</td>
<td>{{ row.jurisdiction.name }}</td>
<td>{{ row.status }}</td><td>{{ row.due_on }}</td></tr>{% endfor %}</table><p>{{ total }}</p>"""
FLOOR_SQL = """SELECT a.*, b.*, o.*, c.*, j.* FROM applications_application a JOIN bases_base b ON b.id = a.base_id
JOIN bases_operator o ON o.id = a.operator_id JOIN applications_call c ON c.id = a.call_id
JOIN jurisdictions_jurisdiction j ON j.id = a.jurisdiction_id ORDER BY a.id DESC LIMIT 25"""


@dataclass(frozen=True)
class Reading:
    """One page: median and 95th percentile of the server time in ms, queries, bytes, and its goals.

    `floor` is the median of F, and `limit` the longest median allowed, both taken in the same rounds as the page.
    """

    name: str
    p50: float
    p95: float
    queries: int
    size: int
    floor: float
    limit: float | None = None
    most_queries: int | None = None


Act = Callable[[], Any]


def measure(
    name: str, act: Act, *, floor: Act, limit: tuple[float, Act] | None = None, most: int | None = None
) -> Reading:
    """Run `act` warm, `ROUNDS` times, in turns with `floor` and with what `limit` holds it against, so many times as
    long; count its queries once more apart, since counting costs.
    """
    beside = limit[1] if limit else floor
    in_turns = [act, floor] if beside is floor else [act, floor, beside]
    times = _times(in_turns)
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    return Reading(
        name,
        statistics.median(times[0]),
        sorted(times[0])[int(ROUNDS * 0.95) - 1],
        queries=sum(not query["sql"].startswith(FRAME) for query in captured.captured_queries),
        size=len(answer.content) if isinstance(answer, HttpResponse) else 0,
        floor=statistics.median(times[1]),
        limit=limit[0] * statistics.median(times[-1]) if limit else None,
        most_queries=most,
    )


def _times(in_turns: list[Act]) -> list[list[float]]:
    """Return the times of each act in ms, all of them asked once in every round."""
    times: list[list[float]] = [[] for _act in in_turns]
    for number in range(WARM_UP + ROUNDS):
        for act, found in zip(in_turns, times, strict=True):
            started = time.perf_counter()
            act()
            if number >= WARM_UP:
                found.append((time.perf_counter() - started) * 1000)
    return times


def bare_view(request: HttpRequest) -> HttpResponse:
    """Answer with two words."""
    return HttpResponse("hello, world")


def bare_list(request: HttpRequest) -> HttpResponse:
    """Answer with 25 rows out of all, and how many there are."""
    rows = Application.objects.select_related("base", "operator", "call", "jurisdiction").order_by("-id")[:25]
    template = engines["django"].from_string(FLOOR_TEMPLATE)
    return HttpResponse(template.render({"rows": rows, "total": Application.objects.count()}))


def raw_rows() -> None:
    """Fetch the same rows and the count in SQL."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_SQL)
        cursor.fetchall()
        cursor.execute("SELECT count(*) FROM applications_application")
        cursor.fetchone()


def signed_in() -> tuple[Client, str]:
    """Return a client signed in as a province caseworker with a full desk, and its session cookie."""
    post = (
        Membership.objects.filter(jurisdiction__code="520000", role="caseworker")
        .select_related("user")
        .order_by("pk")[0]
    )
    client = Client(HTTP_HOST=HOST)
    client.force_login(post.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = SessionStore(session_key=client.session.session_key)
    session[SESSION_KEY] = f"officer:{post.pk}"
    session.save()
    return client, str(session.session_key)


@dataclass(frozen=True)
class Pages:
    """The addresses that are measured."""

    worklist: str
    worklist_last: str
    register: str
    register_last: str
    officers_register: str
    dossier: str
    verify: str


def readings(pages: Pages, client: Client) -> list[Reading]:
    """Measure the floors, then our pages, each against its goal."""
    request = RequestFactory().get("/")

    def floor() -> HttpResponse:
        return bare_list(request)

    def get(url: str) -> Act:
        return lambda: client.get(url)

    def ours(name: str, url: str, times: float, *, most: int = 10, than: Act = floor) -> Reading:
        return measure(name, get(url), floor=floor, limit=(times, than), most=most)

    return [
        measure("bare view", lambda: bare_view(request), floor=floor),
        measure("bare list view, 25 of N (F)", floor, floor=floor),
        measure("the same rows in SQL", raw_rows, floor=floor),
        ours("worklist", pages.worklist, 3),
        ours("worklist, last page", pages.worklist_last, 1.5, than=get(pages.worklist)),
        ours("public register", pages.register, 3),
        ours("public register, last page", pages.register_last, 1.5, than=get(pages.register)),
        ours("officers' register", pages.officers_register, 3),
        ours("dossier with its whole history", pages.dossier, 5, most=15),
        ours("verify page", pages.verify, 3),
    ]


def under_load(port: int, pages: Pages, cookie: str) -> dict[str, tuple[float, float]]:
    """Send a bounded number of requests from eight clients; return p50 and p95 in ms for each page.

    Before that each client asks for each page: what a server does only once after its start is not counted.
    """
    for name in UNDER_LOAD:
        _ask_at_once(port, getattr(pages, name), cookie, WARM_UP)
    found = {}
    for name in UNDER_LOAD:
        times = sorted(_ask_at_once(port, getattr(pages, name), cookie, REQUESTS_EACH))
        found[name] = (statistics.median(times), times[int(len(times) * 0.95) - 1])
    return found


def _ask_at_once(port: int, url: str, cookie: str, requests: int) -> list[float]:
    times: list[float] = []
    threads = [
        threading.Thread(target=_client, args=(port, url, cookie, f"127.0.1.{each + 1}", requests, times))
        for each in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _client(port: int, url: str, cookie: str, source: str, requests: int, times: list[float]) -> None:
    for _request in range(requests):
        # Each client comes from a loopback address of its own, as visitors do; the limits per address stay on.
        wire = http.client.HTTPConnection(HOST, port, timeout=60, source_address=(source, 0))
        started = time.perf_counter()
        wire.request("GET", url, headers={"Cookie": f"sessionid={cookie}"})
        answer = wire.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        times.append((time.perf_counter() - started) * 1000)
        wire.close()
