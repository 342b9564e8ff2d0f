"""The text that ``manage.py policies`` prints. Plain Python: no Django, no clock, no database."""

from collections.abc import Iterable, Iterator

from portal.policies.coverage import Covered
from portal.policies.entries import Entry, content_of, entries
from portal.policies.packs import Clause, Pack, Source
from portal.policies.problems import Problem


def pack_lines(packs: Iterable[Pack]) -> Iterator[str]:
    """Yield one line for each pack."""
    for pack in packs:
        end = pack.applies_until.value or "未定"
        counts = f"{len(pack.clauses)} 条 {len(pack.targets)} 项目标"
        yield f"{pack.id}\t{pack.jurisdiction}\t{pack.applies_from.value} 至 {end}\t{counts}\t{pack.title}"


def pack_page(pack: Pack) -> Iterator[str]:
    """Yield a pack clause by clause, each with the values that cite it."""
    yield f"{pack.id}  {pack.title}"
    yield f"地区 {pack.jurisdiction}，自 {pack.applies_from.value} 至 {pack.applies_until.value or '未定'}"
    citing: dict[str, list[Entry]] = {}
    for entry in entries(pack.tables):
        citing.setdefault(entry.clause, []).append(entry)
    cited: list[Clause | Source] = [*pack.clauses.values(), *pack.sources.values()]
    for clause in cited:
        if clause.id in pack.clauses or clause.id in citing:
            yield ""
            yield f"{clause.id}  {clause.article}  {clause.summary}"
            yield from (f"    {value_line(entry)}" for entry in citing.get(clause.id, ()))


def value_line(entry: Entry) -> str:
    """Return one cited value in one line, its assumption owned up to."""
    content = content_of(entry.raw).removeprefix("value = ").replace("unset = true", "未定")
    marks = [mark for mark in ("假定" if entry.assumed else "", entry.raw.get("ambiguity", "")) if mark]
    because = entry.raw.get("because", "")
    return (
        f"{entry.path} = {content}" + (f"（{' '.join(marks)}）" if marks else "") + (f"：{because}" if because else "")
    )


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield each problem with its number: where, what was found, what is expected, how to mend it."""
    for number, problem in enumerate(problems, start=1):
        yield f"{number}. {problem.path or '整个文件'}"
        yield f"   现为：{problem.found}"
        yield f"   应为：{problem.expected}"
        yield f"   办法：{problem.fix}"


def target_lines(pack: Pack) -> Iterator[str]:
    """Yield one line for each target: code, goal and unit, date, clause, name."""
    for target in pack.targets:
        goal = "未定数字" if target.goal.value is None else f"≥ {target.goal.value} {target.unit}"
        note = f"（{target.note}）" if target.note else ""
        by = target.by.value or "未定日期"
        yield f"{target.indicator}\t{goal}\t{by}\t{target.goal.clause}\t{target.name}{note}"


def coverage_lines(rows: Iterable[Covered]) -> Iterator[str]:
    """Yield one line for each clause with what implements it."""
    for row in rows:
        said = [*row.values, *row.by, *([f"open: {row.open}"] if row.open else [])]
        yield f"{row.clause.id}\t{'、'.join(said) or '没有着落'}\t{row.clause.summary}"
