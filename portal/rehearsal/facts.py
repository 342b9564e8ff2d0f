"""Reads what a base states of itself (`base`): yes or no, counts, areas as exact numbers, and a list of codes."""

from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from applications.rules import Fact, Facts
from portal.rehearsal.json_lines import LineError, Number, expect, parse_value, quoted

FLAGS = frozenset(
    (
        "government_developed",
        "independent_operator",
        "service_team",
        "power",
        "water",
        "fire_safety",
        "telecom",
        "network",
        "public_space",
        "shared_office",
        "ready_to_enter",
        "service_standard",
        "staff_listed",
    )
)
COUNTS = frozenset(("tenants", "student_founded"))
AREAS = frozenset(("area", "free_area"))
LISTS = frozenset(("rules",))
KNOWN = FLAGS | COUNTS | AREAS | LISTS

_NOTHING: Facts = MappingProxyType({})
_LONGEST = 10_000  # digits, and powers of ten


def facts_of(base: bytes | object) -> Facts:
    """Return the facts a base states, without those that are null. Raises LineError at the first that is unfit."""
    if base is None or base == b"null":
        return _NOTHING
    raw = parse_value(base) if isinstance(base, bytes) else base
    if not isinstance(raw, dict):
        raise expect("base", raw, "一个 JSON 对象，或不写")
    for key in raw:
        if key not in KNOWN:
            raise LineError(f"base.{key}", f"未知的键 {quoted(key)}；可用：{'、'.join(sorted(KNOWN))}。")
    return {key: _fact(key, value) for key, value in raw.items() if value is not None}


def _fact(key: str, value: Any) -> Fact:
    path = f"base.{key}"
    if key in FLAGS:
        if isinstance(value, bool):
            return value
        raise expect(path, value, "true、false 或 null")
    if key in COUNTS:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise expect(path, value, "不小于 0 的整数，或 null")
    if key in AREAS:
        return _area(path, value)
    if isinstance(value, list) and all(isinstance(code, str) and code for code in value):
        return tuple(value)
    raise expect(path, value, "代码的数组，或 null")


def _area(path: str, value: Any) -> Decimal:
    number = exact_number(value)
    if number is None or number < 0:
        raise expect(path, value, "不小于 0 的数（平方米），或 null")
    return number


def exact_number(value: Any) -> Decimal | None:
    """Return a JSON number as it was written; None for anything else, and for one too long to compute with."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, Number) or len(value.text) > _LONGEST:
        return None
    try:
        number = Decimal(value.text)
    except InvalidOperation:
        return None
    if number == 0:
        return Decimal(0)
    return number if abs(number.adjusted()) <= _LONGEST else None
