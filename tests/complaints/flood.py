"""A flood of junk complaints against a real server: many addresses of the loopback, one request after the other."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from django.conf import settings

from tests.factories.database import address_of_test_database

ROOT = Path(__file__).resolve().parents[2]
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


def free_port() -> int:
    """Return a port nobody uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def server(var: Path, *, guard: bool, redis: str = "") -> Iterator[int]:
    """Run gunicorn with two workers on the database of the test; yield its port."""
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": address_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "tests.complaints.flood_settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "COMPLAINT_GUARD": "1" if guard else "0",
        "CELERY_BROKER_URL": redis or f"filesystem://{var}/broker",
        "PORTAL_VAR": str(var),
    }
    for folder in ("broker/queue", "broker/control"):
        (var / folder).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    with (var / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _await(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Run a Redis of our own that keeps nothing; yield its address."""
    port = free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(timeout=10)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _try in range(150):
        if process.poll() is not None:
            break
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/healthz")
            if asked.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


@dataclass
class Browser:
    """Somebody without JavaScript at one address: keeps cookies, fills forms, follows nothing by itself."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def asks(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, where it leads, and the page."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = FORM
        try:
            link.request(method, path, urlencode(fields) if fields is not None else None, headers)
            answer = link.getresponse()
            page = answer.read().decode(errors="replace")
        finally:
            link.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _sign, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def posts(self, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """Send a form with its token."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self.asks("POST", path, token | fields)


@dataclass
class Flood:
    """What was sent and what came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    sent: int = 0
    officer: list[float] = field(default_factory=list)  # seconds
    seconds: float = 0.0
    calm: float = 0.0  # the officer's page before it, milliseconds

    @property
    def p95(self) -> float:
        """Return the 95th percentile of the officer's page, in milliseconds."""
        return quantiles(self.officer, n=20)[-1] * 1000


def steps(start: str, token: str, number: int, turn: int) -> list[tuple[str, str, dict[str, str] | None]]:
    """Return the requests that make one junk complaint."""
    told = f"垃圾投诉 {number}-{turn}：随便写写，凑够字数，没有任何事实。"
    return [
        ("GET", start, None),
        ("POST", start, {"told": told, "shown": token}),
        ("POST", "/complain/who/", {"named": "anonymous"}),
        ("POST", "/complain/check/", {}),
    ]


def junk(flood: Flood, port: int, start: str, token: str, *, number: int, of: int, rate: float, until: float) -> None:
    """Be one of the flooding addresses: its share of the requests, each at its own moment."""
    address = f"127.0.{1 + number // 200}.{number % 200 + 1}"
    turn, place, began = 0, 0, time.monotonic()
    browser, waiting = Browser(port, address), steps(start, token, number, 0)
    while (moment := began + (place * of + number) / rate) < until:
        time.sleep(max(0.0, moment - time.monotonic()))
        if not waiting:
            turn += 1
            waiting = steps(start, token, number, turn)
        method, path, fields = waiting.pop(0)
        try:
            status, _to, _page = browser.asks(method, path) if fields is None else browser.posts(path, fields)
        except OSError:
            status = 0
        flood.statuses[status] += 1
        flood.sent += 1
        place += 1


def watch(flood: Flood, port: int, cookie: str, page: str, until: float) -> None:
    """Be the officer: open the list of work again and again, and note how long it takes."""
    browser = Browser(port, "127.0.0.1", {"sessionid": cookie})
    while time.monotonic() < until:
        began = time.monotonic()
        status, _to, _page = browser.asks("GET", page)
        if status != 200:
            raise RuntimeError(f"the officer's page answered {status}")
        flood.officer.append(time.monotonic() - began)
        time.sleep(0.25)


def calm(port: int, cookie: str, page: str, times: int = 20) -> float:
    """Return the 95th percentile of the officer's page before the flood, in milliseconds."""
    quiet = Flood()
    while len(quiet.officer) < times:
        watch(quiet, port, cookie, page, time.monotonic() + 0.05)
    return quiet.p95


def run(
    port: int, start: str, token: str, *, seconds: float, addresses: int, rate: float, officer: tuple[str, str]
) -> Flood:
    """Flood the server for so many seconds with `rate` requests a second; return what came of it."""
    flood = Flood(calm=calm(port, *officer))
    began = time.monotonic()
    until = began + seconds
    threads = [
        threading.Thread(
            target=junk,
            args=(flood, port, start, token),
            kwargs={"number": n, "of": addresses, "rate": rate, "until": until},
        )
        for n in range(addresses)
    ]
    threads.append(threading.Thread(target=watch, args=(flood, port, *officer, until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flood.seconds = time.monotonic() - began
    return flood
