"""/readyz is for everybody: it says what is broken, not where it lives."""

import logging
from collections.abc import Callable

import pytest
from django.test import Client

from portal.web import health

pytestmark = pytest.mark.django_db


def breaks(error: Exception) -> Callable[[], str]:
    def check() -> str:
        raise error

    return check


def test_a_broken_part_is_named_by_the_kind_of_its_error_and_its_text_goes_to_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    error = ConnectionError("redis://portal:secret@10.1.2.3:6379")
    monkeypatch.setitem(health.CHECKS, "broker", (breaks(error), False))
    with caplog.at_level(logging.ERROR, logger="portal.web.health"):
        answer = client.get("/readyz")
    assert answer.json()["parts"]["broker"]["found"] == "ConnectionError"
    assert "10.1.2.3" not in answer.content.decode()
    assert "10.1.2.3" in caplog.text


def test_a_late_part_says_how_late_and_a_needed_one_makes_the_portal_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "calendar", (breaks(health.Late("no working days for 2026")), True))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["calendar"]["found"]) == (503, "no working days for 2026")
