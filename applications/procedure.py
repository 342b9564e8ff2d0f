"""How a title is applied for, as `[[applications.procedures]]` of a pack says it. Plain Python.

The source policies leave most of the procedure open; what they do not say is marked `assumed`, or the whole procedure
`sample` (示例流程，待主管部门确认).
"""

from dataclasses import dataclass
from typing import Literal

from portal.policies.schema import AtLeastOne, Code, NonEmpty, Unfit, Value

StepName = Literal["recommendation", "preliminary_review", "site_visit", "review", "public_notice", "approval"]
LevelName = Literal["county", "city", "province"]
Suffix = Literal["pdf", "jpg", "png", "xlsx", "docx", "mp4"]
ListName = Literal[
    "host_park_types", "formation_modes", "services", "activities", "beneficiary_groups", "rule_documents"
]

SAMPLE_PAPERS = "原文没有列出申报材料；清单随示例流程假定，待主管部门确认。"


@dataclass(frozen=True)
class Step:
    """One step: who does it (`level`), what it is called there, and within how many working days."""

    step: StepName
    level: LevelName
    name: NonEmpty
    clause: str
    workdays: Value[AtLeastOne]


@dataclass(frozen=True)
class RequiredDocument:
    """One slot of the list of papers. Nothing beyond the published list may be asked for (ER-10).

    `issued_by` says who puts it on file: the operator uploads it, or a bureau writes it at its step. `proves` is the
    title it shows the base to hold: where the register holds that title, nobody has to upload it. `least` is how many
    files make it complete.
    """

    slot: Code
    name: NonEmpty
    clause: str
    required: bool = True
    many: bool = False
    issued_by: Literal["operator", "county", "city"] = "operator"
    types: tuple[Suffix, ...] = ("pdf", "jpg", "png")
    megabytes: AtLeastOne = 20
    hint: str = ""
    proves: str = ""
    least: AtLeastOne = 1

    def __post_init__(self) -> None:
        if self.least > 1 and not self.many:
            fix = "一类材料要交几份的，写 many = true。"
            raise Unfit("least", found=f"{self.least}，而只收一份", expected="1", fix=fix)

    @property
    def measure(self) -> str:
        """The word its files are counted with: 张 of pictures, 份 of anything else."""
        return "张" if set(self.types) <= {"jpg", "png"} else "份"


@dataclass(frozen=True)
class Procedure:
    """The whole way of one title from the call to the certificate."""

    title: Code
    sample: bool
    clause: str
    steps: tuple[Step, ...]
    documents: tuple[RequiredDocument, ...]
    notice_workdays: Value[AtLeastOne]
    correction_workdays: Value[AtLeastOne]
    objection_workdays: Value[AtLeastOne]
    visit_officers: Value[AtLeastOne]
    calls_per_year: Value[AtLeastOne] | None = None
    inform_workdays: Value[AtLeastOne] | None = None  # within which a list of corrections is to be told (一次性告知)

    def first_step(self) -> Step:
        """Return the step that a submitted application waits at."""
        return self.steps[0]

    def after(self, step: str) -> Step:
        """Return the step that follows. Raises LookupError for a step this procedure leaves out, and after the last."""
        names: list[str] = [each.step for each in self.steps]
        if step not in names:
            raise LookupError(step)
        return self.steps[names.index(step) + 1]

    def step(self, name: str) -> Step:
        """Return the step of that name. Raises LookupError if this procedure leaves it out."""
        for each in self.steps:
            if each.step == name:
                return each
        raise LookupError(name)

    def open_to_all(self, step: Step) -> Value[AtLeastOne]:
        """Return the working days of a step as people outside count them: for 公示 how long the list is public (GZ-32).

        The bureau's own term at that step, by when the list has to be out, is nobody else's measure.
        """
        return self.notice_workdays if step.step == "public_notice" else step.workdays

    def asked_under(self, clause: str) -> Value[str]:
        """Return on what a paper of the list rests: of a sample procedure its list is as assumed as its terms."""
        return Value(value=clause, clause=clause, assumed=self.sample, because=SAMPLE_PAPERS if self.sample else "")

    def uploads(self) -> tuple[RequiredDocument, ...]:
        """Return the papers that the operator uploads."""
        return tuple(document for document in self.documents if document.issued_by == "operator")


@dataclass(frozen=True)
class Choice:
    """One entry of a list that a source names."""

    code: Code
    name: NonEmpty


@dataclass(frozen=True)
class ChoiceList:
    """A list that a source names (园区类型、服务功能 …); `open` where it ends with 等, so that "other" is offered.

    `hint` helps to choose where the names alone do not tell.
    """

    list: ListName
    clause: str
    open: bool
    items: tuple[Choice, ...]
    hint: str = ""
