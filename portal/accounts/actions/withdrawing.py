"""A post that was only proposed is withdrawn."""

import datetime

from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership
from portal.audit.recording import record


def withdraw(post: Membership, because: str, *, by: Capacity, on: datetime.date) -> Membership:
    """Withdraw a proposal, inside the act that has locked it: it never was a post, and nobody can confirm it."""
    post.refused_on, post.because = on, because
    post.valid_to = post.valid_from - datetime.timedelta(days=1)
    post.save(update_fields=["refused_on", "valid_to", "because"])
    record("post.withdrawn", post, by=by, on=on, person=post.user_id, role=post.role, because=because)
    return post
