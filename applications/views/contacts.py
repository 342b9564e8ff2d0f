"""Whom an operator asks: one bureau at a time, the same on every page; and whether anybody is there."""

import datetime

from django.utils.translation import gettext as _

from applications.actions.moving import STEP_PERMISSION
from applications.letters.sources import asked_at
from applications.models import Application, Call
from applications.states import ApplicationStatus
from portal.documents.contacts import Contact
from portal.documents.letters import agency_of
from portal.jurisdictions.models import Jurisdiction
from portal.worklist.vacancies import is_vacant, looked_after_by


def whom_to_ask(application: Application) -> Contact:
    """Return whom to ask about a case: the bureau that has it now, before submission and after the end the call's.

    A case that is being corrected still lies with the bureau that asked.
    """
    call = application.call
    draft = application.status == ApplicationStatus.DRAFT
    return asked_at(call.jurisdiction if draft or application.desk is None else application.desk, call)


def whom_to_ask_of(call: Call) -> Contact:
    """Return whom to ask about a call: its bureau, by the number the call names, else the bureau's own."""
    return asked_at(call.jurisdiction, call)


def nobody_at(desk: Jurisdiction, step: str, on: datetime.date) -> str:
    """Return that nobody at a bureau may do a step on that day, and who looks after it; empty where somebody may."""
    permission = STEP_PERMISSION[ApplicationStatus(step)]
    if not is_vacant(desk, permission, on):
        return ""
    said = {"desk": agency_of(desk).name}
    above = looked_after_by(desk, permission, on)
    if above is None:
        return _("%(desk)s在本平台还没有能办理这一步的在岗人员，有人到岗以后才能办理。") % said
    said["above"] = agency_of(above).name
    return _("%(desk)s在本平台还没有能办理这一步的在岗人员，由%(above)s督促办理。") % said
