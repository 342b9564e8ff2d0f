"""The JSON Schemas in docs/ are what the evaluator reads and writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from portal.rehearsal.schemas import schemas
from tests.factories.histories import GUIZHOU, ORDOS, answered, certified, line
from tests.portal.rehearsal.test_form import WHOLE

DOCS = Path(__file__).resolve().parents[3] / "docs"
MADE = schemas()


def valid(name: str, instance: Any) -> None:
    Draft202012Validator(MADE[name]).validate(instance)


@pytest.mark.parametrize("name", MADE)
def test_the_file_is_what_the_records_say(name: str) -> None:
    assert json.loads((DOCS / name).read_text(encoding="utf-8")) == MADE[name]
    Draft202012Validator.check_schema(MADE[name])


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: event["type"])
def test_every_event_fits_the_schema(event: dict[str, Any]) -> None:
    valid(
        "evaluate.history.schema.json",
        line(ORDOS, "2024-12-31", event, base={"area": 1.5, "rules": ["ip"], "power": None}),
    )


@pytest.mark.parametrize("wrong", [{"type": "sold"}, {"more": 1}, {"on": None}, {"title": 1}])
def test_a_wrong_event_does_not(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        valid("evaluate.history.schema.json", line(ORDOS, "2024-12-31", {**certified("2023-01-01"), **wrong}))


def test_answers_fit_the_schema() -> None:
    measured = {"id": 1, "policy": GUIZHOU, "as_of": "2024-01-01", "measurements": []}
    valid("evaluate.measurements.schema.json", measured)
    for parts in (measured, line(GUIZHOU, "2024-01-01", certified("2023-01-01")), line("x", "2024-01-01")):
        valid("evaluate.answer.schema.json", answered(parts))
