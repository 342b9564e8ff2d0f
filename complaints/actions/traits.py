"""No text that a base will read may hold a trait of anybody who complained about it: misconduct and proceedings too."""

from django.db.models import Q

from bases.models import Base
from complaints.actions.identity import traits_among
from complaints.models import Complaint
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.errors import InvalidInput

KNOWN = (S.ACCEPTED, S.ANSWERING, S.VERIFYING, S.FOUND, S.UPHELD, S.DISMISSED, S.OVERTURNED)


def traits_about(base: Base, text: str, by: Capacity, *, also: Complaint | None = None) -> list[str]:
    """Return which traits (姓名, 电话 …) a text holds of people whose complaints about a base were accepted.

    `also` is a complaint that is looked at whatever became of it. What was rejected, withdrawn or purged is not asked.
    Raises NotAllowed for who does not handle complaints there. See the setting TRAIT_CHECKS.
    """
    named = Q(base=base, anonymous=False, purged_on__isnull=True, status__in=KNOWN)
    concerned = Complaint.objects.filter(named if also is None else named | Q(pk=also.pk)).order_by("pk")
    return traits_among(list(concerned), text, by=by)


def require_nameless_about(
    base: Base, refusal: str, *, by: Capacity, also: Complaint | None = None, **texts: str
) -> None:
    """Raise InvalidInput if a text for the base or the trail holds a trait of somebody who complained about the base.

    `texts` is by field; `refusal` says what was not done.
    """
    found = {field: traits_about(base, text, by, also=also) for field, text in texts.items()}
    problems = {
        field: f"文字里有投诉人的{'、'.join(kinds)}，基地会看到，请删去后再办理。"
        for field, kinds in found.items()
        if kinds
    }
    if problems:
        raise InvalidInput(refusal, problems)
