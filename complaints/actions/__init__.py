"""Everything that can legally happen to a complaint, and what follows from those that are upheld."""

from complaints.actions.answering import (
    answer_complaint,
    go_on_unanswered,
    release_summary,
    verify_at_once,
)
from complaints.actions.confirming import (
    announce_finding,
    confirm_finding,
    end_finding_announcement,
    last_finding,
    record_finding_service,
    sign_for_finding,
)
from complaints.actions.identity import (
    masked_identity,
    may_reveal,
    reveal_identity,
)
from complaints.actions.misconduct import (
    decide_misconduct,
    report_misconduct,
)
from complaints.actions.objecting import (
    answer_finding_objection,
    object_to_finding,
)
from complaints.actions.opening import (
    drop_what_is_not_met,
    open_what_is_met,
    opened_on,
    past_stopping,
)
from complaints.actions.overturning import (
    may_order_acceptance,
    may_overturn,
    order_acceptance,
    overturn_finding,
)
from complaints.actions.passing_on import pass_misconduct_on, pass_on
from complaints.actions.purging import (
    PURGED,
    kept_until,
    purge_complaint,
    purge_identities,
)
from complaints.actions.rating import (
    follow_up_rating,
    rate_handling,
)
from complaints.actions.receiving import (
    Person,
    Receipt,
    accept_complaint,
    add_to_complaint,
    receive_complaint,
    reject_complaint,
    release_from_quarantine,
    transfer_complaint,
)
from complaints.actions.sending_back import send_back_finding
from complaints.actions.supplementing import (
    ask_for_supplement,
    lapse_supplement,
    require_askable,
)
from complaints.actions.verifying import (
    extend_verification,
    likely_tenants,
    link_same_fact,
    masked_and_likely,
    record_finding,
    settle_recipient,
)
from complaints.actions.withdrawing import withdraw_complaint

__all__ = [
    "PURGED",
    "Person",
    "Receipt",
    "accept_complaint",
    "add_to_complaint",
    "announce_finding",
    "answer_complaint",
    "answer_finding_objection",
    "ask_for_supplement",
    "confirm_finding",
    "decide_misconduct",
    "drop_what_is_not_met",
    "end_finding_announcement",
    "extend_verification",
    "follow_up_rating",
    "go_on_unanswered",
    "kept_until",
    "lapse_supplement",
    "last_finding",
    "likely_tenants",
    "link_same_fact",
    "masked_and_likely",
    "masked_identity",
    "may_order_acceptance",
    "may_overturn",
    "may_reveal",
    "object_to_finding",
    "open_what_is_met",
    "opened_on",
    "order_acceptance",
    "overturn_finding",
    "pass_misconduct_on",
    "pass_on",
    "past_stopping",
    "purge_complaint",
    "purge_identities",
    "rate_handling",
    "receive_complaint",
    "record_finding",
    "record_finding_service",
    "reject_complaint",
    "release_from_quarantine",
    "release_summary",
    "report_misconduct",
    "require_askable",
    "reveal_identity",
    "send_back_finding",
    "settle_recipient",
    "sign_for_finding",
    "transfer_complaint",
    "verify_at_once",
    "withdraw_complaint",
]
