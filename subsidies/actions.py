"""Everything that can legally happen to an award."""

import datetime
from decimal import Decimal

from django.db import transaction

from bases.models import Base, Certification
from bases.rules import BasePolicy, Span
from portal.accounts.capacity import Capacity
from portal.audit.recording import record
from portal.policies.loader import pack_of
from subsidies.models import Entitlement
from subsidies.rules import Ledger, SubsidyPolicy, arising


@transaction.atomic
def record_entitlements(certification: Certification, *, by: Capacity, on: datetime.date) -> list[Entitlement]:
    """Enter the awards that this certification brought about, by `subsidies.rules.arising`; nothing if it brought none.

    Safe to run twice: an award stands once per certification.
    """
    base = Base.objects.locked(certification.base_id)
    pack = pack_of(certification.policy, on=certification.certified_on)
    ledger = Ledger(pack.section(SubsidyPolicy), Span(pack.applies_from.value, pack.applies_until.value))
    register = base.register(pack.section(BasePolicy))
    titles = {rule.award: rule.title for rule in ledger.policy.certifications}
    entered = []
    for arisen in arising(ledger, register):
        if titles.get(arisen.award) != certification.title or arisen.arose_on != certification.certified_on:
            continue
        entitlement, new = Entitlement.objects.get_or_create(
            certification=certification,
            award=arisen.award,
            defaults={
                "jurisdiction": certification.jurisdiction,
                "region_code": certification.region_code,
                "amount": Decimal(arisen.fen) / 100,
                "policy": pack.id,
                "clause": arisen.clause,
                "arose_on": arisen.arose_on,
            },
        )
        if new:
            facts = {"award": arisen.award, "amount": str(entitlement.amount), "clause": arisen.clause}
            record("award.arose", entitlement, by=by, on=on, policy=pack.id, **facts)
            entered.append(entitlement)
    return entered
