"""A letter before it is issued: the very sheet it will be set on, without a number, marked 预览."""

import datetime

from portal.documents.letters import Draft, preview_letter
from portal.documents.sheets import Sheet, sheet_of
from portal.jurisdictions.models import Jurisdiction


def preview_sheet(draft: Draft, *, at: Jurisdiction, on: datetime.date) -> Sheet:
    """Return the sheet of a draft, for `letters/preview.html`. Raises DomainError if it could not be issued."""
    return sheet_of(preview_letter(draft, at=at, on=on), preview=True)
