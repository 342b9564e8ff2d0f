"""Which policy speaks for a place on a day. Plain Python: no Django, no clock, no database."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from portal.errors import DomainError
from portal.policies.problems import Problem

if TYPE_CHECKING:
    from portal.policies.packs import Pack


class NoPolicyInForce(DomainError):
    """No policy of the place, or of any place above it, has begun by that day."""


def overlaps(packs: Iterable["Pack"]) -> list[Problem]:
    """Return a problem for each two packs of one territory that speak for the same days, naming both.

    A later pack takes over on its first day from one that is open; against one that names a later last day, or
    begins on the same day, nobody could say which of the two applies.
    """
    by_place: dict[str, list[Pack]] = {}
    for pack in sorted(packs, key=lambda pack: (pack.applies_from.value, pack.id)):
        by_place.setdefault(pack.jurisdiction, []).append(pack)
    return [
        _conflict(earlier, later)
        for versions in by_place.values()
        for earlier, later in pairwise(versions)
        if _overlap(earlier, later)
    ]


def _overlap(earlier: "Pack", later: "Pack") -> bool:
    end, start = earlier.applies_until.value, later.applies_from.value
    return earlier.applies_from.value == start or (end is not None and end >= start)


def _conflict(earlier: "Pack", later: "Pack") -> Problem:
    found = f"{earlier.id}（{_span(earlier)}）与 {later.id}（{_span(later)}）的适用期间重叠"
    fix = f"请把 {earlier.id} 的 applies_until 改到 {later.id} 起始日之前，或改 {later.id} 的 applies_from。"
    return Problem("policy.applies_from", found, "同一地区的各份文件前后相接", fix)


def _span(pack: "Pack") -> str:
    end = pack.applies_until.value
    return f"{pack.applies_from.value} 起" + (f"至 {end}" if end else "")


def versions_of(packs: Iterable["Pack"], code: str) -> list["Pack"]:
    """Return the packs of one territory, the earliest first."""
    return sorted((pack for pack in packs if pack.jurisdiction == code), key=lambda pack: pack.applies_from.value)


def lineage(code: str) -> tuple[str, ...]:
    """Return a division code and the codes above it, nearest first: county, city, province, nation."""
    chain = (code, code[:6], f"{code[:4]}00", f"{code[:2]}0000", "000000")
    return tuple(dict.fromkeys(chain))


def pack_at(packs: Iterable["Pack"], code: str, on: date) -> "Pack":
    """Return the policy that speaks for the place with that division code on that day.

    The nearest place that has one wins. Where every policy found has ended, the last one of the nearest place
    still governs what was granted under it; ``Pack.applies_on`` then says no, and nothing new arises under it.
    Raises NoPolicyInForce.
    """
    known = list(packs)
    begun = [pack for place in lineage(code) for pack in _begun(known, place, on)]
    for pack in begun:
        if pack.applies_on(on):
            return pack
    if begun:
        return begun[0]
    first = _first(known, code)
    hint = (
        f"{first.id} 自 {first.applies_from.value} 起适用。"
        if first
        else "请先在 fixtures/policies 中为本地区写一份政策文件。"
    )
    raise NoPolicyInForce(f"区划 {code} 在 {on} 没有可适用的政策。{hint}")


def _begun(packs: Sequence["Pack"], code: str, on: date) -> list["Pack"]:
    """Return the latest policy of one territory that had begun by that day, if any, in a list."""
    return [pack for pack in versions_of(packs, code) if pack.applies_from.value <= on][-1:]


def _first(packs: Sequence["Pack"], code: str) -> "Pack | None":
    return next((pack for place in lineage(code) for pack in versions_of(packs, place)), None)
