"""Whom an operator asks: one bureau at a time, the same on every page; and whether anybody is there."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from applications.actions.moving import STEP_PERMISSION
from applications.letters.sources import asked_at, call_pack, procedure_of
from applications.models import Application, Call
from applications.states import ApplicationStatus
from bases.models import Base
from portal.documents.contacts import Contact
from portal.documents.letters import agency_of
from portal.jurisdictions.models import Jurisdiction
from portal.worklist.vacancies import is_vacant, looked_after_by


def whom_to_ask(application: Application) -> Contact:
    """Return whom to ask about a case: the bureau that has it now.

    Before submission that is the one that will receive it first, after the end the call's, which decided. A case that
    is being corrected still lies with the bureau that asked.
    """
    call = application.call
    if application.status == ApplicationStatus.DRAFT:
        return asked_at(first_desk(call, application.jurisdiction), call)
    return asked_at(application.desk or call.jurisdiction, call)


def whom_to_ask_of(call: Call, bases: Iterable[Base]) -> Contact:
    """Return whom to ask about a call before anything is filled in: who receives first what these bases hand in.

    The bureau of the call where none of them lies in its territory.
    """
    first = next((base.jurisdiction for base in bases if call.jurisdiction.covers(base.region_code)), None)
    return asked_at(first_desk(call, first) if first else call.jurisdiction, call)


def first_desk(call: Call, place: Jurisdiction) -> Jurisdiction:
    """Return the bureau that receives first what a base of a place hands in under a call."""
    return place.ancestor(procedure_of(call_pack(call), call.title).first_step().level)


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
