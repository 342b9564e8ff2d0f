"""The register, what happened to its titles, and who is served by its bases."""

from bases.models.names import title_called
from bases.models.register import (
    BRACKETS,
    VERIFY_ALPHABET,
    Alike,
    Ban,
    Base,
    BaseQuerySet,
    Certification,
    CertificationQuerySet,
    HistoricEntry,
    Operator,
    number_as_kept,
    random_code,
    stands_as,
    validate_uscc,
)
from bases.models.revocation import Defence, Revocation, RevocationQuerySet
from bases.models.roster import Tenant, TenantQuerySet

__all__ = [
    "BRACKETS",
    "VERIFY_ALPHABET",
    "Alike",
    "Ban",
    "Base",
    "BaseQuerySet",
    "Certification",
    "CertificationQuerySet",
    "Defence",
    "HistoricEntry",
    "Operator",
    "Revocation",
    "RevocationQuerySet",
    "Tenant",
    "TenantQuerySet",
    "number_as_kept",
    "random_code",
    "stands_as",
    "title_called",
    "validate_uscc",
]
