"""The worked examples in docs/evaluate.md are what the evaluator says."""

import json
import re
from pathlib import Path

import pytest

from portal.rehearsal.evaluate import evaluate_line
from portal.rehearsal.explain import explained
from portal.rehearsal.laws import laws

DOC = (Path(__file__).resolve().parents[3] / "docs" / "evaluate.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n```text\n(.*?)```", DOC, flags=re.DOTALL)


def test_every_policy_has_an_example() -> None:
    assert {json.loads(written)["policy"] for written, _ in EXAMPLES} == set(laws())


@pytest.mark.parametrize(("written", "expected"), EXAMPLES, ids=lambda part: part.split("\n")[1].strip(' ",')[:30])
def test_an_example_is_what_the_evaluator_says(written: str, expected: str) -> None:
    answer = json.loads(evaluate_line(json.dumps(json.loads(written)).encode()))
    assert explained(answer) == expected


def test_the_worked_sums_of_the_rules_are_among_them() -> None:
    answers = [json.loads(evaluate_line(json.dumps(json.loads(written)).encode())) for written, _ in EXAMPLES]
    rows = [row for answer in answers if answer["policy"].startswith("ordos") for row in answer["awards"]]
    assert sum(float(row["payable"]) for row in rows if row["award"] == "incubation_subsidy") == 25000
    assert [row["payable"] for row in rows if row["award"] == "internship_subsidy"] == ["5100.00"]


def test_an_error_reads_as_a_sentence() -> None:
    answer = json.loads(evaluate_line(b'{"id": 7, "policy": "x", "as_of": "2024-01-01", "events": []}'))
    assert explained(answer) == f"未能理解（id：7）\n  位置 policy：{answer['error']['message']}\n"
