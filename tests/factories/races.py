"""Two at once, on real connections; and the same acts as one would write them first, without what holds others off."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet

from portal.audit.chain import GENESIS
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.states import HasStatus

TRIALS = int(os.environ.get("RACE_TRIALS", "3"))  # 30 for the figure that is reported
_numbers = count(1_000_000)


def blank_paper(letter: Letter) -> bytes:
    """Stand in for the PDF maker (settings.LETTER_WRITER) where it is not what is tested."""
    return f"%PDF-1.4 {letter.reference}".encode()


@contextmanager
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make every row lock a plain read: the negative control."""
    with monkeypatch.context() as patched:
        patched.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
        yield


@contextmanager
def without_any_guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave out the row locks and all else that happens to put acts one behind the other.

    That is the comparison of the status with what was read, the chain of the trail and the series of numbers.
    """

    def overwrite(self: HasStatus, status: str, **stamps: Any) -> HasStatus:
        for field, value in {"status": status, **stamps}.items():
            setattr(self, field, value)
        type(self)._base_manager.filter(pk=self.pk).update(status=status, **stamps)
        return self

    def take(at: object, word: str, year: int) -> tuple[None, int]:
        return None, next(_numbers)

    places = count(1 + max(AuditEvent.objects.values_list("seq", flat=True), default=0))
    with without_locks(monkeypatch), monkeypatch.context() as patched:
        patched.setattr(HasStatus, "advance", overwrite)
        patched.setattr("portal.audit.recording._lock_head", lambda chain: (next(places), GENESIS))
        for place in ("portal.documents.letters", "bases.actions.revoking", "bases.actions.certifying"):
            patched.setattr(f"{place}.take_number", take)
        yield


@dataclass
class Meeting:
    """Where two acts meet that have both read and checked, and neither has written."""

    passed: int = 0


def both_past(monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str) -> Meeting:
    """Let nobody go into a function before two have come to it; return how many came."""
    meeting, gate, act = Meeting(), threading.Barrier(2), getattr(module, function)

    def together(*args: Any, **kwargs: Any) -> Any:
        gate.wait(30)
        meeting.passed += 1
        return act(*args, **kwargs)

    monkeypatch.setattr(module, function, together)
    return meeting


def both_know(monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str) -> Meeting:
    """Let nobody come back from a function before two have its answer; return how many came."""
    meeting, gate, act = Meeting(), threading.Barrier(2), getattr(module, function)

    def together(*args: Any, **kwargs: Any) -> Any:
        answer = act(*args, **kwargs)
        gate.wait(30)
        meeting.passed += 1
        return answer

    monkeypatch.setattr(module, function, together)
    return meeting


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Run the acts on connections of their own, started together; return what each raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as problem:
            raised[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def names(raised: list[BaseException | None]) -> list[str]:
    """Return what was raised, by name, in order."""
    return sorted(type(each).__name__ for each in raised)
