"""The figures over a list that shows every case below them: nothing is held back from who can count the rows himself.

Where the cases themselves are not shown (other bureaus' ratings, bases, the public), small numbers are suppressed.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint
from complaints.rules import ComplaintPolicy
from complaints.states import OPEN
from complaints.states import ComplaintStatus as S
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import policy_in_force
from portal.policies.timeline import NoPolicyInForce

PARTS = {
    "open": (gettext_lazy("办理中"), Q(status__in=sorted(OPEN), held_back=False)),
    "upheld": (gettext_lazy("投诉有效"), Q(status=S.UPHELD)),
    "dismissed": (gettext_lazy("不予认定"), Q(status__in=[S.DISMISSED, S.OVERTURNED])),
    "other": (gettext_lazy("其他办结"), Q(status__in=[S.REJECTED, S.TRANSFERRED, S.WITHDRAWN])),
}
HELD = Q(status__in=sorted(OPEN), held_back=True)


@dataclass(frozen=True)
class Figure:
    """One number of the line, in words."""

    label: str
    words: str


def figures_of(complaints: QuerySet[Complaint], here: Jurisdiction, on: datetime.date) -> list[Figure]:
    """Return the complaints received this year by what became of them, what waits in quarantine included.

    Nothing where no policy is in force.
    """
    try:
        policy_in_force(ComplaintPolicy, at=here, on=on)
    except NoPolicyInForce:
        return []
    this_year = complaints.filter(received_on__gte=datetime.date(on.year, 1, 1)).order_by()
    counts = {name: Count("pk", filter=these) for name, (_label, these) in PARTS.items()}
    found: dict[str, int] = this_year.aggregate(all=Count("pk"), held=Count("pk", filter=HELD), **counts)
    said = _("%(n)s 件，其中 %(held)s 件待甄别") if found["held"] else _("%(n)s 件")
    received = Figure(_("%(year)s 年收到") % {"year": on.year}, said % {"n": found["all"], "held": found["held"]})
    return [received, *(Figure(str(PARTS[name][0]), _("%(n)s 件") % {"n": found[name]}) for name in PARTS)]
