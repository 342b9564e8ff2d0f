"""How a title is applied for, as `[[applications.procedures]]` of a pack says it. Plain Python.

The source policies leave most of the procedure open; what they do not say is marked `assumed`, or the whole procedure
`sample` (示例流程，待主管部门确认).
"""

from dataclasses import dataclass
from typing import Literal

from portal.policies.schema import Value

StepName = Literal["recommendation", "preliminary_review", "site_visit", "review", "public_notice", "approval"]
LevelName = Literal["county", "city", "province"]


@dataclass(frozen=True)
class Step:
    """One step: who does it (`level`), what it is called there, and within how many working days."""

    step: StepName
    level: LevelName
    name: str
    clause: str
    workdays: Value[int]


@dataclass(frozen=True)
class RequiredDocument:
    """One slot of the list of papers. Nothing beyond the published list may be asked for (ER-10)."""

    slot: str
    name: str
    required: bool
    clause: str
    types: tuple[str, ...]
    megabytes: int
    many: bool
    hint: str


@dataclass(frozen=True)
class Procedure:
    """The whole way of one title from the call to the certificate."""

    title: str
    sample: bool
    clause: str
    steps: tuple[Step, ...]
    documents: tuple[RequiredDocument, ...]
    notice_workdays: Value[int]
    correction_workdays: Value[int]
    objection_workdays: Value[int]
    visit_officers: Value[int]
    calls_per_year: Value[int | None]

    def first_step(self) -> Step:
        """Return the step that a submitted application waits at."""
        return self.steps[0]

    def after(self, step: str) -> Step | None:
        """Return the step that follows, None after the last."""
        names = [each.step for each in self.steps]
        place = names.index(step) + 1  # type: ignore[arg-type]  # ValueError for a foreign step is meant
        return self.steps[place] if place < len(self.steps) else None

    def step(self, name: str) -> Step:
        """Return the step of that name. Raises KeyError if this procedure leaves it out."""
        for each in self.steps:
            if each.step == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True)
class Choice:
    """One entry of a list that a source names."""

    code: str
    name: str


@dataclass(frozen=True)
class ChoiceList:
    """A list that a source names (园区类型、服务功能 …); `open` where it ends with 等, so that "other" is offered."""

    code: Literal["host_park_types", "formation_modes", "services", "activities", "beneficiary_groups", "rule_documents"]
    clause: str
    open: bool
    items: tuple[Choice, ...]
