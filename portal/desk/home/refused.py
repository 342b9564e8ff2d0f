"""What a refusal leaves an applicant to do: read why, contest it while one may, apply again where one may."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.states import ApplicationStatus
from applications.views.progress import title_name
from bases.views.for_operators import Remedy
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.desk.home.parts import First, Line
from portal.desk.home.standing import Situation
from portal.documents.remedies import RECONSIDERATION_DAYS, SUIT_MONTHS
from portal.web.parts import Fact


def refusal(situation: Situation) -> First | None:
    """Return the latest refusal that may still be contested and that no later application of the base came after."""
    found = next(iter(_contestable(situation)), None)
    return _first(found, situation) if found else None


def refusals(situation: Situation, first: First) -> Iterator[Line]:
    """Return how each refusal may still be contested, each until its day; what the first panel shows is left out."""
    for found in situation.applications_seen:
        if first.key != f"refused:{found.pk}" and found.status == ApplicationStatus.REFUSED:
            for number, each in enumerate(_open(found, situation.today)):
                yield Line(
                    f"refused:{found.pk}:{number}",
                    each.name,
                    f"{found.base.name}，{title_name(found)}",
                    _("不服不予认定决定的，%(where)s") % {"where": each.where},
                    each.until,
                    href=_address(found),
                    act=_("看决定书"),
                    mine=False,
                )


def _contestable(situation: Situation) -> list[Application]:
    """Return the refused applications whose remedies run, the latest first; one applied for anew since is left out."""
    found, later = [], set()
    for each in situation.applications_seen:  # the newest first
        of = (each.base_id, each.title)
        if each.status == ApplicationStatus.REFUSED and of not in later and _open(each, situation.today):
            found.append(each)
        if each.status != ApplicationStatus.WITHDRAWN:
            later.add(of)
    return found


def _first(found: Application, situation: Situation) -> First:
    ways, title = _open(found, situation.today), title_name(found)
    said = {"by": found.call.jurisdiction.name, "day": found.decided_on, "base": found.base.name, "title": title}
    facts = [
        Fact(_("结果"), _("%(by)s于 %(day)s 决定不予认定%(base)s为%(title)s") % said),
        Fact(_("为什么"), found.decision.reason),
        *(Fact(each.name, _until(each)) for each in ways),
        Fact(_("期限起算"), _("自收到决定书之日起算；这里按作出决定的 %(day)s 当天收到计算") % said),
        _next(found, situation),
    ]
    return First(
        f"refused:{found.pk}",
        _("没有获得认定：%(title)s") % {"title": title},
        tuple(facts),
        pack=found.policy,
        href=_address(found),
        act=_("看不予认定决定书"),
        mine=False,
        case=str(found.pk),
    )


def _until(each: Remedy) -> str:
    return _("%(where)s，最晚 %(day)s（含当日）") % {"where": each.where, "day": each.until.on}


def _next(found: Application, situation: Situation) -> Fact:
    answerable = (each for each in situation.calls if each.title == found.title)
    call = next((each for each in answerable if each.jurisdiction.covers(found.region_code)), None)
    if call is None:
        return Fact(_("下一步"), _("有新的申报通知时，会列在这里，可以重新申报"))
    href = reverse("applications:start", args=[call.pk])
    return Fact(_("下一步"), _("可以重新申报：%(call)s") % {"call": call.name}, href=href)


def _open(found: Application, today: datetime.date) -> list[Remedy]:
    """Return how a refusal may be contested that day, each until its day; the terms of law run from its receipt."""
    if found.decided_on is None:
        return []
    place = found.call.jurisdiction
    calendar, where = calendar_for(place), _("向%(place)s人民政府申请") % {"place": place.name}
    ways = (
        Remedy(_("行政复议"), where, due(found.decided_on, RECONSIDERATION_DAYS, "day", calendar)),
        Remedy(_("行政诉讼"), _("向人民法院提起"), due(found.decided_on, SUIT_MONTHS, "month", calendar)),
    )
    return [each for each in ways if each.until.on >= today]


def _address(found: Application) -> str:
    """Return where the decision is read; the case where its letter was not kept here."""
    letter = found.decision.letter
    if letter is not None:
        return reverse("documents:letter", args=[letter.key])
    return reverse("applications:overview", args=[found.pk])
