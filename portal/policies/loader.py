"""Which policy governs a case: by place, by day, and with what the bureau has ruled on its assumptions by then."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TypeVar, cast

from django.conf import settings

from portal.jurisdictions.models import Jurisdiction
from portal.policies.models import AssumptionRuling
from portal.policies.packs import Pack, Section, all_packs
from portal.policies.rulings import Ruling, fitting, laid_over
from portal.policies.schema import Ruled
from portal.policies.sections import declared_sections
from portal.policies.timeline import lineage, pack_at

P = TypeVar("P", bound=Section)


@dataclass
class _Snapshot:
    """The rulings as this process last read them, and the packs already composed with them."""

    rows: list[AssumptionRuling]
    composed: dict[tuple[Path, tuple[Ruling, ...]], Pack]
    seen: float = field(default_factory=monotonic)


class _Cache:
    snapshot: _Snapshot | None = None


def policy_in_force(cls: type[P], *, at: Jurisdiction, on: date) -> P:
    """Return an app's section of the policy that governs the place on that day (the day a case was filed).

    Raises NoPolicyInForce when none had begun by then, PackError when the pack is not fit.
    """
    return pack_in_force(at=at, on=on).section(cls)


def pack_in_force(*, at: Jurisdiction, on: date) -> Pack:
    """Return the policy pack that governs the place on that day, with the rulings in force that day laid over it.

    Looks at the place, then at each place above it. A policy whose period has run out still governs what was granted
    under it until another takes over; ask ``applies_on`` before anything new arises. Raises NoPolicyInForce.
    """
    return pack_at(governing(at.code, on), at.code, on)


def governing(code: str, on: date) -> list[Pack]:
    """Return the packs of a place and of all above it with the rulings in force on that day laid over them."""
    places = lineage(code)
    return [with_rulings(pack, on) for pack in installed().values() if pack.jurisdiction in places]


def pack_of(pack_id: str, *, on: date) -> Pack:
    """Return a pack by id with the rulings in force on that day. Raises KeyError."""
    return with_rulings(installed()[pack_id], on)


def installed() -> dict[str, Pack]:
    """Return the packs of this installation as their files stand, the template left out."""
    return all_packs(Path(settings.POLICY_PACKS))


def with_rulings(pack: Pack, on: date) -> Pack:
    """Return the pack with the rulings laid over it that are in force on that day and still fit its file."""
    snapshot = _current()
    rows = [row for row in snapshot.rows if row.pack == pack.id]
    rulings = standing(pack, rows, on)
    key = (pack.path, rulings)
    if key not in snapshot.composed:
        snapshot.composed[key] = laid_over(pack, rulings, declared_sections()) if rulings else pack
    return snapshot.composed[key]


def standing(pack: Pack, rows: Iterable[AssumptionRuling], on: date) -> tuple[Ruling, ...]:
    """Return the rulings in force on that day that still fit the file; `rows` are all that were made on the pack."""
    told = [(row, _ruling(row)) for row in rows]
    fit = fitting(pack, (ruling for _row, ruling in told)) if told else ()
    return tuple(ruling for row, ruling in told if row.holds_on(on) and ruling.id in fit)


def _ruling(row: AssumptionRuling) -> Ruling:
    return Ruling(row.pk, row.path, row.content, row.because, row.before, Ruled(row.outcome, row.decided_on))


def left_out(pack: Pack, on: date) -> list[AssumptionRuling]:
    """Return the rulings in force on that day that no longer fit the pack's file, so that its own value holds."""
    applied = with_rulings(pack, on).rulings
    return [row for row in _current().rows if row.pack == pack.id and row.holds_on(on) and row.pk not in applied]


def forget_rulings() -> None:
    """Make this process read the rulings anew on the next question."""
    _Cache.snapshot = None


def _current() -> _Snapshot:
    """Return the rulings, read again from the database once they are older than the recheck interval."""
    snapshot = _Cache.snapshot
    if snapshot is None or monotonic() - snapshot.seen >= settings.CALENDAR_RECHECK_SECONDS:
        rows = cast("list[AssumptionRuling]", list(AssumptionRuling.objects.order_by("pk")))
        snapshot = _Cache.snapshot = _Snapshot(rows, snapshot.composed if snapshot else {})
    return snapshot
