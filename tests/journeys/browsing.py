"""One person after the other in a real browser: every page they reach is held against the same demands."""

import datetime
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page

from portal.accounts.capacity import SESSION_KEY, Capacity
from portal.deadlines import today

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDE, NARROW = 1366, 360


@dataclass
class Traveller:
    """Opens pages as somebody, looks at each of them, and keeps pictures where PORTAL_SHOTS says."""

    browser: Browser
    site: str
    script: bool
    outside: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def as_(self, capacity: Capacity | None) -> Iterator[Page]:
        """Give a page signed in as a capacity, or as a stranger."""
        context = self.browser.new_context(
            viewport={"width": WIDE, "height": 900},
            locale="zh-CN",
            java_script_enabled=self.script,
            accept_downloads=True,
        )
        if capacity is not None:
            context.add_cookies([{"name": "sessionid", "value": _session(capacity), "url": self.site}])
        page = context.new_page()
        page.on("request", lambda request: self._watch(request.url))
        page.on("response", lambda answer: self.failed.append(answer.url) if answer.status >= 500 else None)
        yield page
        context.close()

    def _watch(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "blob:")):
            self.outside.append(url)

    def look(self, page: Page, name: str) -> None:
        """Hold the page against the demands: accessible, no sideways scrolling on a phone; keep pictures if asked."""
        self.seen.append(name)
        page.wait_for_load_state()  # a click waits until the new page comes, not until it is there
        assert not self.failed
        if self.script:
            found = Axe().run(page, options=RULES).response["violations"]
            assert not [(name, one["id"], one["nodes"][0]["target"]) for one in found]
        folder = os.environ.get("PORTAL_SHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{len(self.seen):02d}-{name}.png", full_page=True)
        if not self.script:
            return
        page.set_viewport_size({"width": NARROW, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways at 360"
        if folder:
            page.screenshot(path=Path(folder) / f"{len(self.seen):02d}-{name}-360.png", full_page=True)
        page.set_viewport_size({"width": WIDE, "height": 900})


def _session(capacity: Capacity) -> str:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=capacity.user_id), backend=BACKEND)
    session = client.session
    session[SESSION_KEY] = capacity.key
    session.save()
    return str(session.session_key)


def press(page: Page, words: str) -> None:
    """Press the button or follow the link of these words."""
    target = page.get_by_role("button", name=re.compile(words)).or_(page.get_by_role("link", name=re.compile(words)))
    with page.expect_navigation():  # a form that saves itself does so before it leaves
        target.first.click()


class Day:
    """The business day of the story; the server of the test runs in this process and asks the same clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: datetime.date) -> None:
        self.monkeypatch = monkeypatch
        self.move(start)

    def move(self, on: datetime.date) -> None:
        """Let it be ten o'clock of another day."""
        self.on = on
        moment = datetime.datetime(on.year, on.month, on.day, 10, tzinfo=today.CHINA)
        self.monkeypatch.setattr(today, "_days_ahead", lambda: 0)
        real = datetime.datetime

        class Frozen(real):  # type: ignore[misc, valid-type]  # the clock of one module stands still
            @classmethod
            def now(cls, tz: Any = None) -> datetime.datetime:
                return moment

        self.monkeypatch.setattr(today, "datetime", Frozen)
