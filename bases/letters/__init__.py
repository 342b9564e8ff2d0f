"""What the letters about a base and its titles say."""

from bases.letters.certificates import certificate, verify_address
from bases.letters.revocation import (
    closing,
    decision,
    hearing_notice,
    own_names,
    plaque_recovery,
    prior_notice,
    reversal,
    service_record,
)

__all__ = [
    "certificate",
    "closing",
    "decision",
    "hearing_notice",
    "own_names",
    "plaque_recovery",
    "prior_notice",
    "reversal",
    "service_record",
    "verify_address",
]
