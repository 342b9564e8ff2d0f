"""What the evaluator answers: one record for each part of the output, keys in the order of the contract."""

from datetime import date

import msgspec


class TitleRow(msgspec.Struct, frozen=True, gc=False):
    """A title ever held, as its latest certification left it."""

    title: str
    standing: str
    certified_on: date
    period_ends: date | None
    clause: str


class ComplaintCount(msgspec.Struct, frozen=True, gc=False):
    """How many complaints count in the current period, and the limit, which is included."""

    counted: int
    limit: int
    clause: str


class GroundRow(msgspec.Struct, frozen=True, gc=False):
    """A ground of revocation that is met."""

    title: str
    ground: str
    met_on: date
    clause: str


class BanRow(msgspec.Struct, frozen=True, gc=False):
    """A ban, past ones too, unless the revocation was set aside."""

    title: str
    start: date = msgspec.field(name="from")
    until: date
    clause: str


class MayApply(msgspec.Struct, frozen=True, gc=False):
    """Whether a title may be applied for, from when, and every reason against it."""

    allowed: bool
    opens: date | None = msgspec.field(name="from")
    reasons: tuple[str, ...]


class DutyRow(msgspec.Struct, frozen=True, gc=False):
    """Something due, with the sum that shows how the day came about."""

    duty: str
    title: str
    due_on: date
    clause: str
    sum: str


class AwardRow(msgspec.Struct, frozen=True, gc=False):
    """An award that arose, what was paid, what is payable and why not."""

    award: str
    beneficiary: str
    of: str | None
    amount: str
    paid: str
    payable: str
    why: str | None
    clause: str


class ConditionRow(msgspec.Struct, frozen=True, gc=False):
    """A condition of the pack held against what the base stated."""

    condition: str
    met: bool
    found: str | tuple[str, ...]
    required: str | tuple[str, ...]
    clause: str


class WarningRow(msgspec.Struct, frozen=True, gc=False):
    """A step that is a fact, though it came too early."""

    on: date
    warning: str
    clause: str


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One conclusion in one sentence, with the day and the clause it rests on."""

    on: date
    clause: str
    says: str


class Outcome(msgspec.Struct):
    """What the law makes of one history."""

    id: msgspec.Raw
    policy: str
    as_of: date
    titles: list[TitleRow]
    complaints: ComplaintCount | None
    grounds: list[GroundRow]
    bans: list[BanRow]
    may_apply: dict[str, MayApply]
    duties: list[DutyRow]
    awards: list[AwardRow]
    conditions: list[ConditionRow]
    warnings: list[WarningRow]
    trace: list[Entry]


class Problem(msgspec.Struct, frozen=True):
    """Where a line was not understood, and what to do about it."""

    path: str
    message: str


class Failure(msgspec.Struct, frozen=True):
    """The answer to a line that was not understood."""

    id: msgspec.Raw
    error: Problem


class TargetRow(msgspec.Struct, frozen=True):
    """A target of the policy and the last value measured; `goal` and `value` are numbers, exact."""

    indicator: str
    goal: msgspec.Raw
    by: date | None
    value: msgspec.Raw
    met: bool | None
    clause: str


class Measured(msgspec.Struct, frozen=True):
    """The answer to a line of measurements."""

    id: msgspec.Raw
    policy: str
    as_of: date
    targets: list[TargetRow]
