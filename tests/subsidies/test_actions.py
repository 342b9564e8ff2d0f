"""Awards enter once, by the rule, for the first certification ever (GZ-38)."""

from decimal import Decimal

import pytest

from bases.models import Certification
from portal.accounts.capacity import SYSTEM
from subsidies.actions import record_entitlements
from subsidies.models import Entitlement
from subsidies.tasks import enter_entitlements
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def _certified(cast: Cast) -> Certification:
    dossiers.approved(cast)
    return Certification.objects.get(title="provincial")


def test_provincial_certification_brings_500000_yuan_under_its_clause(cast: Cast) -> None:
    certification = _certified(cast)
    assert enter_entitlements() == 1
    entitlement = Entitlement.objects.get(certification=certification)
    assert (entitlement.award, entitlement.amount, entitlement.clause) == (
        "provincial_award",
        Decimal("500000.00"),
        "GZ-38",
    )


def test_city_title_brings_no_award(cast: Cast) -> None:
    dossiers.city_title(cast)
    assert enter_entitlements() == 0
    assert not Entitlement.objects.exists()


def test_sweep_runs_twice_and_enters_once(cast: Cast) -> None:
    certification = _certified(cast)
    enter_entitlements()
    assert enter_entitlements() == 0
    assert record_entitlements(certification, by=SYSTEM, on=certification.certified_on) == []
    assert Entitlement.objects.count() == 1
