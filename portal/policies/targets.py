"""The targets a policy sets itself, held against what was measured. Plain Python: no Django, no clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.policies.packs import Pack, Target


@dataclass(frozen=True)
class Measurement:
    """The value of one indicator on one day, in the unit of its target. ``value`` is exact: never a binary float."""

    indicator: str
    on: date
    value: Decimal


@dataclass(frozen=True)
class TargetRow:
    """One target and how it stands. ``met`` is None without a value and where the source strives without a number."""

    indicator: str
    goal: Decimal | None
    by: date | None
    value: Decimal | None
    met: bool | None
    clause: str


def target_codes(pack: Pack) -> tuple[str, ...]:
    """Return the indicator codes of a pack, in the order of its document."""
    return tuple(target.indicator for target in pack.targets)


def evaluate_targets(pack: Pack, as_of: date, measurements: Iterable[Measurement]) -> tuple[TargetRow, ...]:
    """Return one row for each target of the pack, with the last value measured on or before ``as_of``.

    Of two values of one day the later given counts. Raises KeyError for an indicator the pack does not have.
    """
    last: dict[str, Measurement] = {}
    codes = frozenset(target_codes(pack))
    for measurement in measurements:
        if measurement.indicator not in codes:
            raise KeyError(measurement.indicator)
        before = last.get(measurement.indicator)
        if measurement.on <= as_of and (before is None or measurement.on >= before.on):
            last[measurement.indicator] = measurement
    return tuple(_row(target, last.get(target.indicator)) for target in pack.targets)


def _row(target: Target, measured: Measurement | None) -> TargetRow:
    goal = target.goal.value
    value = measured.value if measured else None
    met = None if goal is None or value is None else value >= goal
    return TargetRow(target.indicator, goal, target.by.value, value, met, target.goal.clause)
