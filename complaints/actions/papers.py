"""Letters of a complaint: issued by the bureau that acts, kept with the complaint, addressed without a name."""

import datetime

from complaints.models import Complaint, ComplaintLetter
from portal.accounts.capacity import Capacity
from portal.documents.letters import Draft, issue_letter
from portal.documents.models import Letter
from portal.jurisdictions.models import Jurisdiction


def issue(
    complaint: Complaint,
    draft: Draft,
    *,
    by: Capacity,
    on: datetime.date,
    to_complainant: bool = False,
    to_base: bool = False,
    at: Jurisdiction | None = None,
) -> Letter:
    """Issue a letter of the complaint: the complainant reads it with the code, the base as its own, officers always."""
    bureau = at or (by.jurisdiction if by.kind == "officer" else complaint.desk) or complaint.jurisdiction
    reader = complaint.base.operator_id if to_base else None
    letter = issue_letter(draft, about=complaint, at=bureau, by=by, on=on, operator_id=reader)
    ComplaintLetter.objects.create(complaint=complaint, letter=letter, to_complainant=to_complainant)
    return letter
