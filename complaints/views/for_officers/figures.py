"""The figures over a list. A number that could point at somebody (below `suppress_below` of the pack) is not shown."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.disclosure import suppressed_all
from complaints.models import Complaint
from complaints.rules import ComplaintPolicy
from complaints.states import OPEN
from complaints.states import ComplaintStatus as S
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import policy_in_force
from portal.policies.timeline import NoPolicyInForce

PARTS = {
    "open": (gettext_lazy("办理中"), sorted(OPEN)),
    "upheld": (gettext_lazy("投诉有效"), [S.UPHELD]),
    "dismissed": (gettext_lazy("不予认定"), [S.DISMISSED, S.OVERTURNED]),
    "other": (gettext_lazy("其他办结"), [S.REJECTED, S.TRANSFERRED, S.WITHDRAWN]),
}


@dataclass(frozen=True)
class Figure:
    """One number of the line, in words; empty words are a number that is not shown."""

    label: str
    words: str


def figures_of(complaints: QuerySet[Complaint], here: Jurisdiction, on: datetime.date) -> list[Figure]:
    """Return the complaints received this year by what became of them; nothing where no policy is in force."""
    try:
        least = policy_in_force(ComplaintPolicy, at=here, on=on).handling.suppress_below.value
    except NoPolicyInForce:
        return []
    this_year = complaints.filter(received_on__gte=datetime.date(on.year, 1, 1)).order_by()
    counts = {name: Count("pk", filter=Q(status__in=at)) for name, (_label, at) in PARTS.items()}
    found: dict[str, int] = this_year.aggregate(**counts)
    shown, total = suppressed_all(found, least)
    named = [(_("%(year)s 年收到") % {"year": on.year}, total), *((str(PARTS[name][0]), shown[name]) for name in PARTS)]
    return [Figure(label, _("%(n)s 件") % {"n": n} if n is not None else "") for label, n in named]
