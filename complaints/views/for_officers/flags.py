"""What machines noticed about a complaint, in plain words."""

from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.states import Flag


def flags_in_words(complaint: Complaint) -> list[str]:
    """Return one sentence for each flag; a flag may carry the number of another complaint (`repeat:TS-…`)."""
    return [_in_words(flag) for flag in complaint.flags]


def _in_words(flag: str) -> str:
    code, _colon, number = flag.partition(":")
    if code not in Flag.values:
        return flag
    words = str(Flag(code).label)
    return _("%(words)s：%(number)s") % {"words": words, "number": number} if number else words
