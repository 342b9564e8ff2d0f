"""Whom a bureau's letters go to: the bureaus below it, as the divisions there are called."""

import re

from portal.documents.letters import agency_of
from portal.jurisdictions.models import Jurisdiction, Level
from portal.jurisdictions.wording import places_in_words

BELOW = {Level.PROVINCE: "city", Level.CITY: "county"}


def bureaus_below(at: Jurisdiction) -> str:
    """Return whom a bureau's notice goes to: 各市（州）人力资源和社会保障局; pages name the divisions below it alike.

    Empty for a county, and for a city without counties: they have no bureau below them.
    """
    level = BELOW.get(Level(at.level))
    if level is None or not at.children.filter(is_functional_zone=False, valid_to__isnull=True).exists():
        return ""
    return f"各{places_in_words(level, at.code)}{office(at)}"


def office(at: Jurisdiction) -> str:
    """Return what the bureaus below are called, after the name of the one above: 人力资源和社会保障局."""
    name = agency_of(at).name
    branch = name.removeprefix(at.name)
    if branch != name and branch.endswith(("厅", "局", "委员会")):
        return re.sub("厅$", "局", branch)
    return "主管部门"
