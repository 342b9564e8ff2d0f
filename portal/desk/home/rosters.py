"""The roster of a base that was certified, where it is still to be filled: assessments go by it."""

import datetime
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Submission
from applications.views.dossiers import RosterBeside, roster_beside, with_roster
from bases.models import Base, Certification
from portal.desk.home.parts import Line
from portal.web.parts import Fact

FRESH_DAYS = 60  # so long a new certificate is what an operator looks for


def short_rosters(
    held: Iterable[Certification], seen: Iterable[Application], today: datetime.date
) -> dict[int, RosterBeside]:
    """Return, by base, the rosters that hold fewer tenants than the application that was granted said.

    `held` are titles that stand, `seen` the applications there were. Tenants move out over the years: of a title that
    is no longer new only an empty roster is named. One query, none where no application led to a title.
    """
    since = {each.pk: each.certified_on for each in held}
    granted = {each.pk: since[each.certification_id] for each in seen if each.certification_id in since}
    found = {}
    for submission in _filed_last(granted, today) if granted else ():
        base, present = submission.application.base_id, getattr(submission, "present", 0)
        href = reverse("bases:my_roster", args=[base])
        beside = roster_beside(submission.application, submission.answers, present, href)
        fresh = (today - granted[submission.application_id]).days <= FRESH_DAYS
        if beside is not None and beside.short and (fresh or not present):
            found[base] = beside
    return found


def _filed_last(granted: Iterable[int], today: datetime.date) -> "QuerySet[Submission]":
    """Return the newest submission of each base, with the number of tenants on its roster today as `present`."""
    filed = with_roster(Submission.objects.filter(application__in=granted), today).select_related("application")
    return filed.order_by("application__base", "-submitted_at").distinct("application__base")


def roster_lines(bases: Iterable[Base], rosters: Mapping[int, RosterBeside]) -> list[Line]:
    """Return a line for each roster that is to be filled: no day is set for it."""
    return [_line(base, rosters[base.pk]) for base in bases if base.pk in rosters]


def _line(base: Base, roster: RosterBeside) -> Line:
    counts = _("%(said)s；考核、复评以名册为准") if roster.reviewed else _("%(said)s；请在名册里逐户登记")
    return Line(
        f"roster:{base.pk}",
        _("在孵实体名册"),
        base.name,
        counts % {"said": _said(roster)},
        None,
        href=roster.href,
        act=_("去登记名册"),
    )


def roster_fact(roster: RosterBeside) -> Fact:
    """Return the roster as a thing to do beside the new certificate."""
    return Fact(_("还要办"), _("在名册里逐户登记在孵实体（%(said)s）") % {"said": _said(roster)}, href=roster.href)


def _said(roster: RosterBeside) -> str:
    return _("申报书填 %(filed)s 户，名册现有 %(present)s 户") % {"filed": roster.filed, "present": roster.present}
