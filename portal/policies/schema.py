"""Reads a section of a policy pack into the frozen dataclass that an app declares for it.

The annotations of the dataclass are the whole schema::

    @dataclass(frozen=True)
    class ComplaintPolicy:
        SECTION: ClassVar[str] = "complaints"
        limit: Value[AtLeastOne]
        window: Value[Literal["certification_period", "rolling_12_months"]]

and the pack writes ``limit = { value = 3, clause = "GZ-27", ambiguity = "G-01" }`` in its table ``[complaints]``.
Everything wrong with a table is collected and reported at once, each problem with its path, what was found,
what is expected and how to mend it. Plain Python: no Django, no clock, no database.
"""

import difflib
import enum
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from portal.policies.problems import PackError, Problem, Unfit, did_you_mean, shown

__all__ = [
    "AtLeastOne",
    "Between",
    "Code",
    "Matches",
    "Money",
    "NonEmpty",
    "NotNegative",
    "PackError",
    "Problem",
    "Reader",
    "Ruled",
    "Share",
    "Unfit",
    "Value",
    "read_section",
    "read_value",
]

T = TypeVar("T")
S = TypeVar("S")

AMBIGUITY_ID = re.compile(r"[A-Z]-\d{1,3}")


@dataclass(frozen=True)
class Ruled:
    """That a bureau fixed a value by its own decision: `outcome` (confirmed, changed), and since which day."""

    outcome: str
    on: date


@dataclass(frozen=True)
class Value(Generic[T]):
    """One number, date, word or amount of a policy, with the clause that says so.

    ``assumed`` marks what the source leaves open and the system filled in, ``ambiguity`` the id of the question it
    answers and ``because`` the reasoning, for the bureau to confirm or change. An unset value is ``None``.
    ``ruled`` says that the bureau has done so: what it holds to is then its own decision, not the clause's word.
    """

    value: T
    clause: str
    assumed: bool = False
    ambiguity: str | None = None
    because: str = ""
    ruled: Ruled | None = None


@dataclass(frozen=True)
class Between:
    """A range for a number, both ends included (民法典 1259); an end that is ``None`` is open."""

    low: Decimal | int | None = None
    high: Decimal | int | None = None

    def __contains__(self, number: Decimal | int) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        if self.high is None:
            return f"不小于 {self.low}"
        return f"不大于 {self.high}" if self.low is None else f"{self.low} 至 {self.high} 之间（含）"


@dataclass(frozen=True)
class Matches:
    """A shape for a text; ``says`` puts the pattern into words."""

    pattern: str
    says: str

    def __contains__(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None

    def __str__(self) -> str:
        return self.says


# A number beyond these is a slip of the keyboard, and a term or an amount reckoned from it would leave the calendar or
# the column it is kept in.
MOST = 1000
MOST_MONEY = 10_000_000_000
MOST_DIGITS = 15

AtLeastOne = Annotated[int, Between(1, MOST)]
NotNegative = Annotated[int, Between(0, MOST)]
Money = Annotated[Decimal, Between(0, MOST_MONEY)]
Share = Annotated[Decimal, Between(0, 1)]
Code = Annotated[str, Matches(r"[a-z][a-z0-9_]*", "小写字母开头、由小写字母、数字和下划线组成的代码")]
NonEmpty = Annotated[str, Matches(r"[\s\S]*\S[\s\S]*", "不为空的文字")]

_EXPECTED: dict[type, str] = {
    int: "整数，例如 3",
    str: "加引号的文字",
    bool: "true 或 false",
    Decimal: '加引号的十进制数，例如 "500000.00"',
    date: "日期，例如 2022-07-22",
}
_VALUE_KEYS = ("value", "unset", "clause", "assumed", "ambiguity", "because")
_ABSENT = object()


def read_section(cls: type[S], table: Mapping[str, object], path: str = "", known: Iterable[str] | None = None) -> S:
    """Return ``table`` as an instance of the frozen dataclass ``cls``.

    ``path`` prefixes the paths of problems; ``known`` are the clause and source ids a value may cite (all, if None).
    Raises PackError with every problem found, never half an object.
    """
    reader = Reader(known)
    section = reader.table(cls, table, path)
    if reader.problems:
        raise PackError(*reader.problems)
    return cast(S, section)


def read_value(annotation: object, raw: object, path: str, known: Iterable[str] | None = None) -> object:
    """Return one raw TOML value as ``annotation`` demands; raises PackError with every problem found."""
    reader = Reader(known)
    value = reader.read(annotation, raw, path)
    if reader.problems:
        raise PackError(*reader.problems)
    return value


class Reader:
    """Walks a raw table along the annotations of a dataclass and collects every problem on the way.

    ``seen`` keeps the path of every cited value that was read, with the annotation of its content.
    """

    def __init__(self, known: Iterable[str] | None = None) -> None:
        self.known = None if known is None else frozenset(known)
        self.problems: list[Problem] = []
        self.seen: dict[str, tuple[object, Value[object]]] = {}

    def report(self, path: str, found: str, expected: str, fix: str) -> object:
        """Note a problem and return the marker for a value that could not be read."""
        self.problems.append(Problem(path, found, expected, fix))
        return _ABSENT

    def read(self, annotation: object, raw: object, path: str) -> object:
        """Return ``raw`` as ``annotation`` demands, or the absent marker after noting the problem."""
        origin = get_origin(annotation)
        if origin is Annotated:
            base, *limits = get_args(annotation)
            return self._within(self.read(base, raw, path), limits, path)
        if origin in (Union, types.UnionType):
            return self._either(annotation, raw, path)
        if origin is Value:
            return self._value(get_args(annotation)[0], raw, path)
        if origin is Literal:
            return self._choice(get_args(annotation), raw, path)
        if origin in (tuple, list):
            return self._array(get_args(annotation)[0], raw, path)
        if origin in (dict, Mapping):
            return self._named(get_args(annotation)[1], raw, path)
        return self._plain(cast(type, annotation), raw, path)

    def table(self, cls: type, raw: object, path: str) -> object:
        """Return ``raw`` as an instance of the dataclass ``cls``."""
        if not isinstance(raw, Mapping):
            return self.report(path, shown(raw), "一张表", f"请写成 [{path}] 或 {{ … }}。")
        before = len(self.problems)
        hints = get_type_hints(cls, include_extras=True)
        wanted = {field.name: field for field in fields(cls) if field.init}
        self._unknown_keys(raw, list(wanted), path)
        read: dict[str, object] = {}
        for name, field in wanted.items():
            if name in raw:
                read[name] = self.read(hints[name], raw[name], _join(path, name))
                if is_citation(name):
                    self._exists(read[name], _join(path, name))
            elif field.default is MISSING and field.default_factory is MISSING:
                read[name] = self._missing(hints[name], _join(path, name))
        return _ABSENT if len(self.problems) > before else self._build(cls, read, path)

    def _build(self, cls: type, read: dict[str, object], path: str) -> object:
        try:
            return cls(**read)
        except Unfit as unfit:
            return self.report(_join(path, unfit.field), unfit.found, unfit.expected, unfit.fix)

    def _unknown_keys(self, raw: Mapping[str, object], wanted: list[str], path: str) -> None:
        for key in raw:
            if key not in wanted:
                hint = did_you_mean(key, [name for name in wanted if name not in raw] or wanted)
                self.report(_join(path, key), "未知的键", "本节规定的键", f"{hint}不需要时删去这一行。")

    def _missing(self, annotation: object, path: str) -> object:
        if type(None) in get_args(annotation):
            return None
        return self.report(path, "缺少这个键", _wanted(annotation), f"请补上 {path.rpartition('.')[2]}。")

    def _either(self, annotation: object, raw: object, path: str) -> object:
        choices = [choice for choice in get_args(annotation) if choice is not type(None)]
        for choice in choices[:-1]:
            attempt = Reader(self.known)
            value = attempt.read(choice, raw, path)
            if not attempt.problems:
                self.seen |= attempt.seen
                return value
        return self.read(choices[-1], raw, path)

    def _value(self, inner: object, raw: object, path: str) -> object:
        if not isinstance(raw, Mapping):
            return self.report(
                path, shown(raw), "带条款的取值", f'请写成 {{ value = {_bare(raw)}, clause = "条款编号" }}。'
            )
        before = len(self.problems)
        ruled = raw.get("ruled")
        told = ruled if isinstance(ruled, Ruled) else None  # laid over the file; a file itself cannot say so
        self._unknown_keys(raw, [*_VALUE_KEYS, *(["ruled"] if told else [])], path)
        clause = self.cited(raw, path)
        assumed = self._plain(bool, raw.get("assumed", False), _join(path, "assumed"))
        because = self._plain(str, raw.get("because", ""), _join(path, "because"))
        if assumed is True and because == "":
            self.report(_join(path, "because"), "空", "假定的理由", "标为假定（assumed）的取值须写明 because。")
        ambiguity = self._ambiguity(raw, path)
        value = self._content(inner, raw, path)
        if len(self.problems) > before:
            return _ABSENT
        cited = cast(str, clause), cast(bool, assumed), cast("str | None", ambiguity), cast(str, because), told
        self.seen[path] = (inner, Value(value, *cited))
        return Value(value, *cited)

    def _content(self, inner: object, raw: Mapping[str, object], path: str) -> object:
        optional = type(None) in get_args(inner)
        if "unset" in raw:
            return self._unset(optional, raw, path)
        if "value" not in raw:
            fix = "请补上 value" + ("，原文未规定时写 unset = true。" if optional else "。")
            return self.report(_join(path, "value"), "缺少这个键", _wanted(inner), fix)
        return self.read(inner, raw["value"], _join(path, "value"))

    def _unset(self, optional: bool, raw: Mapping[str, object], path: str) -> object:
        where = _join(path, "unset")
        if raw["unset"] is not True:
            return self.report(where, shown(raw["unset"]), "true", "unset 只能写 true；有值时改写 value。")
        if "value" in raw:
            return self.report(where, "value 与 unset 并存", "二者之一", "留下其中一个。")
        if not optional:
            return self.report(
                where, "未设定", "一个取值", "这一项不能留空，请写 value；是系统假定的，标 assumed 并写明理由。"
            )
        return None

    def cited(self, raw: Mapping[str, object], path: str) -> object:
        """Return the clause id a value cites, noting a problem when it is missing or not among the known ids."""
        where = _join(path, "clause")
        if "clause" not in raw:
            return self.report(where, "缺少这个键", "所依据的条款编号", "每个取值都要写 clause，编号见 [[clauses]]。")
        return self._exists(self._plain(str, raw["clause"], where), where)

    def _exists(self, clause: object, where: str) -> object:
        if self.known is not None and isinstance(clause, str) and clause not in self.known:
            close = difflib.get_close_matches(clause, sorted(self.known), n=1, cutoff=0.6)
            hint = f"是否想写 {close[0]}？否则" if close else ""
            fix = f"{hint}请先在 [[clauses]] 或 [[sources]] 中写明这一条。"
            return self.report(where, shown(clause), "本文件 [[clauses]] 或 [[sources]] 中的编号", fix)
        return clause

    def _ambiguity(self, raw: Mapping[str, object], path: str) -> object:
        if "ambiguity" not in raw:
            return None
        where = _join(path, "ambiguity")
        return self._within(
            self._plain(str, raw["ambiguity"], where), [Matches(AMBIGUITY_ID.pattern, "疑义编号，例如 G-01")], where
        )

    def _choice(self, choices: tuple[object, ...], raw: object, path: str) -> object:
        if any(raw == choice and type(raw) is type(choice) for choice in choices):
            return raw
        words = [str(choice) for choice in choices]
        return self.report(path, shown(raw), "以下之一：" + "、".join(words), did_you_mean(str(raw), words))

    def _array(self, inner: object, raw: object, path: str) -> object:
        if not isinstance(raw, list):
            return self.report(path, shown(raw), "数组", f"请写成 [ … ]，或每项以 [[{path}]] 开头。")
        return tuple(self.read(inner, item, f"{path}[{place}]") for place, item in enumerate(raw))

    def _named(self, inner: object, raw: object, path: str) -> object:
        if not isinstance(raw, Mapping):
            return self.report(path, shown(raw), "一张表", f"请写成 [{path}.名称]。")
        return {key: self.read(inner, item, _join(path, key)) for key, item in raw.items()}

    def _plain(self, kind: type, raw: object, path: str) -> object:
        if is_dataclass(kind):
            return self.table(kind, raw, path)
        if issubclass(kind, enum.Enum):
            chosen = self._choice(tuple(member.value for member in kind), raw, path)
            return chosen if chosen is _ABSENT else kind(chosen)
        if kind is Decimal and isinstance(raw, str | int) and not isinstance(raw, bool):
            return self._decimal(raw, path)
        if kind is date and isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        if type(raw) is kind:
            return raw
        return self.report(path, shown(raw), _wanted(kind), _retype(kind, raw))

    def _decimal(self, raw: str | int, path: str) -> object:
        try:
            number = Decimal(raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            return self.report(path, shown(raw), _EXPECTED[Decimal], "只写数字和小数点，不写单位和千分位。")
        if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
            return self.report(path, shown(raw), f"不超过 {MOST_DIGITS} 位的数", "请核对位数。")
        return number

    def _within(self, value: object, limits: list[Any], path: str) -> object:
        if value is _ABSENT:
            return value
        for limit in limits:
            if isinstance(limit, Between | Matches) and cast(Any, value) not in limit:
                return self.report(path, shown(value), str(limit), "请改正取值。")
        return value


def is_citation(key: str) -> bool:
    """Return whether a key of a pack holds the id of a clause by its name."""
    return key in ("clause", "cite") or key.endswith("_clause")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _wanted(annotation: object) -> str:
    """Return in words what an annotation asks for."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        limits = [str(limit) for limit in args[1:]]
        return "，".join([_wanted(args[0]), *limits])
    if origin in (Union, types.UnionType):
        return _wanted(args[0])
    if origin is Literal:
        return "以下之一：" + "、".join(str(choice) for choice in args)
    if origin is Value:
        return "带条款的取值 { value = …, clause = … }"
    if origin in (tuple, list):
        return "数组"
    return _EXPECTED.get(cast(type, annotation), "一张表")


def _bare(raw: object) -> str:
    return f'"{raw}"' if isinstance(raw, str) else shown(raw)


def _retype(kind: type, raw: object) -> str:
    if kind is Decimal and isinstance(raw, float):
        return f'请加引号，写成 "{raw}"，以免精度损失。'
    if isinstance(raw, str) and kind in (int, bool, date):
        return "请去掉引号。"
    return "请改正取值的类型。"
