"""What a letter about a correction leads to."""

from django import template

from applications.models import CorrectionRequest
from applications.states import ApplicationStatus
from portal.documents.models import Letter

register = template.Library()


@register.simple_tag
def correction_waits(letter: Letter) -> bool:
    """Whether the correction list that came with a letter still waits for the operator."""
    waiting = CorrectionRequest.objects.filter(answered_on=None, lapsed_on=None)
    return waiting.filter(letter=letter, application__status=ApplicationStatus.RETURNED).exists()
