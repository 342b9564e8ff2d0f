"""Where an operator stands: its bases, the titles they hold, the applications that run, the calls it may answer."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Prefetch

from applications.actions.door import door
from applications.models import Application, Call, Objection
from applications.states import FINAL
from applications.states import ApplicationStatus as A
from applications.views.dossiers import RosterBeside
from bases.models import Base, Certification, Operator, Revocation
from bases.states import RevocationStatus
from portal.desk.home.rosters import short_rosters
from portal.desk.worklist.basis import Cases


@dataclass(frozen=True)
class Situation:
    """What the home of an operator is made of, fetched once."""

    operator: Operator
    now: datetime.datetime
    bases: list[Base] = field(default_factory=list)
    certifications: list[Certification] = field(default_factory=list)
    applications_seen: list[Application] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    shut: list[tuple[Call, str]] = field(default_factory=list)
    revoked: list[Revocation] = field(default_factory=list)
    rosters: dict[int, RosterBeside] = field(default_factory=dict)  # by base, where one is to be filled
    cases: Cases = field(default_factory=dict)  # what the tasks are about, with what their terms are counted from

    @property
    def today(self) -> datetime.date:
        """Return the business day."""
        return self.now.date()

    @property
    def running(self) -> list[Application]:
        """Return the applications that are drafted or under way."""
        return [each for each in self.applications_seen if each.status not in FINAL]

    @property
    def standing(self) -> list[Certification]:
        """Return the titles that are held."""
        return [each for each in self.certifications if each.stands]

    def applied(self, call: Call) -> bool:
        """Whether a base has handed in an application under a call."""
        return any(each.call_id == call.pk and each.first_submitted_on for each in self.applications_seen)

    def ended(self, call: Call) -> Application | None:
        """Return the last application for the title of a call that was handed in and came to nothing; None without.

        That of a base which the call does not cover says nothing of it.
        """
        filed = (each for each in self.applications_seen if each.title == call.title and each.first_submitted_on)
        last = next((each for each in filed if call.jurisdiction.covers(each.region_code)), None)
        return last if last is not None and last.status in {A.REFUSED, A.WITHDRAWN} else None


def situation_of(operator: Operator, now: datetime.datetime) -> Situation:
    """Return where the operator stands at a moment.

    Six queries, one more where an application led to a title, and a few for every open call it may answer.
    """
    bases = list(
        Base.objects.filter(operator=operator).select_related("jurisdiction__parent__parent__parent").order_by("pk")
    )
    certifications = Certification.objects.filter(base__in=bases).select_related("base", "certificate")
    held = list(certifications.order_by("-certified_on", "-pk"))
    places = ("jurisdiction__parent__parent", "desk__parent__parent__parent", "call__jurisdiction__parent")
    applications = Application.objects.of_operator(operator.pk).select_related("base", "decision__letter", *places)
    objected = Objection.objects.only("application", "status", "received_on", "answered_on").order_by("pk")
    seen = list(applications.prefetch_related(Prefetch("objections", objected)).order_by("-pk"))
    related = ("certification", "base__jurisdiction", "decider", "decision")
    revoked = Revocation.objects.filter(operator=operator, status=RevocationStatus.REVOKED).select_related(*related)
    gone = list(revoked.order_by("-served_on", "-pk"))
    rosters = short_rosters([each for each in held if each.stands], seen, now.date())
    return Situation(operator, now, bases, held, seen, *_calls(bases, held, seen, now), gone, rosters)


def _calls(
    bases: list[Base], held: list[Certification], seen: list[Application], now: datetime.datetime
) -> tuple[list[Call], list[tuple[Call, str]]]:
    """Return the open calls for which a base may still apply, the first to close first; and those shut, with why.

    A base that holds the title, or has an application for it that runs, is left out; one that was refused or withdrew
    may apply again.
    """
    reaching = {place.pk for base in bases for place in base.jurisdiction.lineage()}
    found = Call.objects.open_at(now).filter(jurisdiction__in=reaching).select_related("jurisdiction")
    taken = {(each.base_id, each.title) for each in held if each.stands}
    taken |= {(each.base_id, each.title) for each in seen if each.status not in FINAL}

    def free(base: Base, call: Call) -> bool:
        return (base.pk, call.title) not in taken and call.jurisdiction.covers(base.region_code)

    open_calls, shut = [], []
    for call in found.order_by("closes_at", "pk"):
        doors = [door(call, base, on=now.date()) for base in bases if free(base, call)]
        if any(each.allowed for each in doors):
            open_calls.append(call)
        elif doors:
            shut.append((call, "".join(obstacle.says for obstacle in doors[0].obstacles)))
    return open_calls, shut
