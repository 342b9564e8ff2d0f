"""Everything that can legally happen to a base. Read from top to bottom."""

from bases.actions.certifying import (
    correct_recorded_certification,
    recognise_base,
    record_certification,
    strike_recorded_certification,
)
from bases.actions.registering import Organisation, accept_unusual_uscc, amend_base, register_base, register_operator

__all__ = [
    "Organisation",
    "accept_unusual_uscc",
    "amend_base",
    "correct_recorded_certification",
    "recognise_base",
    "record_certification",
    "register_base",
    "register_operator",
    "strike_recorded_certification",
]
