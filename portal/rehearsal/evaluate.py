"""The evaluator: a line in, a line out. It only reads, replays and prints; the law is in the apps' rules.

No database, no clock, no settings. `docs/evaluate.md` describes both kinds of line with an example for each pack.
"""

import json
from typing import Any

import msgspec

from bases.rules import Unlawful
from portal.deadlines.holidays import national_calendar
from portal.rehearsal.case import Case
from portal.rehearsal.conclusions import conclude
from portal.rehearsal.json_lines import LineError, id_of, parse
from portal.rehearsal.measurements import measure
from portal.rehearsal.outcome import Failure, Measured, Outcome, Problem
from portal.rehearsal.reading import BY_DAY, Reading, is_measurements, read_carefully, read_quickly
from portal.rehearsal.replay import replay

_ENCODE = msgspec.json.Encoder().encode
_BEYOND = "日期或期限超出可计算的范围（公元9999年）；请核对截止日期和各事件日期。"


def evaluate_line(line: bytes) -> bytes:
    """Return the answer to one line, without a line end. Never raises for whatever the bytes are."""
    return answer(line)[0]


def answer(line: bytes) -> tuple[bytes, bool]:
    """Return the answer to one line and whether the line was understood."""
    reading = read_quickly(line)
    if reading is not None:
        try:
            return _ENCODE(judge(reading)), True
        except (Unlawful, OverflowError):
            pass  # the careful way finds the place
    try:
        return _encoded(_understand(line)), True
    except LineError as error:
        return _encoded(Failure(error.line_id, Problem(error.path, error.message))), False


def judge(reading: Reading) -> Outcome:
    """Return what the law makes of a history. Raises Unlawful, or OverflowError beyond the calendar."""
    events = sorted(reading.events, key=BY_DAY)
    case = Case(reading.law, national_calendar())
    replay(events, case)
    return conclude(case, reading.id, reading.as_of, reading.facts)


def _understand(line: bytes) -> Outcome | Measured:
    parsed = parse(line)
    try:
        if is_measurements(parsed):
            return measure(parsed)
        return _judge_by_place(read_carefully(parsed))
    except LineError as error:
        raise error.of(id_of(parsed)) from None


def _judge_by_place(reading: Reading) -> Outcome:
    """Judge a history event by event, so that the first that cannot be is named by its place in the file."""
    case = Case(reading.law, national_calendar())
    try:
        for place in sorted(range(len(reading.events)), key=lambda place: reading.events[place].on):
            try:
                replay((reading.events[place],), case)
            except Unlawful as refusal:
                raise LineError(f"events[{place}]", refusal.message) from None
        return conclude(case, reading.id, reading.as_of, reading.facts)
    except OverflowError:
        raise LineError("as_of", _BEYOND) from None


def _encoded(result: Outcome | Measured | Failure) -> bytes:
    try:
        return _ENCODE(result)
    except UnicodeEncodeError:  # half a surrogate pair somewhere in a name can only be written escaped
        return _escaped(result)


def _escaped(result: Outcome | Measured | Failure) -> bytes:
    rest: dict[str, Any] = {
        field: msgspec.to_builtins(getattr(result, field)) for field in result.__struct_fields__ if field != "id"
    }
    return b'{"id":' + bytes(result.id) + b"," + json.dumps(rest).encode()[1:]
