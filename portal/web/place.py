"""The place whose public site is shown: found by its six-digit code, with what its pages have in common."""

import re
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import business_now
from portal.jurisdictions.models import NATION, AgencyProfile, Jurisdiction, Level
from portal.policies.loader import installed, pack_in_force
from portal.policies.timeline import NoPolicyInForce
from portal.web.parts import Crumb

A_CODE = re.compile(r"[0-9]{6}")
AT_A_PLACE = re.compile(r"/([0-9]{6})/")


def place_or_404(code: str) -> Jurisdiction:
    """Return the division of that code with all above it. Raises Http404."""
    if code == NATION:
        raise Http404(str(_("请先选择省、市。")))
    found = place_of(code)
    if found is None:
        raise Http404(str(_("没有区划代码 %(code)s。请核对网址，或从首页选择省、市。") % {"code": code}))
    return found


def place_of(code: str) -> Jurisdiction | None:
    """Return the division of that code with all above it; None for the nation and for what is no code of a division."""
    if code == NATION or not A_CODE.fullmatch(code):
        return None
    return Jurisdiction.objects.select_related("parent__parent__parent").filter(code=code).first()


def place_of_site(address: str) -> Jurisdiction | None:
    """Return the place on whose site an address lies, by the code it begins with; None where it begins with none."""
    code = AT_A_PLACE.match(address)
    return place_of(code[1]) if code else None


def site_of(place: Jurisdiction, on: date) -> tuple[Jurisdiction, str]:
    """Return on whose site a place is shown, and by which policy's id: whose policy governs it, else its province."""
    try:
        pack = pack_in_force(at=place, on=on)
    except NoPolicyInForce:
        return place.ancestor(Level.PROVINCE), ""
    return next(node for node in place.lineage() if node.code == pack.jurisdiction), pack.id


def only_site_below(place: Jurisdiction) -> str:
    """Return the code of the one place below that has a policy here; nothing where there is none, or several."""
    below = {pack.jurisdiction for pack in installed().values() if pack.jurisdiction.startswith(place.prefix)}
    return below.pop() if len(below) == 1 else ""


def agencies(jurisdiction: Jurisdiction) -> list[AgencyProfile]:
    """Return what the bureau of the place and those above it say of themselves, nearest first."""
    lineage = {node.pk: rank for rank, node in enumerate(jurisdiction.lineage())}
    profiles = AgencyProfile.objects.filter(jurisdiction__in=list(lineage)).select_related("jurisdiction")
    return sorted(profiles, key=lambda profile: lineage[profile.jurisdiction_id])


def channel(profiles: list[AgencyProfile]) -> AgencyProfile | None:
    """Return the nearest bureau that publishes a way to complain (GZ-26: the bureaus publish it, not the base)."""
    return next((profile for profile in profiles if profile.complaint_channel or profile.phone), None)


def site(jurisdiction: Jurisdiction, *crumbs: Crumb, home: str = "", **context: Any) -> dict[str, Any]:
    """Return the context that every public page of a place has.

    `home` is the address of its first page; `now`, where the page has asked already, the moment it speaks of.
    """
    profiles = agencies(jurisdiction)
    own = next((profile for profile in profiles if profile.jurisdiction_id == jurisdiction.pk), None)
    now = context.pop("now", None) or business_now()
    way = [Crumb(_("%(place)s首页") % {"place": jurisdiction.name}, home), *crumbs] if crumbs else []
    return {
        "jurisdiction": jurisdiction,
        "agency": own,
        "agencies": profiles,
        "channel": channel(profiles),
        "calendar": SimpleLazyObject(lambda: calendar_for(jurisdiction)),
        "data_as_of": now,
        "crumbs": way,
        **context,
    }
