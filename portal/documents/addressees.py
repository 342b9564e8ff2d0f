"""Whom a bureau's letters go to: the bureaus below it, as the divisions there are called."""

import re

from portal.documents.letters import agency_of
from portal.jurisdictions.models import Jurisdiction, Level

KINDS = {
    Level.PROVINCE: ("盟", "地区", "市", "自治州"),
    Level.CITY: ("县", "市", "区", "旗"),
}


def bureaus_below(at: Jurisdiction) -> str:
    """Return whom a bureau's notice goes to: 各市（自治州）人力资源和社会保障局, as the divisions below it are called.

    Empty for a county, which has no bureau below it.
    """
    kinds = KINDS.get(Level(at.level))
    if kinds is None:
        return ""
    names = at.children.filter(is_functional_zone=False, valid_to__isnull=True).values_list("name", flat=True)
    found = [kind for kind in kinds if any(name.endswith(kind) for name in names)]
    if not found:
        return ""
    others = f"（{'、'.join(found[1:])}）" if found[1:] else ""
    return f"各{found[0]}{others}{office(at)}"


def office(at: Jurisdiction) -> str:
    """Return what the bureaus below are called, after the name of the one above: 人力资源和社会保障局."""
    name = agency_of(at).name
    branch = name.removeprefix(at.name)
    if branch != name and branch.endswith(("厅", "局", "委员会")):
        return re.sub("厅$", "局", branch)
    return "主管部门"
