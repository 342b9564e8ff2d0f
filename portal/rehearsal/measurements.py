"""Lines of measurements: what a jurisdiction counted, held against the targets of its policy."""

from collections.abc import Iterator
from typing import Any

import msgspec

from portal.policies.targets import Measurement, TargetRow, evaluate_targets, target_codes
from portal.rehearsal import outcome
from portal.rehearsal.facts import exact_number
from portal.rehearsal.json_lines import LineError, expect, id_of
from portal.rehearsal.laws import Law
from portal.rehearsal.reading import NULL, keys_of, read_day, read_head

_KEYS = ("id", "policy", "as_of", "measurements")
_FIELDS = ("indicator", "on", "value")


def measure(line: dict[str, Any]) -> outcome.Measured:
    """Return how the targets stand. Raises LineError at the first error of form."""
    line_id = id_of(line)
    keys_of(line, "", _KEYS, _KEYS)
    law, as_of = read_head(line)
    try:
        measured = list(_measurements(line["measurements"], law))
    except LineError as error:
        raise error.of(line_id) from None
    rows = evaluate_targets(law.pack, as_of, measured)
    return outcome.Measured(line_id, law.id, as_of, [_row(row) for row in rows])


def _measurements(raw: object, law: Law) -> Iterator[Measurement]:
    if not isinstance(raw, list):
        raise expect("measurements", raw, "测量值的数组")
    for place, one in enumerate(raw):
        yield _measurement(one, f"measurements[{place}]", law)


def _measurement(raw: object, path: str, law: Law) -> Measurement:
    if not isinstance(raw, dict):
        raise expect(path, raw, "一个测量值（JSON 对象）")
    keys_of(raw, path, _FIELDS, _FIELDS)
    codes = target_codes(law.pack)
    if not isinstance(raw["indicator"], str) or raw["indicator"] not in codes:
        raise expect(f"{path}.indicator", raw["indicator"], f"本政策的指标代码：{'、'.join(codes)}")
    on = read_day(raw["on"], f"{path}.on")
    value = exact_number(raw["value"])
    if value is None:
        raise expect(f"{path}.value", raw["value"], "JSON 数字")
    return Measurement(raw["indicator"], on, value)


def _row(row: TargetRow) -> outcome.TargetRow:
    return outcome.TargetRow(row.indicator, _number(row.goal), row.by, _number(row.value), row.met, row.clause)


def _number(value: Any) -> msgspec.Raw:
    return NULL if value is None else msgspec.Raw(str(value).encode())
