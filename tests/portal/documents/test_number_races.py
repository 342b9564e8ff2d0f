"""Two acts take a number at the same moment: with the lock of `take_number`, and as it would be without."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from portal.documents.letters import take_number
from portal.documents.models import LetterSeries
from portal.jurisdictions.models import Jurisdiction
from tests.factories.people import place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

THREADS, EACH = 2, 8
Taker = Callable[[Jurisdiction], int]


def with_the_lock(at: Jurisdiction) -> int:
    return take_number(at, "演示发", 2026)[1]


def without_the_lock() -> Taker:
    """Read, think, write: what one would write first; every thread has read before any of them writes."""
    all_have_read = threading.Barrier(THREADS)

    def take(at: Jurisdiction) -> int:
        series = LetterSeries.objects.get(jurisdiction=at, word="演示发", year=2026)
        all_have_read.wait(10)
        series.last_number += 1
        series.save(update_fields=["last_number"])
        return series.last_number

    return take


def taken(take: Taker, *, undo_every: int = 0) -> list[int]:
    """Let every thread take numbers at once; return those of acts that were committed."""
    at = place("520000")
    barrier = threading.Barrier(THREADS)

    def act(count: int) -> int | None:
        try:
            with transaction.atomic():
                number = take(at)
                if undo_every and count % undo_every == 0:
                    raise KeyError("undone")
                return number
        except KeyError:
            return None

    def work(_thread: int) -> list[int]:
        barrier.wait(10)
        try:
            return [number for count in range(EACH) if (number := act(count + 1)) is not None]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(number for numbers in pool.map(work, range(THREADS)) for number in numbers)


def test_with_the_lock_every_number_is_given_once_and_none_is_lost() -> None:
    assert taken(with_the_lock) == list(range(1, THREADS * EACH + 1))


def test_with_the_lock_undone_acts_leave_no_gap() -> None:
    numbers = taken(with_the_lock, undo_every=3)
    assert numbers == list(range(1, len(numbers) + 1))
    assert LetterSeries.objects.get().last_number == len(numbers)


def test_without_the_lock_every_number_is_given_twice() -> None:
    LetterSeries.objects.create(jurisdiction=place("520000"), word="演示发", year=2026)
    assert taken(without_the_lock()) == [number for number in range(1, EACH + 1) for _thread in range(THREADS)]
