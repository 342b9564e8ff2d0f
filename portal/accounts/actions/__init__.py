"""Everything that can happen to a person, a post, a stand-in, and an operator's people."""

from portal.accounts.actions.people import (
    Details,
    change_own_details,
    create_person,
    deactivate_person,
    disable_idle,
    reactivate_person,
    reset_second_factors,
    send_password_link,
)
from portal.accounts.actions.posts import (
    appoint_first_administrators,
    confirm_post,
    end_post,
    propose_post,
    refuse_mixed_powers,
    refuse_post,
)
from portal.accounts.actions.representing import (
    create_representative,
    end_representation,
    invite_colleague,
    manages,
    reactivate_colleague,
    represent,
)
from portal.accounts.actions.standing_in import (
    delegate,
    end_delegations,
    revoke_delegation,
)

__all__ = [
    "Details",
    "appoint_first_administrators",
    "change_own_details",
    "confirm_post",
    "create_person",
    "create_representative",
    "deactivate_person",
    "delegate",
    "disable_idle",
    "end_delegations",
    "end_post",
    "end_representation",
    "invite_colleague",
    "manages",
    "propose_post",
    "reactivate_colleague",
    "reactivate_person",
    "refuse_mixed_powers",
    "refuse_post",
    "represent",
    "reset_second_factors",
    "revoke_delegation",
    "send_password_link",
]
