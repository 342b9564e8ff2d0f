"""How fast histories are judged: one process, one core, lines streamed. `manage.py evaluate --pace N`."""

import json
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from portal.rehearsal.streaming import answer_all

_AS_OF = "2030-06-30"
_FIRST = date(2022, 8, 1)
_CHUNK = 1_000  # histories judged at a time, so that neither lines nor answers pile up
_LENGTHS = (3, 6, 12, 24, 48, 96, 192)
_EVENTS = 12
_TICK = 1e-6  # seconds; a coarse clock may not have moved at all


@dataclass(frozen=True)
class Pace:
    """A measurement: so many histories of so many events each took so many seconds of CPU and of the clock."""

    events: int
    histories: int
    cpu: float
    wall: float

    @property
    def per_second(self) -> float:
        """Histories judged in a second of CPU."""
        return self.histories / max(self.cpu, _TICK)

    @property
    def per_event(self) -> float:
        """Microseconds of CPU for each event."""
        return self.cpu * 1e6 / self.histories / self.events


def measure(histories: int, events: int) -> Pace:
    """Judge so many made-up histories and throw the answers away. Making the histories up is not measured."""
    source = made_up(events)
    cpu = wall = 0.0
    with open(os.devnull, "wb") as nowhere:
        for first in range(0, histories, _CHUNK):
            size = min(_CHUNK, histories - first)
            lines = BytesIO(b"".join(next(source) for _ in range(size)))
            before, clock = time.process_time(), time.perf_counter()
            answer_all(lines, nowhere)
            cpu, wall = cpu + time.process_time() - before, wall + time.perf_counter() - clock
    return Pace(events, histories, cpu, wall)


def report(histories: int) -> Iterator[str]:
    """Yield the lines of a report: the pace at twelve events, its growth with the events, and the memory."""
    measure(_CHUNK, _EVENTS)
    before = _memory()
    main = measure(histories, _EVENTS)
    yield f"{main.histories} 行、每行 {_EVENTS} 个事件：处理器 {main.cpu:.1f} 秒，时钟 {main.wall:.1f} 秒，"
    yield f"每秒 {main.per_second:.0f} 行（按处理器时间）。内存峰值增加 {_memory() - before:.1f} MB。"
    yield ""
    yield "| 每行事件数 | 行数 | 每秒行数 | 每个事件微秒 |"
    yield "|---|---|---|---|"
    for events in _LENGTHS:
        one = measure(max(200, histories // 10 * _EVENTS // events // 10 * 10), events)
        yield f"| {events} | {one.histories} | {one.per_second:.0f} | {one.per_event:.2f} |"


def made_up(events: int, seed: int = 20220722) -> Iterator[bytes]:
    """Yield lines without end: lawful lives of provincial bases, some of which end in a revocation."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        life = _life(chance, events)
        line = {"id": number, "policy": "guizhou-2022", "as_of": _AS_OF, "events": life}
        yield json.dumps(line).encode() + b"\n"


def _life(chance: random.Random, events: int) -> list[dict[str, Any]]:
    day = _FIRST + timedelta(days=chance.randrange(400))
    city = day - timedelta(days=chance.randrange(30, 400))
    life = [_at(city, "certified", title="city"), _at(day, "certified", title="provincial")]
    while len(life) < events:
        day += timedelta(days=chance.randrange(1, max(2, 1000 // events)))
        life += _revoked(day) if len(life) == events - 4 and chance.random() < 0.5 else [_something(chance, day, life)]
    return life[:events]


def _something(chance: random.Random, day: date, life: list[dict[str, Any]]) -> dict[str, Any]:
    kind = chance.random()
    if kind < 0.5:
        complaint = {"complaint": f"c{len(life)}", "named": chance.random() < 0.8, "service_recipient": True}
        return _at(day, "complaint_upheld", **complaint, fact=chance.choice([None, "a", "b", "c"]))
    if kind < 0.75:
        return _at(day, "assessed", title="provincial", verdict="pass")
    return _at(day, "award_paid", award="provincial_award", beneficiary="operator", amount="50000.00")


def _revoked(day: date) -> list[dict[str, Any]]:
    ground = {"title": "provincial", "ground": "fraud"}
    return [
        _at(day, "misconduct_established", ground="fraud"),
        _at(day + timedelta(days=1), "prior_notice_served", **ground),
        _at(day + timedelta(days=15), "revocation_decided", **ground),
        _at(day + timedelta(days=18), "revocation_served", **ground),
    ]


def _at(day: date, kind: str, **fields: Any) -> dict[str, Any]:
    return {"on": str(day), "type": kind, **fields}


def _memory() -> float:
    """Return the largest memory this process has held so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)
