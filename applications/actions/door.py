"""The door: may this base apply under this call today, and if not, why, under which clause, until when."""

import datetime
from typing import Any, NamedTuple

from applications import dossier
from applications.models import Call
from applications.rules import ApplicationPolicy, Finding, banned_until, conditions, may_apply, not_twice
from bases.models import Base
from bases.rules import BasePolicy, Register, Tenure, TitlePolicy
from portal.documents.contacts import contact_of
from portal.errors import DomainError
from portal.policies.loader import pack_of
from portal.policies.packs import Pack
from portal.policies.schema import Value

BEFORE_THE_FIRST_FIELD = frozenset({"banned", "holds_title", "requires_title"})


class Obstacle(NamedTuple):
    """One reason why not: its code, the clause it rests on, and a sentence that says what to do."""

    reason: str
    clause: str
    says: str

    @property
    def rests_on(self) -> Value[bool] | str:
        """Return the clause as a page shows it: with 假定 where no source says what bars."""
        return not_twice(self.clause) if self.reason == "holds_title" else self.clause


class Door(NamedTuple):
    """Whether the base may apply; `opens` is the first day it may where only a ban is in the way."""

    allowed: bool
    opens: datetime.date | None
    obstacles: tuple[Obstacle, ...]
    findings: tuple[Finding, ...]


def door(
    call: Call,
    base: Base,
    *,
    on: datetime.date,
    answers: dossier.Answers | None = None,
    filed: datetime.date | None = None,
) -> Door:
    """Judge the base by `applications.rules.may_apply` under the call's pack.

    Without `answers` only what is known before the first field is typed counts: bans, titles held, prerequisites; with
    them, the conditions of the pack as well. Bans and titles are those of the day `on`; the pack, and which titles it
    requires, are of the day the case was first `filed`, so that nothing reaches back; before that, of the day `on`.
    """
    pack = pack_of(call.policy, on=filed or on)
    policy = pack.section(ApplicationPolicy).eligibility
    register = base.register(pack.section(BasePolicy))
    facts = dossier.facts(answers or {})
    verdict = may_apply(call.title, register, facts, policy, on, filed=filed)
    reasons = [reason for reason in verdict.reasons if answers is not None or reason in BEFORE_THE_FIRST_FIELD]
    obstacles = tuple(_explain(reason, call, base, pack, register, on) for reason in reasons)
    return Door(not obstacles, verdict.opens, obstacles, tuple(conditions(facts, policy.of_title(call.title))))


def require_open_door(
    call: Call,
    base: Base,
    *,
    on: datetime.date,
    answers: dossier.Answers | None = None,
    filed: datetime.date | None = None,
) -> Door:
    """Return the door if it is open. Raises DomainError with every reason, the clause of the first."""
    verdict = door(call, base, on=on, answers=answers, filed=filed)
    if verdict.obstacles:
        says = "".join(obstacle.says for obstacle in verdict.obstacles)
        raise DomainError(f"现在还不能申报：{says}", clause=verdict.obstacles[0].clause)
    return verdict


def snapshot(verdict: Door) -> dict[str, Any]:
    """Return the verdict as plain JSON, kept with the submission or decision that rests on it."""
    return {
        "obstacles": [obstacle._asdict() for obstacle in verdict.obstacles],
        "findings": [finding._asdict() for finding in verdict.findings],
    }


def _explain(reason: str, call: Call, base: Base, pack: Pack, register: Register, on: datetime.date) -> Obstacle:
    titles = pack.section(BasePolicy)
    policy = pack.section(ApplicationPolicy).eligibility
    name = titles.title(call.title).label
    if reason == "banned":
        until = banned_until(call.title, register, policy, on)
        clause = next((ban.clause for ban in register.bans if ban.until == until), titles.title(call.title).clause)
        return Obstacle(reason, clause, f"基地或运营机构处于暂停申报期，至 {until}（含当日），次日起可以申报。")
    if reason == "holds_title":
        return Obstacle(reason, titles.title(call.title).clause, _says_what_is_held(name, register.tenures[call.title]))
    if reason == "requires_title":
        rule = next(rule for rule in policy.prerequisites if rule.title == call.title)
        says = _says_what_is_needed(name, titles.title(rule.needs.value), base)
        return Obstacle(reason, rule.needs.clause, says)
    share = next(share for share in policy.shares if share.for_title == call.title)
    if reason == "condition_unknown":
        return Obstacle(reason, share.at_least.clause, f"“{share.name}”还算不出来，请在“在孵实体与就业”一节填写户数。")
    least = f"{share.at_least.value:.0%}"
    return Obstacle(reason, share.at_least.clause, f"“{share.name}”未达到 {least}（含），请核对户数。")


def _says_what_is_held(name: str, held: Tenure) -> str:
    """Say which is in the way: the title, or the proceedings about it, known once the prior notice is served."""
    if held.proceedings is None:
        return f"已有“{name}”称号，不用再次申报。"
    if held.stands:
        return f"已有“{name}”称号，它的撤销程序尚未结束，不用再次申报。"
    return f"“{name}”称号的撤销程序尚未结束，结束以前不能再次申报。"


def _says_what_is_needed(name: str, needed: TitlePolicy, base: Base) -> str:
    """Say which title is missing, which bureau grants it to this base, and where to call it."""
    recogniser = contact_of(base.jurisdiction.ancestor(needed.level.value))
    asked = recogniser.besides
    besides = f"，也可以问{asked.name}，联系电话：{asked.phone}" if asked else ""
    phone = f"联系电话：{recogniser.phone}。" if recogniser.phone else f"该机关还没有公布联系电话{besides}。"
    where = f"地址：{recogniser.address}。" if recogniser.address else ""
    needs = f"申报“{name}”须先有有效的“{needed.label}”称号，请先由{recogniser.name}认定，或请其在名册中登记已有的认定"
    return f"{needs}（以名册登记为准）。{phone}{where}"
