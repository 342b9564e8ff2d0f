"""The conditions of a title held against what was filed: met by the figures, or for the officer to judge."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.actions.door import door, snapshot
from applications.actions.filing import answers_of
from applications.actions.moving import policy_of
from applications.dossier import Answers
from applications.letters.calls import percent
from applications.letters.sources import case_pack
from applications.models import Application, Submission
from applications.rules import ApplicationPolicy, Checklist, Eligibility, ShareCondition, no_ban, not_twice
from bases.rules import BasePolicy
from portal.deadlines.today import business_today
from portal.policies.schema import Value
from portal.web.parts import Tone


@dataclass(frozen=True)
class Condition:
    """One line: what is demanded, what was found, how it stands, under which clause.

    What `bars` keeps a first filing from being taken in while it is unmet; every other line is for the bureau to judge.
    """

    name: str
    required: str
    found: str
    word: str
    tone: Tone
    clause: Value[Any] | str
    bars: bool = False

    @property
    def met(self) -> bool:
        """Whether what was found is what is demanded."""
        return self.tone == "main"


def conditions_of(application: Application, submission: Submission | None, *, live: bool) -> list[Condition]:
    """Return bans, titles and prerequisites, then the pack's conditions on the figures filed.

    As they stood when the dossier was handed in; with `live`, as they are today (before a decision). Nothing is refused
    by machine: an unmet line is shown to the officer, who decides.
    """
    if submission is None:
        return []
    if live:
        return conditions_now(application, submission.answers)
    return _lines(application, submission.findings or {})


def conditions_now(application: Application, answers: Answers) -> list[Condition]:
    """Return the conditions held against bans and titles of today and these answers, handed in or not."""
    filed = application.first_submitted_on
    verdict = snapshot(door(application.call, application.base, on=business_today(), answers=answers, filed=filed))
    if "tenants" not in answers:  # before anybody saved the figures there is nothing to say of them
        verdict["obstacles"] = [row for row in verdict["obstacles"] if row["reason"] != "condition_unknown"]
    return _lines(application, verdict)


def conditions_ahead(application: Application) -> dict[str, Any]:
    """Return what a check page says before the dossier is handed in: every condition, the unmet ones first.

    `barring` are the unmet ones that refuse a first filing, `unmet` those that refuse nothing: the bureau judges them.
    `on_answers` says whether the title has conditions that are held against the answers at all.
    """
    rules = policy_of(application).eligibility.of_title(application.title)
    lines = sorted(conditions_now(application, answers_of(application)), key=lambda line: line.met)
    missed = [line for line in lines if not line.met]
    barring = [line for line in missed if line.bars and application.first_submitted_on is None]
    unmet = [line for line in missed if line not in barring]
    on_answers = bool(rules.shares or rules.checklists)
    return {"conditions": lines, "barring": barring, "unmet": unmet, "on_answers": on_answers}


def _lines(application: Application, kept: dict[str, Any]) -> list[Condition]:
    """Return the lines of one verdict of the door, kept as plain JSON."""
    obstacles = {row["reason"]: row for row in kept.get("obstacles", [])}
    lines = [_line(found, obstacles.get(found.reason)) for found in _doors(application)]
    rules = policy_of(application).eligibility.of_title(application.title)
    shares = {rule.condition: rule for rule in rules.shares}
    checklists = {rule.condition: rule for rule in rules.checklists}
    for row in kept.get("findings", []):
        if row["condition"] in shares:
            lines.append(_share(row, shares[row["condition"]]))
        elif row["condition"] in checklists:
            lines.append(_checklist(row, checklists[row["condition"]]))
    if "condition_unknown" in obstacles:
        held = {row["condition"] for row in kept.get("findings", [])}
        own = [rule for rule in rules.shares if rule.for_title is not None and rule.condition not in held]
        lines.extend(_unknown(rule) for rule in own)
    return lines


def _unknown(rule: ShareCondition) -> Condition:
    """Return the line of a share of the title's own that the figures do not yield: it refuses a first filing too."""
    found = _("还算不出来：户数没有填全，或者在孵实体填的是 0 户")
    return Condition(rule.name, _least(rule.at_least.value), found, _("不符合"), "warn", rule.at_least, bars=True)


def _share(row: dict[str, Any], rule: ShareCondition) -> Condition:
    """Return the line of a share; one that names its title is a condition of applying for it."""
    asked = _least(Decimal(row["required"]))
    line = _finding(row, rule.name, asked, percent(Decimal(row["found"])), rule.at_least)
    return replace(line, bars=rule.for_title is not None)


def _least(share: Decimal) -> str:
    return _("不低于 %(share)s") % {"share": percent(share)}


def _checklist(row: dict[str, Any], rule: Checklist) -> Condition:
    """Return the line of a checklist in the words of the pack; its codes are no language."""
    asked, lacking = ("、".join(rule.labels[code] for code in row[key]) for key in ("required", "found"))
    found = _("缺：%(things)s") % {"things": lacking} if lacking else _("齐全")
    return _finding(row, rule.name, asked, found, rule.flags)


def _finding(row: dict[str, Any], name: str, required: str, found: str, rests_on: Value[Any]) -> Condition:
    """Return the line of a finding, with the value it rests on, which tells what is assumed."""
    word = _("符合") if row["met"] else _("不符合")
    return Condition(name, required, found, word, "main" if row["met"] else "warn", rests_on)


@dataclass(frozen=True)
class _Door:
    """What the register is asked before anything else: its name, what is demanded, what is found where it is so."""

    reason: str
    name: str
    required: str
    found: str
    clause: Value[Any] | str


def _doors(application: Application) -> list[_Door]:
    pack = case_pack(application)
    policy, titles = pack.section(ApplicationPolicy).eligibility, pack.section(BasePolicy)
    bar, once = _ban_clause(application.title, policy, titles), not_twice(titles.title(application.title).clause)
    free, only = _("基地与运营机构均不在暂停期"), _("未持有同一称号（政策没有单独规定）")
    if isinstance(bar, Value):  # nothing bars the title: only what stands on record is looked at
        free = _("没有暂停申报的记录（政策没有规定暂停申报）")
    lines = [
        _Door("banned", _("暂停申报"), free, _("没有查到现在有效的暂停申报"), bar),
        _Door("holds_title", _("已有称号"), only, _("没有查到有效的同一称号"), once),
    ]
    asked = list(policy.needed(application.title, application.first_submitted_on or business_today()))
    if asked:
        names = "、".join(titles.title(rule.needs.value).label for rule in asked)
        needed = _("持有有效的“%(names)s”称号") % {"names": names}
        lines.append(_Door("requires_title", _("前置认定"), needed, _("名册里有，有效"), asked[0].needs))
    return lines


def _ban_clause(title: str, policy: Eligibility, titles: BasePolicy) -> Value[Any] | str:
    """Return the clause that bars a title for some years; of one that nothing can bar, that this is assumed."""
    shared = next((each.banned_as.clause for each in policy.shared_bans if each.title == title), None)
    revocation = titles.revocation if titles.revocation and titles.revocation.title == title else None
    own = next((ground.ban_years.clause for ground in revocation.grounds), None) if revocation else None
    return own or shared or no_ban(titles.title(title).clause)


def _line(door: _Door, obstacle: dict[str, Any] | None) -> Condition:
    if obstacle is None:
        return Condition(door.name, door.required, door.found, _("符合"), "main", door.clause)
    under = door.clause if obstacle["reason"] == "holds_title" else obstacle["clause"]
    return Condition(door.name, door.required, obstacle["says"], _("不符合"), "bad", under, bars=True)
