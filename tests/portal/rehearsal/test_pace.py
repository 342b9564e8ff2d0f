"""The made-up histories of the benchmark are lawful, and its report can be read."""

import itertools

import pytest

from portal.rehearsal.evaluate import answer
from portal.rehearsal.pace import made_up, report


@pytest.mark.parametrize("events", [3, 6, 12, 48])
def test_made_up_histories_are_lawful_and_of_the_length_asked_for(events: int) -> None:
    for line in itertools.islice(made_up(events), 200):
        assert answer(line)[1], line
        assert line.count(b'"type"') == events


def test_the_report_tells_pace_growth_and_memory() -> None:
    lines = list(report(10))
    assert "每秒" in lines[1]
    assert "内存" in lines[1]
    assert len(lines) == 12
