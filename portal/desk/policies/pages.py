"""What the policy pages show: a pack clause by clause, each value with its wording, question and ruling."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _

from portal.policies.ambiguities import Ambiguity, all_ambiguities
from portal.policies.entries import Entry, entries
from portal.policies.loader import installed, left_out, with_rulings
from portal.policies.models import AssumptionRuling
from portal.policies.packs import Clause, Pack, Source
from portal.policies.timeline import lineage, versions_of
from portal.policies.wording import Wording, owner_of, wording
from portal.web.parts import Event, Fact, Tone
from portal.web.values import content_in_words, shown


@dataclass(frozen=True)
class ValueRow:
    """One cited value as the page shows it. `is_open`: the bureau may rule on it; `ruling`: what it has ruled.

    `left_out` is a ruling that no longer fits because the file was edited since: the file's own value holds.
    """

    path: str
    label: str
    owner: str
    shown: str
    clause: str
    because: str
    is_open: bool
    assumed: bool
    question: Ambiguity | None
    ruling: AssumptionRuling | None
    left_out: AssumptionRuling | None = None

    @property
    def state(self) -> str:
        """Return where the value stands, in one word."""
        if self.ruling:
            return _("已%(outcome)s") % {"outcome": self.ruling.get_outcome_display()}
        if self.assumed:
            return _("假定，待确认")
        if self.question:
            return _("待确认")
        return _("原文未定") if self.is_open else _("原文")

    @property
    def tone(self) -> Tone:
        """Return the tone of the state: ochre while it waits for the bureau."""
        if self.ruling:
            return "main"
        return "warn" if self.waits else ""

    @property
    def waits(self) -> bool:
        """Return whether the bureau still has to say something: an assumption or an open question without a ruling."""
        return self.ruling is None and self.is_open and (self.assumed or self.question is not None)


@dataclass(frozen=True)
class Group:
    """Values of one part of the pack under its heading."""

    heading: str
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True)
class Article:
    """One clause, or one cited law, with the values that rest on it."""

    text: Clause | Source
    rows: tuple[ValueRow, ...]

    @property
    def heading(self) -> str:
        """Return the place of the clause as printed; for other law, its title and article."""
        law = self.text.title if isinstance(self.text, Source) else ""
        return f"{law} {self.text.article}".strip()


@dataclass(frozen=True)
class Version:
    """One version of a place's policy: when it applies and whether it does on the day of the page."""

    pack: Pack
    state: str
    tone: Tone
    current: bool


@dataclass(frozen=True)
class PolicyPage:
    """A policy on a page."""

    pack: Pack
    facts: tuple[Fact, ...]
    clauses: tuple[Article, ...]
    sources: tuple[Article, ...]
    waiting: tuple[Group, ...]
    waiting_count: int
    blank: tuple[ValueRow, ...]
    decided: tuple[ValueRow, ...]
    versions: tuple[Version, ...]
    history: tuple[Event, ...]
    left_out: tuple[str, ...]
    ended: bool


def policy_page(pack: Pack, on: date, *, names: bool = False) -> PolicyPage:
    """Return the page of a pack as its file stands, with the rulings in force on that day laid over it.

    `names`: say which person ruled, as officers see it; else the post alone.
    """
    rulings = _rulings(pack)
    rows = _rows(pack, on, rulings)
    by_clause: dict[str, list[ValueRow]] = {}
    for row in rows:
        by_clause.setdefault(row.clause, []).append(row)
    return PolicyPage(
        pack=pack,
        facts=_facts(pack),
        clauses=tuple(Article(clause, tuple(by_clause.get(clause.id, ()))) for clause in pack.clauses.values()),
        sources=tuple(Article(law, tuple(by_clause.get(law.id, ()))) for law in pack.sources.values()),
        waiting=_grouped(row for row in rows if row.waits),
        waiting_count=sum(row.waits for row in rows),
        blank=tuple(row for row in rows if row.is_open and not row.waits and row.ruling is None),
        decided=tuple(row for row in rows if row.ruling),
        versions=_versions(pack, on),
        history=tuple(_event(pack, ruling, names=names) for ruling in rulings),
        left_out=tuple(_label(pack, ruling) for ruling in left_out(pack, on)),
        ended=not pack.applies_on(on),
    )


def _grouped(rows: Iterable[ValueRow]) -> tuple[Group, ...]:
    """Return rows under the heading of their part of the pack, in the order in which a case meets them."""
    headings = {
        "applications": _("申报"),
        "bases": _("称号与撤销"),
        "assessments": _("考核、整改与复评"),
        "complaints": _("投诉"),
        "subsidies": _("补助"),
        "targets": _("目标"),
        "policy": _("文件本身"),
    }
    parts: dict[str, list[ValueRow]] = {key: [] for key in headings}
    for row in rows:
        parts[re.split(r"[.\[]", row.path, maxsplit=1)[0]].append(row)
    return tuple(Group(headings[key], tuple(found)) for key, found in parts.items() if found)


def value_row(pack: Pack, path: str, on: date) -> ValueRow:
    """Return one value of a pack. Raises KeyError when nothing stands at the path."""
    for row in _rows(pack, on, _rulings(pack)):
        if row.path == path:
            return row
    raise KeyError(path)


def _rulings(pack: Pack) -> list[AssumptionRuling]:
    return cast("list[AssumptionRuling]", list(AssumptionRuling.objects.filter(pack=pack.id)))


def _rows(pack: Pack, on: date, rulings: Iterable[AssumptionRuling]) -> list[ValueRow]:
    folder = Path(settings.POLICY_PACKS)
    words, questions = wording(folder).at(pack.jurisdiction), all_ambiguities(folder)
    as_filed = {entry.path: entry for entry in entries(pack.tables)}
    held = with_rulings(pack, on)
    latest = {ruling.path: ruling for ruling in rulings if ruling.holds_on(on)}
    rows = [_row(pack, entry, as_filed[entry.path], words, questions) for entry in entries(held.tables)]
    return [_told(row, latest.get(row.path), held.rulings) for row in rows]


def _told(row: ValueRow, ruling: AssumptionRuling | None, applied: Collection[int]) -> ValueRow:
    if ruling and ruling.pk not in applied:
        return replace(row, left_out=ruling)
    return replace(row, ruling=ruling)


def _row(
    pack: Pack,
    entry: Entry,
    as_filed: Entry,
    words: Wording,
    questions: Mapping[str, Ambiguity],
) -> ValueRow:
    return ValueRow(
        path=entry.path,
        label=words.label(entry.path),
        owner=owner_of(pack, entry.path, words),
        shown=shown(pack, entry, words),
        clause=entry.clause,
        because=entry.raw.get("because", ""),
        is_open=as_filed.is_open,
        assumed=as_filed.assumed,
        question=questions.get(entry.raw.get("ambiguity", "")),
        ruling=None,
    )


def _facts(pack: Pack) -> tuple[Fact, ...]:
    head = pack.head
    end = head.applies_until.value
    until = _("至 %(end)s") % {"end": end} if end else _("至有新文件接替")
    return (
        Fact(_("牵头部门"), head.lead.value or _("未载")),
        Fact(_("发文机关"), head.issuer.value or _("所见文本未载")),
        Fact(_("文号"), head.doc_number.value or _("所见文本未载")),
        Fact(_("印发日期"), str(head.issued_on.value or _("所见文本未载"))),
        Fact(_("适用期间"), _("自 %(start)s %(until)s") % {"start": head.applies_from.value, "until": until}),
        Fact(_("依据"), "、".join(head.basis) or _("未载")),
    )


def _versions(pack: Pack, on: date) -> tuple[Version, ...]:
    packs = list(installed().values())
    found: Iterable[Pack] = [one for code in lineage(pack.jurisdiction) for one in reversed(versions_of(packs, code))]
    return tuple(_version(one, on, current=one.id == pack.id) for one in found)


def _version(pack: Pack, on: date, *, current: bool) -> Version:
    if on < pack.applies_from.value:
        return Version(pack, _("尚未施行"), "now", current)
    if not pack.applies_on(on):
        return Version(pack, _("期满"), "warn", current)
    packs = versions_of(installed().values(), pack.jurisdiction)
    followed = any(pack.applies_from.value < other.applies_from.value <= on for other in packs)
    return Version(pack, _("已被接替"), "", current) if followed else Version(pack, _("现行"), "main", current)


def _label(pack: Pack, ruling: AssumptionRuling) -> str:
    words = wording(Path(settings.POLICY_PACKS))
    return " · ".join(part for part in (owner_of(pack, ruling.path, words), words.label(ruling.path)) if part)


def _event(pack: Pack, ruling: AssumptionRuling, *, names: bool) -> Event:
    before, after = (content_in_words(pack, ruling.path, text) for text in (ruling.before, ruling.content))
    change = after if before == after else _("由 %(before)s 改为 %(after)s") % {"before": before, "after": after}
    title = f"{ruling.get_outcome_display()}：{_label(pack, ruling)}"
    text = f"{change}。{ruling.reason}"
    return Event(ruling.decided_on, title, ruling.decided_by if names else ruling.decided_as, text)
