"""The order in which the demo's stories are played: by their days, as they would have happened.

Each story is an iterator that yields a day and, when it is resumed, does what falls on that day. Run side by side, no
letter of a bureau has a later number and an earlier date.
"""

import datetime
import heapq
from collections.abc import Iterable, Iterator


def side_by_side(stories: Iterable[Iterator[datetime.date]]) -> Iterator[datetime.date]:
    """Run stories as one, the earliest day first; on the same day in the order in which they are given.

    What a story does before its first day is done at once, in the order in which they are given.
    """
    waiting: list[tuple[datetime.date, int, Iterator[datetime.date]]] = []
    for number, story in enumerate(stories):
        _put(waiting, number, story)
    while waiting:
        day, number, story = heapq.heappop(waiting)
        yield day
        _put(waiting, number, story)


def _put(
    waiting: list[tuple[datetime.date, int, Iterator[datetime.date]]], number: int, story: Iterator[datetime.date]
) -> None:
    day = next(story, None)
    if day is not None:
        heapq.heappush(waiting, (day, number, story))
