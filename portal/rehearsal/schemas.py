"""The JSON Schemas of the evaluator's lines, made from the records that read and write them.

`docs/evaluate.*.schema.json` hold the result; a test fails when they are not what this module says.
"""

from typing import Any

import msgspec

from portal.rehearsal import facts
from portal.rehearsal import history as h
from portal.rehearsal.laws import laws
from portal.rehearsal.outcome import Failure, Measured, Outcome

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_NUMBER: dict[str, Any] = {"type": "number"}
_DAY: dict[str, Any] = {"type": "string", "format": "date"}


def schemas() -> dict[str, dict[str, Any]]:
    """Return each schema by the name of its file."""
    return {
        "evaluate.history.schema.json": history_schema(),
        "evaluate.measurements.schema.json": measurements_schema(),
        "evaluate.answer.schema.json": answer_schema(),
    }


def history_schema() -> dict[str, Any]:
    """Return the schema of a line that tells the history of one base."""
    (event,), definitions = msgspec.json.schema_components([h.AnyEvent])
    line = _closed(
        {
            "id": _SCALAR,
            "policy": {"enum": list(laws())},
            "as_of": _DAY,
            "events": {"type": "array", "items": {**event, "$comment": "按 on 先后取用；同日依文件次序"}},
        }
    )
    line["properties"]["base"] = {"anyOf": [{"type": "null"}, _base()]}
    return _ruled({**line, "$defs": _portable(definitions)}, "一个基地的经历（一行）")


def measurements_schema() -> dict[str, Any]:
    """Return the schema of a line of measurements."""
    one = _closed({"indicator": {"type": "string", "minLength": 1}, "on": _DAY, "value": _NUMBER})
    many = {"type": "array", "items": one}
    line = _closed({"id": _SCALAR, "policy": {"enum": list(laws())}, "as_of": _DAY, "measurements": many})
    return _ruled(line, "一个地区的指标测量值（一行）")


def answer_schema() -> dict[str, Any]:
    """Return the schema of an answer: to a history, to measurements, or to a line that was not understood."""
    kinds, definitions = msgspec.json.schema_components([Outcome, Measured, Failure])
    for name in ("Outcome", "Measured", "Failure"):
        definitions[name]["properties"]["id"] = _SCALAR
        definitions[name]["additionalProperties"] = False
    for key in ("goal", "value"):
        definitions["TargetRow"]["properties"][key] = {"type": ["number", "null"]}
    definitions = {name.rpartition(".")[2]: definition for name, definition in definitions.items()}
    return _ruled({"anyOf": list(kinds), "$defs": definitions}, "回答（一行）")


def _base() -> dict[str, Any]:
    flag = {"type": ["boolean", "null"]}
    count = {"type": ["integer", "null"], "minimum": 0}
    area = {"type": ["number", "null"], "minimum": 0}
    codes = {"type": ["array", "null"], "items": {"type": "string", "minLength": 1}}
    kinds = ((facts.FLAGS, flag), (facts.COUNTS, count), (facts.AREAS, area), (facts.LISTS, codes))
    properties = {name: kind for names, kind in kinds for name in sorted(names)}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _portable(schema: Any) -> Any:
    """Return a schema with the ends of patterns written as every validator reads them."""
    if isinstance(schema, dict):
        return {key: _portable(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_portable(value) for value in schema]
    return schema.replace(r"\A", "^").replace(r"\Z", "$") if isinstance(schema, str) else schema


def _ruled(schema: dict[str, Any], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **schema}
