"""What the demo prints on paper leads to where the demo really is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command

from portal.rehearsal.management.commands import demo


@contextmanager
def _nothing_started(name: str) -> Iterator[dict[str, str]]:
    yield {"DATABASE_URL": "postgres://elsewhere"}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return the steps of a demo that starts nothing, each with the address its letters would print."""
    done: list[tuple[str, str]] = []

    def run(command: Any, words: list[str], env: dict[str, str]) -> None:
        done.append((words[0], env["SITE_URL"]))

    def serve(command: Any, port: int, env: dict[str, str]) -> None:
        done.append((str(port), env["SITE_URL"]))

    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setattr(demo, "services", _nothing_started)
    monkeypatch.setattr(demo.Command, "_run", run)
    monkeypatch.setattr(demo.Command, "_serve", serve)
    return done


def test_a_certificate_of_the_demo_is_checked_at_the_port_it_was_told(
    started: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8100")
    call_command("demo")
    assert {address for _step, address in started} == {"http://127.0.0.1:8100"}
    assert [step for step, _address in started][-2:] == ["demo_load", "8100"]


def test_a_certificate_of_the_demo_is_checked_at_the_port_it_found(
    started: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(demo, "free_port", lambda: 8003)
    call_command("demo")
    assert {address for _step, address in started} == {"http://127.0.0.1:8003"}


def test_an_address_that_was_given_stays(started: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8100")
    monkeypatch.setattr(demo, "services", _given)
    call_command("demo")
    assert {address for _step, address in started} == {"https://portal.example"}


@contextmanager
def _given(name: str) -> Iterator[dict[str, str]]:
    yield {"SITE_URL": "https://portal.example"}
