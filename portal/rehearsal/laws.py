"""Each policy pack as the evaluator needs it: every app's section read once, titles and awards by their codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from applications.rules import ApplicationPolicy, Eligibility
from assessments.rules import AnnualReportPolicy, AssessmentPolicy, CyclePolicy
from bases.rules import BasePolicy, GroundPolicy, Span, TitlePolicy, Unlawful
from complaints.rules import ComplaintPolicy, CountingPolicy
from portal.policies.packs import Pack, all_packs
from subsidies.rules import SubsidyPolicy


class Titles(dict[str, TitlePolicy]):
    """The titles of a policy by code, in its order; asking for another one is refused."""

    def __missing__(self, code: str) -> TitlePolicy:
        raise Unlawful(f"本政策没有称号“{code}”；可用：{'、'.join(self)}。")


@dataclass(frozen=True, slots=True)
class Law:
    """What one policy says, section by section; `clause` is the one that names the policy itself."""

    pack: Pack
    id: str
    clause: str
    plan: Span
    bases: BasePolicy
    titles: Titles
    revocation_grounds: Mapping[str, GroundPolicy]
    eligibility: Eligibility
    cycle: CyclePolicy | None
    report: AnnualReportPolicy | None
    counting: CountingPolicy | None
    subsidies: SubsidyPolicy


def law_of(pack: Pack) -> Law:
    """Read every section of a pack. Raises PackError with every problem of the first section that is unfit."""
    bases = pack.section(BasePolicy)
    assessments = pack.section(AssessmentPolicy)
    revocation = bases.revocation
    return Law(
        pack=pack,
        id=pack.id,
        clause=pack.applies_from.clause,
        plan=Span(pack.applies_from.value, pack.applies_until.value),
        bases=bases,
        titles=Titles({title.code: title for title in bases.titles}),
        revocation_grounds={ground.ground: ground for ground in revocation.grounds} if revocation else {},
        eligibility=pack.section(ApplicationPolicy).eligibility,
        cycle=assessments.cycle,
        report=assessments.annual_report,
        counting=pack.section(ComplaintPolicy).counting,
        subsidies=pack.section(SubsidyPolicy),
    )


@cache
def laws() -> Mapping[str, Law]:
    """Return the law of every pack by its id."""
    return {pack_id: law_of(pack) for pack_id, pack in all_packs().items()}


@cache
def known_awards() -> frozenset[str]:
    """Return the codes of all awards of all packs; an award of another pack is valid and without effect."""
    return frozenset(award for law in laws().values() for award in law.subsidies.names)


@cache
def earliest_wage_month() -> str:
    """Return the first month whose minimum wage is known; an earlier internship month cannot be computed."""
    rules = [law.subsidies.internship for law in laws().values()]
    return min((wage.since for rule in rules if rule is not None for wage in rule.wages), default="")
