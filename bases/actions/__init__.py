"""Everything that can legally happen to a base. Read from top to bottom."""

from bases.actions.certifying import (
    correct_recorded_certification,
    recognise_base,
    record_certification,
    strike_recorded_certification,
)
from bases.actions.ending import close_revocation, lapse_revocation, set_aside_revocation
from bases.actions.hearing import record_hearing, set_hearing
from bases.actions.proceedings import put_lost_basis_on_desk
from bases.actions.registering import (
    Organisation,
    accept_unusual_uscc,
    amend_base,
    enter_from_dossier,
    register_base,
    register_operator,
)
from bases.actions.revoking import (
    decide_to_revoke,
    file_defence,
    issue_prior_notice,
    open_revocation,
    weigh_defence,
)
from bases.actions.roster import Tenancy, correct_tenant, end_tenancy, enter_tenant, strike_tenant
from bases.actions.serving import (
    announce_paper,
    end_announcement,
    record_plaque_recovered,
    record_service,
    sign_for_paper,
)

__all__ = [
    "Organisation",
    "Tenancy",
    "accept_unusual_uscc",
    "amend_base",
    "announce_paper",
    "close_revocation",
    "correct_recorded_certification",
    "correct_tenant",
    "decide_to_revoke",
    "end_announcement",
    "end_tenancy",
    "enter_from_dossier",
    "enter_tenant",
    "file_defence",
    "issue_prior_notice",
    "lapse_revocation",
    "open_revocation",
    "put_lost_basis_on_desk",
    "recognise_base",
    "record_certification",
    "record_hearing",
    "record_plaque_recovered",
    "record_service",
    "register_base",
    "register_operator",
    "set_aside_revocation",
    "set_hearing",
    "sign_for_paper",
    "strike_recorded_certification",
    "strike_tenant",
    "weigh_defence",
]
