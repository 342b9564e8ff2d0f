"""The policy packs: one TOML file per policy document, read whole or not at all.

A pack carries the head of the document, its clauses in our own words, the other law it is read with, its targets,
and one section for each app. Plain Python: no Django, no clock, no database.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol, TypeVar, cast

from portal.policies.entries import APP_SECTIONS
from portal.policies.problems import PackError, Problem, Unfit, did_you_mean, shown
from portal.policies.schema import AtLeastOne, Code, Matches, NonEmpty, Reader, Value, read_section
from portal.policies.supplements import completed_tables
from portal.policies.timeline import conflicts

PACKS_FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "policies"
TEMPLATE = "template"
TOP_LEVEL = ("policy", "clauses", "sources", *APP_SECTIONS, "targets")

PackId = Annotated[
    str, Matches(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "由小写字母和数字组成、以连字符相连的编号，例如 guizhou-2022")
]
ClauseId = Annotated[str, Matches(r"[A-Z]{2}-\d{2}", "条款编号，例如 GZ-27")]
DivisionCode = Annotated[str, Matches(r"\d{6}", "六位行政区划代码，例如 520000")]


class Section(Protocol):
    """A frozen dataclass that an app declares for the table of the pack named ``SECTION``."""

    SECTION: ClassVar[str]


P = TypeVar("P", bound=Section)


@dataclass(frozen=True)
class Clause:
    """One clause of the policy document: its id, its place as printed and its gist in our own words."""

    id: ClauseId
    article: NonEmpty
    summary: NonEmpty


@dataclass(frozen=True)
class Source:
    """Other law or practice that values of the pack cite, such as the Licensing Act (L-4-43) or a later call (D-01)."""

    id: NonEmpty
    title: NonEmpty
    summary: NonEmpty
    article: str = ""


@dataclass(frozen=True)
class Target:
    """A figure the policy sets itself. ``goal`` is in ``unit``; unset where the source strives without a number."""

    indicator: Code
    name: NonEmpty
    unit: NonEmpty
    goal: Value[Decimal | None]
    by: Value[date | None]
    strives: bool = False
    note: str = ""


@dataclass(frozen=True)
class Head:
    """The table [policy]: what the document is and for which days and territory it speaks."""

    id: PackId
    title: NonEmpty
    short_title: NonEmpty
    jurisdiction: DivisionCode
    lead: Value[NonEmpty | None]
    issuer: Value[NonEmpty | None]
    doc_number: Value[NonEmpty | None]
    issued_on: Value[date | None]
    applies_from: Value[date]
    applies_until: Value[date | None]
    clause_count: AtLeastOne
    basis: tuple[NonEmpty, ...] = ()
    supplements: PackId | None = None
    example: bool = False

    def __post_init__(self) -> None:
        end = self.applies_until.value
        if end is not None and end < self.applies_from.value:
            fix = "请核对起止日期。"
            raise Unfit("applies_until", found=str(end), expected=f"不早于 {self.applies_from.value}", fix=fix)


@dataclass(frozen=True)
class Pack:
    """One policy document as data. Sections are read on demand by the dataclass of their app."""

    head: Head
    clauses: Mapping[str, Clause]
    sources: Mapping[str, Source]
    targets: tuple[Target, ...]
    tables: Mapping[str, Any] = field(repr=False)
    path: Path = field(repr=False)
    rulings: tuple[int, ...] = ()
    _read: dict[type, object] = field(default_factory=dict, repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.head.id)

    @property
    def id(self) -> str:
        """Return the id of the pack, such as ``guizhou-2022``."""
        return self.head.id

    @property
    def version(self) -> str:
        """Return what to write into an audit record: the id, and the bureau's newest ruling laid over the pack."""
        return f"{self.id}+{max(self.rulings)}" if self.rulings else self.id

    @property
    def title(self) -> str:
        """Return the title of the policy document as printed."""
        return self.head.title

    @property
    def short_title(self) -> str:
        """Return a title short enough for a table cell."""
        return self.head.short_title

    @property
    def jurisdiction(self) -> str:
        """Return the six-digit division code of the territory the policy speaks for."""
        return self.head.jurisdiction

    @property
    def issued_on(self) -> Value[date | None]:
        """Return the day of issue; unset where the source bears no date."""
        return self.head.issued_on

    @property
    def applies_from(self) -> Value[date]:
        """Return the first day on which the policy applies."""
        return self.head.applies_from

    @property
    def applies_until(self) -> Value[date | None]:
        """Return the last day on which the policy applies; unset while it is open."""
        return self.head.applies_until

    def applies_on(self, day: date) -> bool:
        """Return whether the policy itself applies on that day, both ends included (P-1)."""
        end = self.applies_until.value
        return self.applies_from.value <= day and (end is None or day <= end)

    def citable(self) -> frozenset[str]:
        """Return every id a value of this pack may cite."""
        return frozenset(self.clauses) | frozenset(self.sources)

    def section(self, cls: type[P]) -> P:
        """Return the pack's table for ``cls``, typed. Raises PackError with every problem found."""
        if cls not in self._read:
            table = self.tables.get(cls.SECTION)
            if table is None:
                problem = Problem(cls.SECTION, "缺少这一节", "一张表", f"请补上 [{cls.SECTION}]。")
                raise PackError(problem, source=self.path.name)
            try:
                self._read[cls] = read_section(cls, table, cls.SECTION, self.citable())
            except PackError as error:
                raise PackError(*error.problems, source=self.path.name) from error
        return cast(P, self._read[cls])


def load_pack(path: Path | str) -> Pack:
    """Return the pack in the file, its sections still unread. Raises PackError with every problem found."""
    path = Path(path)
    try:
        return compose(parse(read_text(path)), path)
    except PackError as error:
        raise PackError(*error.problems, source=path.name) from error


@cache
def all_packs(folder: Path = PACKS_FOLDER, *, with_template: bool = False) -> dict[str, Pack]:
    """Return every pack by id, oldest first within a territory. Raises PackError when a file is not fit to load."""
    packs: dict[str, Pack] = {}
    for path in pack_files(folder):
        pack = load_pack(path)
        if pack.head.example and not with_template:
            continue
        if pack.id in packs:
            other = packs[pack.id].path.name
            problem = Problem("policy.id", f"“{pack.id}”，{other} 已用", "不重复的编号", "请给其中一个另起编号。")
            raise PackError(problem, source=path.name)
        packs[pack.id] = pack
    found = conflicts(packs.values())
    if found:
        raise PackError(*found)
    return {pack.id: completed(pack, packs) for pack in packs.values()}


def completed(pack: Pack, known: Mapping[str, Pack]) -> Pack:
    """Return a pack ready for use: a supplement with all it takes from the pack it supplements. Raises PackError."""
    if pack.head.supplements is None:
        return pack
    tables, problems = completed_tables(pack, known)
    if problems:
        raise PackError(*problems, source=pack.path.name)
    return compose(tables, pack.path)


def pack_files(folder: Path = PACKS_FOLDER) -> list[Path]:
    """Return the files of the folder that are packs, by name. A TOML file without [policy] in it serves another end."""
    return [path for path in sorted(folder.glob("*.toml")) if path.name not in NOT_PACKS]


NOT_PACKS = frozenset({"coverage.toml", "ambiguities.toml", "wording.toml"})


def read_text(path: Path) -> str:
    """Return the text of a pack file. Raises PackError when there is none or it is not UTF-8."""
    if path.is_dir():
        raise PackError(Problem("", f"{path} 是一个文件夹", "一个 TOML 文件", "请给出文件夹里的某个文件。"))
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise PackError(Problem("", f"找不到 {path}", "一个 TOML 文件", "请核对文件名和所在文件夹。")) from error
    except OSError as error:
        raise PackError(
            Problem("", f"读不出 {path}（{error.strerror}）", "可读的文件", "请核对文件的读取权限。")
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(
            f"第 {line} 行", "不是 UTF-8 编码的字节", "UTF-8 编码", "请用编辑器把文件另存为 UTF-8（不要用 GBK）。"
        )
        raise PackError(problem) from error


def parse(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises PackError with line and column when it is broken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(_broken(str(error), text)) from error


def _broken(message: str, text: str) -> Problem:
    spot = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line, column = (int(spot[1]), int(spot[2])) if spot else (text.count("\n") + 1, 1)
    lines = text.splitlines()
    found = shown(lines[line - 1].strip()) if 0 < line <= len(lines) else "文件到此结束"
    reason = re.sub(r"\s*\(at .*\)$", "", message)
    return Problem(
        f"第 {line} 行第 {column} 列",
        found,
        "合乎 TOML 写法的一行",
        f"请核对引号、括号和等号（解析器说明：{reason}）。",
    )


def compose(tables: Mapping[str, Any], path: Path) -> Pack:
    """Return the pack made of parsed tables. Raises PackError with every problem in its own parts."""
    parts = read_parts(tables)
    if parts.problems:
        raise PackError(*parts.problems)
    return Pack(cast(Head, parts.head), parts.clauses, parts.sources, parts.targets, tables, path)


@dataclass(frozen=True)
class Parts:
    """What could be read of a pack beside the sections of the apps, and what is wrong with it."""

    head: Head | None
    clauses: Mapping[str, Clause]
    sources: Mapping[str, Source]
    targets: tuple[Target, ...]
    problems: tuple[Problem, ...]


def read_parts(tables: Mapping[str, Any]) -> Parts:
    """Read everything of a pack but the sections of the apps, as far as it goes."""
    reader = Reader()
    _top_level(reader, tables)
    head = _part(reader, tables, "policy", lambda raw: reader.table(Head, raw, "policy"))
    head = head if isinstance(head, Head) else None
    clauses = _listed(reader, Clause, tables, "clauses")
    sources = _listed(reader, Source, tables, "sources")
    citing = Reader({*clauses, *sources})
    targets = _targets(citing, tables.get("targets", []))
    _recite(citing, tables.get("policy"))
    if head:
        _numbered(reader, head, clauses)
    return Parts(head, clauses, sources, targets, (*reader.problems, *citing.problems))


def _top_level(reader: Reader, tables: Mapping[str, Any]) -> None:
    for key in tables:
        if key not in TOP_LEVEL:
            reader.report(key, "未知的节", "规定的节", did_you_mean(key, TOP_LEVEL))


def _part(reader: Reader, tables: Mapping[str, Any], key: str, read: Callable[[Any], object]) -> object:
    if key in tables:
        return read(tables[key])
    return reader.report(key, "缺少这一节", "一张表", f"请补上 [{key}]。")


L = TypeVar("L", Clause, Source)


def _listed(reader: Reader, cls: type[L], tables: Mapping[str, Any], key: str) -> dict[str, L]:
    """Return an array of tables by id; an id that stands twice is a problem that names both places."""
    rows = tables.get(key, [])
    if not isinstance(rows, list):
        reader.report(key, shown(rows), "数组", f"请让每项以 [[{key}]] 开头。")
        return {}
    found: dict[str, L] = {}
    places: dict[str, int] = {}
    for place, raw in enumerate(rows):
        row = reader.table(cls, raw, f"{key}[{place}]")
        if not isinstance(row, cls):
            continue
        if row.id in found:
            fix = f"{key}[{places[row.id]}] 已用这个编号，请改正或删去其中一条。"
            reader.report(f"{key}[{place}].id", f"“{row.id}”（重复）", "不重复的编号", fix)
            continue
        found[row.id], places[row.id] = row, place
    return found


def _targets(reader: Reader, rows: object) -> tuple[Target, ...]:
    if not isinstance(rows, list):
        reader.report("targets", shown(rows), "数组", "请让每项以 [[targets]] 开头。")
        return ()
    found: list[Target] = []
    for place, raw in enumerate(rows):
        target = reader.table(Target, raw, f"targets[{place}]")
        if not isinstance(target, Target):
            continue
        if any(target.indicator == other.indicator for other in found):
            reader.report(
                f"targets[{place}].indicator", f"“{target.indicator}”（重复）", "不重复的代码", "请改正或删去其中一条。"
            )
        found.append(target)
    return tuple(found)


def _recite(citing: Reader, raw: object) -> None:
    """Check the citations of [policy], which is read before the clauses are known."""
    if not isinstance(raw, Mapping):
        return
    for key, value in raw.items():
        if isinstance(value, Mapping) and isinstance(value.get("clause"), str):
            citing.cited(value, f"policy.{key}")


def _numbered(reader: Reader, head: Head, clauses: Iterable[str]) -> None:
    """Check that the clauses are numbered without a gap up to the count the head declares."""
    numbers: dict[str, set[int]] = {}
    for clause in clauses:
        prefix, _, number = clause.partition("-")
        numbers.setdefault(prefix, set()).add(int(number))
    missing = list(_gaps(numbers, head.clause_count))
    for clause in missing:
        fix = f"请补上这一条；文件本就没有这么多条时，改 policy.clause_count（现为 {head.clause_count}）。"
        reader.report(f"clauses.{clause}", "缺少这一条", "完整的条款目录", fix)
    count = sum(len(found) for found in numbers.values())
    if not missing and count != head.clause_count:
        fix = "请核对条款目录与条数。"
        reader.report("policy.clause_count", str(head.clause_count), f"{count}（[[clauses]] 的条数）", fix)


def _gaps(numbers: Mapping[str, set[int]], count: int) -> Iterator[str]:
    for prefix, found in sorted(numbers.items()):
        last = max(max(found), count if len(numbers) == 1 else 0)
        yield from (f"{prefix}-{number:02d}" for number in range(1, last + 1) if number not in found)
