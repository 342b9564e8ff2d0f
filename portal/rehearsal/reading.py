"""Reads one line of the evaluator: quickly where it is well formed, else carefully, to say where and what is wrong.

Both ways end in the same `Reading`. The quick way gives up at the first doubt and leaves the verdict to the careful
one, which looks for the first error of form in the order of the contract (`docs/evaluate.md`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, get_args

import msgspec

from applications.rules import Facts
from portal.rehearsal import history as h
from portal.rehearsal.facts import facts_of
from portal.rehearsal.json_lines import LineError, NotJson, expect, id_of, parse, quoted
from portal.rehearsal.laws import Law, earliest_wage_month, known_awards, laws

FIRST_DAY = date(1949, 1, 1)
NULL = msgspec.Raw(b"null")
BY_DAY = attrgetter("on")

_AMOUNT = re.compile(r"[0-9]{1,4000}\.[0-9]{2}")
_HISTORY = msgspec.json.Decoder(h.History)
_KEYS = ("id", "policy", "as_of", "base", "events")
_REQUIRED = ("id", "policy", "as_of", "events")


@dataclass(slots=True)
class Reading:
    """A history that is well formed: its law, its events as they stood in the file, and what the base stated."""

    id: msgspec.Raw
    law: Law
    as_of: date
    events: list[h.AnyEvent]
    facts: Facts


# --- what needs the packs or the day to be checked ---

Check = Callable[[Any, Law, date], str | None]


def _day(value: date, _law: Law, as_of: date) -> str | None:
    if value > as_of:
        return f"日期 {value} 晚于截止日期 {as_of}；请改正日期或截止日期。"
    return f"日期 {value} 早于 1949-01-01；请核对年份。" if value < FIRST_DAY else None


def _title(value: str, law: Law, _as_of: date) -> str | None:
    if value in law.titles:
        return None
    return f"本政策没有称号 {quoted(value)}；可用：{'、'.join(law.titles)}。"


def _award(value: str, _law: Law, _as_of: date) -> str | None:
    return None if value in known_awards() else f"没有补助 {quoted(value)}；可用：{'、'.join(sorted(known_awards()))}。"


def _months(value: tuple[str, ...], _law: Law, _as_of: date) -> str | None:
    early = [month for month in value if month < earliest_wage_month()]
    return f"见习月份 {early[0]} 早于 {earliest_wage_month()}，没有当月的最低工资标准。" if early else None


def _registered(value: date | None, _law: Law, as_of: date) -> str | None:
    if value is None or value <= as_of:
        return None
    return f"登记日期 {value} 晚于截止日期 {as_of}；请改正，或写 null。"


@lru_cache(maxsize=10_000)
def _amount(value: str) -> str | None:
    if _AMOUNT.fullmatch(value):
        return None
    return f"现为 {quoted(value)}，应为数字、小数点和两位小数，例如 500000.00；请改正。"


_CHECKS: dict[str, Check] = {
    "title": _title,
    "award": _award,
    "amount": lambda value, _law, _as_of: _amount(value),
    "months": _months,
    "registered_on": _registered,
}
_LONGEST_ORDER = date.max.toordinal()


def _grammar(cls: type[h.Event]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(cls)}


EVENTS: dict[str, type[h.Event]] = {str(cls.__struct_config__.tag): cls for cls in get_args(h.AnyEvent)}
_GRAMMAR = {cls: _grammar(cls) for cls in EVENTS.values()}
# What the quick way must check; an unknown title it meets soon enough, when the law is asked for it.
_CHECKED = {
    cls: tuple(
        (attrgetter(name), check) for name, check in _CHECKS.items() if name in _GRAMMAR[cls] and name != "title"
    )
    for cls in EVENTS.values()
}
_TO_CHECK = {cls: checks for cls, checks in _CHECKED.items() if checks}


def _too_long(event: h.Event) -> bool:
    """Tell whether a rectification order runs beyond the year 9999."""
    if not isinstance(event, h.RectificationOrdered) or event.days is None:
        return False
    return event.on.toordinal() + event.days > _LONGEST_ORDER


# --- the quick way ---


def read_quickly(line: bytes) -> Reading | None:
    """Return a well-formed history; None at any doubt, for the careful way to judge."""
    try:
        if not line.isascii():
            line.decode()
        history = _HISTORY.decode(line)
        law = laws()[history.policy]
        facts = facts_of(bytes(history.base))
    except (msgspec.DecodeError, ValueError, KeyError, RecursionError, LineError):
        return None
    line_id = bytes(history.id)
    if line_id[0] in b"{[" or not _sound(history.events, law, history.as_of):
        return None
    return Reading(history.id, law, history.as_of, history.events, facts)


def _sound(events: list[h.AnyEvent], law: Law, as_of: date) -> bool:
    """Tell whether nothing in the events gives rise to a doubt. Called for every history: plain loops are quickest."""
    for event in events:
        if not FIRST_DAY <= event.on <= as_of:
            return False
        for value_of, check in _TO_CHECK.get(type(event), ()):
            if check(value_of(event), law, as_of) is not None:
                return False
        if type(event) is h.RectificationOrdered and _too_long(event):
            return False
    return True


# --- the careful way ---


def is_measurements(line: dict[str, Any]) -> bool:
    """Tell which of the two kinds of line it is."""
    return "measurements" in line and "events" not in line


def read_carefully(line: dict[str, Any]) -> Reading:
    """Return the history of a parsed line. Raises LineError at its first error of form."""
    line_id = id_of(line)
    keys_of(line, "", _KEYS, _REQUIRED)
    law, as_of = read_head(line)
    try:
        facts = facts_of(line.get("base"))
        events = line["events"]
        if not isinstance(events, list):
            raise expect("events", events, "事件的数组")
        read = [_event(raw, f"events[{place}]", law, as_of) for place, raw in enumerate(events)]
    except LineError as error:
        raise error.of(line_id) from None
    return Reading(line_id, law, as_of, read, facts)


def read_head(line: dict[str, Any]) -> tuple[Law, date]:
    """Return the law and the day of a line. Raises LineError at `id`, `policy` or `as_of`."""
    if isinstance(line["id"], dict | list):
        raise expect("id", line["id"], "字符串、数字、true、false 或 null")
    policy = line["policy"]
    if not isinstance(policy, str) or policy not in laws():
        raise expect("policy", policy, f"政策包编号：{'、'.join(laws())}")
    return laws()[policy], read_day(line["as_of"], "as_of")


def read_day(raw: object, path: str) -> date:
    """Return a date written as 2027-03-01. Raises LineError for another form, or a day that does not exist."""
    try:
        if isinstance(raw, str):
            return msgspec.convert(raw, date)
    except ValueError:
        pass
    raise expect(path, raw, "真实存在的日期，写作 2027-03-01")


def keys_of(raw: dict[str, Any], path: str, known: tuple[str, ...], required: tuple[str, ...]) -> None:
    """Raise LineError at the first unknown key, in the order of the file, else at the first missing one."""
    dot = f"{path}." if path else ""
    for key in raw:
        if key not in known:
            raise LineError(f"{dot}{key}", f"未知的键 {quoted(key)}；可用：{'、'.join(known)}。")
    for key in required:
        if key not in raw:
            raise LineError(f"{dot}{key}", f"缺少键 {key}；请补上。")


def _event(raw: object, path: str, law: Law, as_of: date) -> h.AnyEvent:
    if not isinstance(raw, dict):
        raise expect(path, raw, "一个事件（JSON 对象）")
    cls = _kind(raw, path)
    grammar = _GRAMMAR[cls]
    required = tuple(name for name, field in grammar.items() if field.required)
    keys_of(raw, path, ("type", *grammar), required)
    values = dict(_values(raw, path, cls, law, as_of))
    event = cls(**values)
    if _too_long(event):
        raise LineError(f"{path}.days", "整改期限过长，超出可计算的日期；请核对天数。")
    return event  # type: ignore[return-value]  # every class in EVENTS is a member of the union AnyEvent


def _kind(raw: dict[str, Any], path: str) -> type[h.Event]:
    for key in ("on", "type"):
        if key not in raw:
            raise LineError(f"{path}.{key}", f"缺少键 {key}；请补上。")
    kind = raw["type"]
    if not isinstance(kind, str) or kind not in EVENTS:
        raise expect(f"{path}.type", kind, f"事件类型：{'、'.join(EVENTS)}")
    return EVENTS[kind]


def _values(raw: dict[str, Any], path: str, cls: type[h.Event], law: Law, as_of: date) -> Iterator[tuple[str, Any]]:
    for name, written in raw.items():
        if name == "type":
            continue
        place = f"{path}.{name}"
        if name == "on":
            value: Any = read_day(written, place)
            problem = _day(value, law, as_of)
        else:
            value = _value(written, _GRAMMAR[cls][name].type, place)
            check = _CHECKS.get(name)
            problem = check(value, law, as_of) if check is not None else None
        if problem is not None:
            raise LineError(place, problem)
        yield name, value


def _value(written: object, wanted: Any, place: str) -> Any:
    try:
        return msgspec.convert(written, wanted)
    except (msgspec.ValidationError, ValueError):
        raise expect(place, written, _wanted(place)) from None


_WANTED = {
    "title": "称号代码（字符串）",
    "outcome": "renewed 或 refused",
    "verdict": "pass 或 fail",
    "ground": "fraud 或 service_breach；撤销步骤的事由还有 complaints 和 rectification_failed",
    "days": "不小于 1 的整数，或 null",
    "count": "不小于 1 的整数",
    "employees": "不小于 0 的整数",
    "beneficiary": "operator、tenant、founder、person、project 或 studio",
    "board": "regional 或 neeq",
    "months": "月份的数组，每项写作 2024-10",
    "registered_on": "真实存在的日期，写作 2027-03-01，或 null",
    "group": "文字",
    "fact": "不为空的文字，或 null",
    "of": "不为空的文字，或 null",
    "partly": "true、false 或 null",
}
_FLAGS = frozenset(
    (
        "named",
        "service_recipient",
        "granted",
        "first_success",
        "tax_normal",
        "normal_operation",
        "host",
        "graduate_within_5y",
    )
)


def _wanted(place: str) -> str:
    name = place.rpartition(".")[2]
    if name == "amount":
        return "金额字符串，数字、小数点和两位小数；项目资助只有 10000.00、20000.00、50000.00、80000.00"
    return "true 或 false" if name in _FLAGS else _WANTED.get(name, "不为空的文字")


__all__ = [
    "NotJson",
    "Reading",
    "is_measurements",
    "keys_of",
    "parse",
    "read_carefully",
    "read_day",
    "read_head",
    "read_quickly",
]
