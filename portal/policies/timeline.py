"""Which policy speaks for a place on a day. Plain Python: no Django, no clock, no database."""

from collections.abc import Collection, Iterable, Sequence
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


def conflicts(packs: Iterable["Pack"]) -> list[Problem]:
    """Return every conflict: overlaps, and a pack below one of the same days that does not supplement it."""
    known = [pack for pack in packs if not pack.head.example]
    return overlaps(known) + [
        _rival(pack, above)
        for pack in known
        if pack.head.supplements is None
        for above in known
        if above.jurisdiction in lineage(pack.jurisdiction)[1:] and _same_days(pack, above)
    ]


def _same_days(one: "Pack", other: "Pack") -> bool:
    ends = [pack.applies_until.value or date.max for pack in (one, other)]
    return max(one.applies_from.value, other.applies_from.value) <= min(ends)


def _rival(pack: "Pack", above: "Pack") -> Problem:
    found = f"{pack.id}（{_span(pack)}）与上级的 {above.id}（{_span(above)}）同时适用"
    fix = f'请在 {pack.id} 的 [policy] 中写 supplements = "{above.id}"，只写上级未定的取值；或改适用期间。'
    return Problem("policy.supplements", found, "下级文件补充上级文件", fix)


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


def pack_at(packs: Collection["Pack"], code: str, on: date) -> "Pack":
    """Return the policy that speaks for the place with that division code on that day.

    The nearest place that has one wins. Where every policy found has ended, the last one of the nearest place
    still governs what was granted under it; ``Pack.applies_on`` then says no, and nothing new arises under it.
    Raises NoPolicyInForce.
    """
    known = [pack for pack in packs if _stands(pack, packs, on)]
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


def _stands(pack: "Pack", packs: Iterable["Pack"], on: date) -> bool:
    """Return whether a pack can govern on that day: a supplement only while the pack it supplements does."""
    if pack.head.supplements is None:
        return True
    bases = [other for other in packs if other.head.supplements is None]
    places = {base.jurisdiction for base in bases if base.id == pack.head.supplements}
    return any(base.id == pack.head.supplements for place in places for base in _begun(bases, place, on))


def _begun(packs: Sequence["Pack"], code: str, on: date) -> list["Pack"]:
    """Return the latest policy of one territory that had begun by that day, if any, in a list."""
    return [pack for pack in versions_of(packs, code) if pack.applies_from.value <= on][-1:]


def _first(packs: Sequence["Pack"], code: str) -> "Pack | None":
    return next((pack for place in lineage(code) for pack in versions_of(packs, place)), None)
