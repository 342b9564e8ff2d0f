"""Whatever the bytes are, each line gets one answer and the next line goes on."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bases.rules import Unlawful
from portal.rehearsal.evaluate import answer, evaluate_line, judge
from portal.rehearsal.json_lines import LineError
from portal.rehearsal.reading import parse, read_carefully, read_quickly
from portal.rehearsal.streaming import answer_all
from tests.factories.histories import GUIZHOU, ORDOS, certified, claim, complaint, internship, line, paid, tenant

GOOD = json.dumps(line(GUIZHOU, "2024-01-01", certified("2023-01-01"))).encode()
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   \t",
        b"\r",
        b"x",
        b"{",
        b"[]",
        b"1",
        b'"id"',
        b"null",
        b"NaN",
        b'{"id": NaN}',
        b'{"id": 1, "policy": Infinity}',
        b'{"id": -Infinity}',
        b"\xff\xfe",
        b'{"id": "\xff"}',
        b'{"id": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf" + GOOD,
        GOOD + b"x",
        GOOD + GOOD,
        GOOD[:-1],
        b'{"id": "a\x01"}',
        b"{'id': 1}",
        b'{"id": 01}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"\x00",
    ],
)
def test_a_line_that_is_no_json_object_has_no_path_and_no_id(raw: bytes) -> None:
    text, understood = answer(raw)
    found = json.loads(text)
    assert (found["id"], found["error"]["path"], understood) == (None, "", False)
    assert found["error"]["message"].endswith("。")


def test_white_space_around_a_line_is_no_matter() -> None:
    assert answer(b" \t" + GOOD + b"\r") == answer(GOOD)


def test_of_duplicate_keys_the_last_wins() -> None:
    doubled = GOOD.replace(b'"policy": ', b'"policy": "x", "policy": ').replace(b'"title": ', b'"title": 1, "title": ')
    assert evaluate_line(doubled) == evaluate_line(GOOD)
    typed = GOOD.replace(b'"type": ', b'"type": "surrendered", "type": ')
    assert evaluate_line(typed) == evaluate_line(GOOD)
    twice = json.loads(evaluate_line(GOOD.replace(b'"id": "t"', b'"id": [1], "id": "z"')))
    assert twice["id"] == "z"


@pytest.mark.parametrize(
    "written", ["1.0", "1e400", "-0.0", "1E-9", "123456789012345678901234567890", "1.10", '"\\u00e9"']
)
def test_an_id_comes_back_as_it_was_written(written: str) -> None:
    good = GOOD.replace(b'"t"', written.encode())
    assert evaluate_line(good).startswith(b'{"id":' + written.encode() + b",")
    bad = json.loads(evaluate_line(good.replace(b"guizhou", b"gansu")), parse_float=str, parse_int=str)
    assert bad["id"] == json.loads(written, parse_float=str, parse_int=str)


def test_half_a_surrogate_pair_comes_back_escaped() -> None:
    raw = GOOD.replace(b'"t"', rb'"\ud800"')
    assert json.loads(evaluate_line(raw))["id"] == "\ud800"
    named = json.dumps(line(GUIZHOU, "2024-01-01", complaint("2023-05-01", "\udfff"))).encode()
    assert "\udfff" in json.loads(evaluate_line(named))["trace"][0]["says"]
    misnamed = json.dumps(line(GUIZHOU, "2024-01-01", certified("2023-05-01", "\ud800"))).encode()
    assert json.loads(evaluate_line(misnamed))["error"]["path"] == "events[0].title"


def test_numbers_of_thousands_of_digits_stop_nothing() -> None:
    digits = "9" * 5000
    as_id = json.loads(evaluate_line(GOOD.replace(b'"t"', digits.encode())), parse_int=str)
    assert as_id["id"] == digits
    parts = line(ORDOS, "2024-01-01", tenant("2023-01-01", "entered"), tenant("2023-02-01", "jobs_added", count=7))
    for count, path in ((digits, "events[1].count"), ("9" * 3999, None)):
        found = json.loads(evaluate_line(json.dumps(parts).replace(": 7}", f": {count}}}").encode()))
        assert found.get("error", {}).get("path") == path
    money = line(ORDOS, "2024-01-01", paid("2023-01-01", "studio_award", "studio", f"{'9' * 3999}.99"))
    assert "error" not in json.loads(evaluate_line(json.dumps(money).encode()))


@pytest.mark.parametrize(
    ("area", "free", "met"),
    [
        ("1e400", "3e399", True),
        ("1e-400", "3e-401", True),
        ("1", "0.29999999999999999999999999", False),
        ("0.3", "0.09", True),
        ("1" + "0" * 3000, "3" + "0" * 2999, True),
    ],
)
def test_areas_are_read_exactly(area: str, free: str, met: bool) -> None:
    base = f'{{"government_developed":true,"area":{area},"free_area":{free}}}'
    raw = f'{{"id":1,"policy":"{ORDOS}","as_of":"2024-01-01","events":[],"base":{base}}}'
    row = json.loads(evaluate_line(raw.encode()))["conditions"][0]
    assert row["met"] is met
    assert row["found"] == "0.3000"


def test_an_area_beyond_computing_is_an_error() -> None:
    raw = f'{{"id":1,"policy":"{ORDOS}","as_of":"2024-01-01","events":[],"base":{{"area":1e99999999999999999999}}}}'
    assert json.loads(evaluate_line(raw.encode()))["error"]["path"] == "base.area"


@pytest.mark.parametrize(("as_of", "granted"), [("9999-12-31", "9998-01-01"), ("9996-01-02", "9996-01-01")])
def test_days_beyond_the_calendar_are_an_error_at_as_of(as_of: str, granted: str) -> None:
    raw = json.dumps(line(GUIZHOU, as_of, certified(granted))).encode()
    assert json.loads(evaluate_line(raw))["error"]["path"] == "as_of"


def test_in_the_last_year_of_the_calendar_there_is_no_next_report() -> None:
    answer = json.loads(evaluate_line(json.dumps(line(GUIZHOU, "9999-12-31", certified("2023-01-01"))).encode()))
    assert [row["duty"] for row in answer["duties"]] == ["assessment", "recertification"]


def test_a_line_of_fifty_megabytes_is_answered_like_any_other() -> None:
    long = b'{"id": 1, "note": "' + b"x" * 50_000_000 + b'"}'
    assert json.loads(evaluate_line(long))["error"]["path"] == "note"
    many = line(GUIZHOU, "2024-01-01", *(complaint("2023-05-01", f"c{number}") for number in range(50_000)))
    assert len(json.loads(evaluate_line(json.dumps(many).encode()))["trace"]) > 50_000


# --- streams ---


def stream(*lines: bytes, end: bytes = b"\n") -> tuple[list[bytes], bool]:
    target = io.BytesIO()
    understood = answer_all(io.BytesIO(b"\n".join(lines) + end), target)
    return target.getvalue().splitlines(), understood


def test_each_line_gets_one_answer_in_order() -> None:
    lines = [GOOD.replace(b'"t"', str(number).encode()) for number in range(300)]
    lines[7], lines[200] = b"", b"{"
    answers, understood = stream(*lines)
    assert answers == [evaluate_line(raw) for raw in lines]
    assert not understood


def test_a_last_line_may_lack_its_end() -> None:
    assert stream(GOOD, GOOD, end=b"")[0] == stream(GOOD, GOOD)[0] == [evaluate_line(GOOD)] * 2
    assert stream(GOOD, b"", end=b"\n")[0][1] == evaluate_line(b"")


def test_no_lines_no_answers() -> None:
    target = io.BytesIO()
    assert answer_all(io.BytesIO(b""), target)
    assert target.getvalue() == b""


@given(st.lists(st.binary(max_size=40).filter(lambda raw: b"\n" not in raw), min_size=1), st.integers(1, 50))
def test_lines_are_the_same_however_they_arrive(lines: list[bytes], size: int) -> None:
    class Slow(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self.content = io.BytesIO(content)

        def read(self, _limit: int = -1) -> bytes:
            return self.content.read(size)

    target = io.BytesIO()
    answer_all(Slow(b"\n".join(lines) + b"\n"), target)  # type: ignore[arg-type]
    assert target.getvalue().splitlines() == [evaluate_line(raw) for raw in lines]


@pytest.mark.slow
def test_memory_stays_flat() -> None:
    class Endless(io.RawIOBase):
        left = 400

        def read(self, _limit: int = -1) -> bytes:
            self.left -= 1
            return (GOOD + b"\n") * 20 if self.left > 0 else b""

    class Nowhere(io.RawIOBase):
        def write(self, text: object) -> int:
            return 0

    answer_all(Endless(), Nowhere())  # type: ignore[arg-type]
    tracemalloc.start()
    answer_all(Endless(), Nowhere())  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def run(raw: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    command = [sys.executable, str(ROOT / "manage.py"), "evaluate", *arguments]
    return subprocess.run(command, input=raw, capture_output=True, cwd=ROOT, env=environment, timeout=120, check=False)


@pytest.mark.slow
def test_the_command_needs_no_database_and_tells_by_its_exit_status() -> None:
    good = run(GOOD + b"\n")
    assert (good.returncode, good.stdout, good.stderr) == (0, evaluate_line(GOOD) + b"\n", b"")
    bad = run(GOOD + b"\n\xff\n" + GOOD + b"\n")
    assert bad.returncode == 1
    assert len(bad.stdout.splitlines()) == 3
    explained = run(GOOD, "--explain")
    assert explained.returncode == 0
    assert "省级创业孵化示范基地：有效" in explained.stdout.decode()


# --- the two ways of reading agree ---

PIECES = [
    GOOD,
    json.dumps(
        line(ORDOS, "2025-01-01", claim("2024-03-01"), internship("2024-08-31", ["2024-05"], "2024-09-01"))
    ).encode(),
    json.dumps(
        line(GUIZHOU, "2024-01-01", {**complaint("2023-05-01", "a"), "fact": None}, base={"area": 1.5, "rules": ["ip"]})
    ).encode(),
]
TOKENS = [
    b"null",
    b"true",
    b"1",
    b"1.0",
    b'""',
    b"[]",
    b"{}",
    b'"2023-02-29"',
    b'"2025-12-31"',
    b'"x"',
    b'"\\ud800"',
    b"-1",
    b"\xff",
    b",",
    b"}",
]


@given(st.sampled_from(PIECES), st.data())
def test_the_quick_way_accepts_only_what_the_careful_way_accepts_and_reads_the_same(
    raw: bytes, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 12)))
        raw = raw[:start] + data.draw(st.sampled_from([*TOKENS, b""])) + raw[end:]
    quick = read_quickly(raw)
    if quick is None:
        return
    try:
        judge(quick)
    except Unlawful:  # the quick way leaves unknown titles to the law
        assert not answer(raw)[1]
        return
    careful = read_carefully(parse(raw))
    assert (quick.law.id, quick.as_of, quick.events, quick.facts) == (
        careful.law.id,
        careful.as_of,
        careful.events,
        careful.facts,
    )
    assert json.loads(bytes(quick.id)) == json.loads(bytes(careful.id))


@given(st.binary(max_size=200))
def test_bytes_never_stop_the_run(raw: bytes) -> None:
    json.loads(evaluate_line(raw))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2024-01-01", GUIZHOU, "certified"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["on", "type", "title", "id", "area", "rules"]) | st.text(max_size=5), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@pytest.mark.slow
@given(
    st.fixed_dictionaries(
        {}, optional={key: JSON for key in ("id", "policy", "as_of", "events", "base", "measurements")}
    )
)
def test_no_json_stops_the_run(parts: dict[str, object]) -> None:
    raw = json.dumps(parts).encode()
    found = json.loads(evaluate_line(raw))
    assert "error" in found or "trace" in found or "targets" in found


def test_a_line_error_keeps_its_sentence() -> None:
    with pytest.raises(LineError, match="空行"):
        parse(b"")
