"""The section [subsidies] of a policy pack: which awards there are, what brings them about, and how much they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from portal.policies.following import Following, Grant
from portal.policies.schema import AtLeastOne, Code, Matches, Money, NonEmpty, NotNegative, Share, Value
from portal.web.money import in_prose

Beneficiary = Literal["operator", "tenant", "founder", "person", "project", "studio"]
BENEFICIARIES: tuple[Beneficiary, ...] = ("operator", "tenant", "founder", "person", "project", "studio")
Board = Literal["regional", "neeq"]
Month = Annotated[str, Matches(r"\d{4}-(0[1-9]|1[0-2])", "年-月，例如 2021-12")]


@dataclass(frozen=True)
class CertificationAward:
    """An award for the first ever certification with a title; paid to the operator, to be spent on `purpose`."""

    award: Code
    name: NonEmpty
    title: Code
    amount: Value[Money]
    stopped_by_revocation: Value[bool]
    payable_years: Value[AtLeastOne] | None = None
    purpose: Value[NonEmpty] | None = None

    @cached_property
    def fen(self) -> int:
        """The amount in whole fen (分)."""
        return int(self.amount.value * 100)


@dataclass(frozen=True)
class WindowAward:
    """An award for something a tenant achieves while incubated or within years of its graduation."""

    award: Code
    name: NonEmpty
    amount: Value[Money]
    window_years: Value[NotNegative]
    beneficiaries: tuple[Beneficiary, ...]
    first_only: Value[bool] | None = None


@dataclass(frozen=True)
class TransferAward:
    """An award for moving from one board to another after the award for the first had been paid to `paid_to`."""

    award: Code
    name: NonEmpty
    amount: Value[Money]
    from_board: Value[Board]
    to_board: Value[Board]
    paid_to: Value[Beneficiary]
    beneficiaries: tuple[Beneficiary, ...]


@dataclass(frozen=True)
class IncubationAward:
    """An award to the operator for a household that registered and left the base."""

    award: Code
    name: NonEmpty
    amount: Value[Money]
    judgement: Value[bool]


@dataclass(frozen=True)
class JobAward:
    """An award to a tenant for each job it adds while incubated."""

    award: Code
    name: NonEmpty
    amount: Value[Money]
    judgement: Value[bool]


@dataclass(frozen=True)
class StartupAward:
    """A founder's award for a first business that has run for months; other groups wait for an officer's judgement."""

    award: Code
    name: NonEmpty
    amount: Value[Money]
    operating_months: Value[NotNegative]
    employees: Value[NotNegative]
    groups: Value[tuple[Code, ...]]


@dataclass(frozen=True)
class MinimumWage:
    """The monthly minimum wage from a month on."""

    since: Month
    monthly: Value[Money]


@dataclass(frozen=True)
class InternshipAward:
    """A person's award for months of internship that ended in a business."""

    award: Code
    name: NonEmpty
    groups: Value[tuple[Code, ...]]
    wage_share: Value[Share]
    months_at_most: Value[AtLeastOne]
    success_months: Value[NotNegative]
    wages: tuple[MinimumWage, ...]


@dataclass(frozen=True)
class ProjectAward:
    """A project's award by grade; the grades are named by their amounts."""

    award: Code
    name: NonEmpty
    amounts: Value[tuple[Money, ...]]


@dataclass(frozen=True)
class StudioAward:
    """An award for a studio that was made public."""

    award: Code
    name: NonEmpty
    amount: Value[Money]


@dataclass(frozen=True)
class Exclusion:
    """Awards of one tenant that may not both be drawn: whichever was paid first blocks the other."""

    awards: Value[tuple[Code, ...]]


@dataclass(frozen=True)
class SubsidyPolicy:
    """The section [subsidies]; a table is absent where the policy does not know such an award."""

    SECTION: ClassVar[str] = "subsidies"
    certifications: tuple[CertificationAward, ...] = ()
    exclusion: Exclusion | None = None
    high_tech: WindowAward | None = None
    listing: WindowAward | None = None
    transfer: TransferAward | None = None
    incubation: IncubationAward | None = None
    jobs: JobAward | None = None
    startup: StartupAward | None = None
    internship: InternshipAward | None = None
    project: ProjectAward | None = None
    studio: StudioAward | None = None
    names: dict[str, str] = field(init=False, default_factory=dict, compare=False, repr=False)
    clauses: dict[str, str] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        rules = (self.high_tech, self.listing, self.transfer, self.incubation, self.jobs, self.startup, self.studio)
        for rule in (*self.certifications, *rules):
            if rule is not None:
                self._index(rule.award, rule.name, rule.amount.clause)
        if self.internship is not None:
            self._index(self.internship.award, self.internship.name, self.internship.wage_share.clause)
        if self.project is not None:
            self._index(self.project.award, self.project.name, self.project.amounts.clause)

    def _index(self, award: str, name: str, clause: str) -> None:
        """Note what an award is called and which clause grants it."""
        self.names[award] = name
        self.clauses[award] = clause

    def follows(self, grant: Grant) -> Iterator[Following]:
        """Yield the award of a first certification while the policy applies, else why none arises.

        The same two conditions as in `subsidies.rules.arising`, which enters the award after the decision (0002).
        """
        for rule in self.certifications:
            if rule.title != grant.title:
                continue
            if grant.first and grant.in_force:
                yield Following("award", f"{rule.name}{in_prose(rule.amount.value)}", rule.amount.clause)
                if rule.purpose is not None:
                    yield Following("purpose", rule.purpose.value, rule.purpose.clause)
            elif grant.in_force:
                yield Following("no_award", f"{rule.name}只在首次认定时产生，本次认定不再产生", rule.amount.clause)

    def excludes(self, award: str) -> tuple[str, ...]:
        """Return the awards that block this one once paid."""
        if self.exclusion is None or award not in self.exclusion.awards.value:
            return ()
        return tuple(other for other in self.exclusion.awards.value if other != award)
