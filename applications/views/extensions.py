"""That a call was given more time, told beside its notice, which still names the first deadline."""

import datetime
from dataclasses import dataclass

from applications.models import Call
from portal.audit.recording import timeline
from portal.documents.models import Letter


@dataclass(frozen=True)
class Extension:
    """More time for a call: the day it was given, from when to when, why, and the notice of it where one was issued."""

    on: datetime.date
    before: datetime.datetime
    until: datetime.datetime
    because: str
    letter: Letter | None


def extensions_of(call: Call) -> list[Extension]:
    """Return every extension of a call, the one that holds first."""
    subject = {"subject_type": call._meta.label_lower, "subject_id": str(call.pk)}
    issued = {letter.reference: letter for letter in Letter.objects.filter(kind="call.extension", **subject)}
    return [
        Extension(
            event.on,
            datetime.datetime.fromisoformat(event.facts["before"]),
            datetime.datetime.fromisoformat(event.facts["after"]),
            event.facts["reason"],
            issued.get(event.facts.get("letter", "")),
        )
        for event in timeline(call).filter(verb="call.extended").reverse()
    ]
