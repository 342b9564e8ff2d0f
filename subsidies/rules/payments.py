"""What of an award was paid, what is still payable, and what stands in its way."""

from datetime import date
from typing import Literal, NamedTuple

from bases.rules import Register, years_later
from subsidies.rules.entitlements import Entitlement, arising
from subsidies.rules.ledger import Ledger
from subsidies.rules.policy import CertificationAward

Why = Literal["revoked", "in_proceedings", "period_over", "excluded", "judgement", "declined"]


class Award(NamedTuple):
    """An award as it stands: amounts in fen; `payable` is nothing while `why` stops it."""

    entitlement: Entitlement
    paid: int
    payable: int
    why: Why | None


def _by_day_and_name(one: Entitlement) -> tuple[date, str, str, str]:
    return one.arose_on, one.award, one.beneficiary, one.of or ""


def awards(ledger: Ledger, register: Register, as_of: date) -> list[Award]:
    """Return every award that arose, by day, award, beneficiary and origin."""
    found = list(arising(ledger, register))
    if len(found) > 1:
        found.sort(key=_by_day_and_name)
    return [stand(entitlement, ledger, register, as_of) for entitlement in found]


def stand(entitlement: Entitlement, ledger: Ledger, register: Register, as_of: date) -> Award:
    """Return how an award stands on a day: paid, payable and why not."""
    paid = paid_so_far(entitlement, ledger)
    why = why_stopped(entitlement, ledger, register, as_of)
    return Award(entitlement, paid, 0 if why is not None else max(entitlement.fen - paid, 0), why)


def paid_so_far(entitlement: Entitlement, ledger: Ledger) -> int:
    """Return what was paid of an award; a notice that the whole was paid says so whatever the instalments add up to."""
    startup = ledger.policy.startup
    if startup is not None and entitlement.award == startup.award and entitlement.of in ledger.paid_whole:
        return entitlement.fen
    return ledger.paid.get((entitlement.award, entitlement.beneficiary, entitlement.of), 0)


def why_stopped(entitlement: Entitlement, ledger: Ledger, register: Register, as_of: date) -> Why | None:
    """Return the first thing that stops an award: its title's end, another award paid first, an officer's judgement."""
    granted = ledger.decisions.get((entitlement.award, entitlement.beneficiary, entitlement.of))
    for rule in ledger.policy.certifications:
        if rule.award == entitlement.award:
            return _stopped_by_title(rule, entitlement.arose_on, register, as_of, granted is True)
    if _paid_first(entitlement, ledger) in ledger.policy.excludes(entitlement.award):
        return "excluded"
    if not entitlement.judgement or granted is True:
        return None
    return "judgement" if granted is None else "declined"


def _stopped_by_title(
    rule: CertificationAward, arose_on: date, register: Register, as_of: date, granted: bool
) -> Why | None:
    if rule.stopped_by_revocation.value:
        for ban in register.bans:
            if ban.title == rule.title and ban.start >= arose_on:
                return "revoked"
        tenure = register.tenures.get(rule.title)
        if tenure is not None and tenure.proceedings is not None:
            return "in_proceedings"
    years = rule.payable_years
    if years is not None and not granted and as_of > years_later(arose_on, years.value):
        return "period_over"
    return None


def _paid_first(entitlement: Entitlement, ledger: Ledger) -> str | None:
    return ledger.paid_first.get(entitlement.of) if entitlement.of is not None else None
