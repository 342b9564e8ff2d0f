"""Whom an operator asks: one bureau at a time, the same on every page."""

from typing import NamedTuple

from applications.models import Application, Call
from applications.states import ApplicationStatus
from portal.documents.letters import agency_of
from portal.jurisdictions.models import AgencyProfile


class Contact(NamedTuple):
    """The bureau to ask, how it is called and when; what it has not published is empty."""

    name: str
    phone: str = ""
    hours: str = ""


def whom_to_ask(application: Application) -> Contact:
    """Return whom to ask about a case: the bureau that has it now, before submission and after the end the call's.

    A case that is being corrected still lies with the bureau that asked.
    """
    if application.status == ApplicationStatus.DRAFT or application.desk is None:
        return whom_to_ask_of(application.call)
    if application.desk_id == application.call.jurisdiction_id:
        return whom_to_ask_of(application.call)
    return contact_of(agency_of(application.desk))


def whom_to_ask_of(call: Call) -> Contact:
    """Return whom to ask about a call: its bureau, by the number the call names, else the bureau's own."""
    bureau = contact_of(agency_of(call.jurisdiction))
    named = _dialled(call.contact)
    return bureau._replace(phone=named) if named else bureau


def contact_of(agency: AgencyProfile) -> Contact:
    """Return a bureau as one asks it."""
    return Contact(agency.name, _dialled(agency.phone), agency.office_hours)


def _dialled(phone: str) -> str:
    """Return a number that can be dialled; nothing for one that only holds the place of another (0000-00000000)."""
    return phone if any(figure.isdigit() and figure != "0" for figure in phone) else ""
