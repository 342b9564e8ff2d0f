"""Papers of the list that nobody has to upload, because the register itself proves what they would show."""

import datetime
from typing import Any

from applications.actions.answering import open_places
from applications.actions.moving import procedure_of
from applications.models import Application, Call
from applications.rules import ApplicationPolicy
from bases.models import Certification
from portal.policies.loader import pack_of


def proven(application: Application) -> dict[str, Certification]:
    """Return, by slot, the standing title of the base that a paper of the list would prove (`proves` in the pack)."""
    wanted = {document.proves: document.slot for document in procedure_of(application).uploads() if document.proves}
    held = Certification.objects.standing().filter(base_id=application.base_id, title__in=wanted) if wanted else ()
    return {wanted[row.title]: row for row in held}


def proven_at_the_door(call: Call, on: datetime.date) -> frozenset[str]:
    """Return the slots of papers that show a title nobody may apply without under the call.

    An upload never opens the door, so that no page may offer one instead.
    """
    return pack_of(call.policy, on=on).section(ApplicationPolicy).registered_alone(call.title, on)


def registered_alone(application: Application, on: datetime.date) -> frozenset[str]:
    """Return the slots of the list that take no file: the register shows them, and no correction list asks for one."""
    slots = proven_at_the_door(application.call, application.first_submitted_on or on)
    return slots - (open_places(application) or frozenset())


def papers_of(call: Call, on: datetime.date) -> dict[str, list[dict[str, Any]]]:
    """Return the list of papers of a call: what the operator uploads, what the register shows, what a bureau issues."""
    procedure = pack_of(call.policy, on=on).section(ApplicationPolicy).procedure(call.title)
    issued = {document.slot for document in procedure.documents} - {each.slot for each in procedure.uploads()}
    registered = proven_at_the_door(call, on)
    return {
        "uploads": [row for row in call.documents if row["slot"] not in issued | registered],
        "registered": [row for row in call.documents if row["slot"] in registered],
        "issued": [row for row in call.documents if row["slot"] in issued],
    }


def proof_of(application: Application) -> list[dict[str, Any]]:
    """Return the same as plain JSON, kept with what is filed: what stood in for a paper on the day it was handed in."""
    return [
        {
            "slot": slot,
            "name": title.titled,
            "certified_on": title.certified_on.isoformat(),
            "number": title.certificate_number or title.number,
        }
        for slot, title in proven(application).items()
    ]
