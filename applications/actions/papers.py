"""Papers of the list: which are still to be uploaded, and which nobody has to, because the register proves them."""

import datetime
from collections import Counter
from typing import Any

from applications.actions.answering import STAMPED, open_places, written_after_stamp
from applications.actions.moving import procedure_of
from applications.models import Application, Call
from applications.procedure import RequiredDocument
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


def lacking(application: Application, on: datetime.date) -> dict[str, str]:
    """Return the papers that are still to be uploaded, by slot, with a sentence for each.

    Of a draft that is the stamped page too, where an answer it shows was changed after it was uploaded; of a returned
    case the correction list says so itself (`demands`), and only what it opened is looked at.
    """
    places = open_places(application)
    there = Counter(application.attachments.filter(removed_at__isnull=True).values_list("slot", flat=True))
    needless = proven(application).keys() | registered_alone(application, on)
    found = {}
    for document in procedure_of(application).uploads():
        locked = places is not None and document.slot not in places
        if document.required and there[document.slot] < document.least and document.slot not in needless and not locked:
            found[document.slot] = _wanting(document, there[document.slot])
        elif document.slot == STAMPED and places is None and (names := written_after_stamp(application)):
            said = "、".join(f"“{name}”" for name in names)
            found[STAMPED] = f"上传“{document.name}”以后，{said}又改过。请重新打印、盖章、上传。"
    return found


def _wanting(document: RequiredDocument, there: int) -> str:
    if not there:
        return f"没有上传“{document.name}”。"
    left, unit = document.least - there, document.measure
    return f"“{document.name}”还差 {left} {unit}，至少 {document.least} {unit}。"


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
