"""The law of awards (补助、奖励、补贴): what arises from which facts, what was paid, what is payable and why not.

Plain Python. `policy` holds the parameters of a pack, `ledger` the facts in their order, `entitlements` what arises,
`payments` how each award stands.
"""

from subsidies.rules.entitlements import Entitlement, arising, in_fen, in_yuan, internship_sum, startup_needs_judgement
from subsidies.rules.ledger import (
    Claim,
    Internship,
    Ledger,
    Listing,
    Refusal,
    Tenant,
    claim_startup,
    complete_internship,
    decide,
    grade_project,
    list_shares,
    pay,
    pay_startup_whole,
    publish_studio,
    why_no_internship,
    why_no_startup,
)
from subsidies.rules.payments import Award, awards, paid_so_far, stand, why_stopped
from subsidies.rules.policy import BENEFICIARIES, Beneficiary, Board, SubsidyPolicy

__all__ = [
    "BENEFICIARIES",
    "Award",
    "Beneficiary",
    "Board",
    "Claim",
    "Entitlement",
    "Internship",
    "Ledger",
    "Listing",
    "Refusal",
    "SubsidyPolicy",
    "Tenant",
    "arising",
    "awards",
    "claim_startup",
    "complete_internship",
    "decide",
    "grade_project",
    "in_fen",
    "in_yuan",
    "internship_sum",
    "list_shares",
    "paid_so_far",
    "pay",
    "pay_startup_whole",
    "publish_studio",
    "stand",
    "startup_needs_judgement",
    "why_no_internship",
    "why_no_startup",
    "why_stopped",
]
