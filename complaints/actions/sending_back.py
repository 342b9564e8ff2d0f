"""The approver does not agree with a finding (退回重新核实): it goes back to those who verify, with the reason."""

import datetime

from django.db import transaction

from complaints import letters, notices
from complaints.actions.answering import require_untraceable
from complaints.actions.confirming import last_finding
from complaints.actions.handling import held, require_desk, require_status
from complaints.actions.objecting import answer_with_it, verify_anew
from complaints.actions.papers import issue
from complaints.actions.verifying import require_not_own
from complaints.models import Complaint, Finding
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.people import people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import InvalidInput
from portal.notifications.notify import notify

SHORTEST = 10


@transaction.atomic
def send_back_finding(
    complaint: Complaint, *, because: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Complaint:
    """Send a finding back to be verified anew instead of confirming it; it stays on record and counts for nothing.

    By who could confirm it, objections running or not. The complainant, and a base that the finding reached, are told
    why. Raises NotAllowed for any other bureau or post and for who took part, InvalidInput without a reason or where
    it gives the complainant away.
    """
    complaint = held(complaint, seen=seen)
    require_desk(complaint, by, Permission.CONFIRM_FINDING)
    require_status(complaint, S.FOUND)
    finding = last_finding(complaint)
    require_not_own(complaint, by, finding)
    if len(because.strip()) < SHORTEST:
        sentence = "请写明不同意哪一点、要再核实什么，至少 10 个字，会告诉核实人员和双方。"
        raise InvalidInput("没有退回。", {"because": sentence})
    require_untraceable(complaint, because, "because", by)
    answer_with_it(complaint, finding, by=by, on=on)
    verify_anew(complaint, by=by, on=on, because=because.strip())
    _tell(complaint, finding, because.strip(), by=by, on=on)
    record("complaint.sent_back", complaint, by=by, on=on, policy=complaint.policy, because=because.strip())
    return complaint


def _tell(complaint: Complaint, finding: Finding, because: str, *, by: Capacity, on: datetime.date) -> None:
    """Tell the complainant, and the base where the finding reached it or is being announced."""
    issue(complaint, letters.sent_back(complaint, because), by=by, on=on, to_complainant=True)
    if finding.base_letter is None or not (finding.served_on or finding.base_letter.services.exists()):
        return
    issue(complaint, letters.sent_back_to_base(complaint, because), by=by, on=on, to_base=True)
    people = people_representing(complaint.base.operator)
    notify(notices.sent_back(complaint), to=people, about=complaint, on=on)
