"""The count of a base on screen: which complaints count, which do not and why, out of how many, under which clause."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bases.models import Base, Revocation
from complaints.models import Complaint, Misconduct, count_of
from complaints.states import OPEN
from complaints.views.for_officers.asking import capacity_of
from complaints.views.for_officers.entering import base_in_territory
from complaints.views.for_officers.misconduct import handling_at, verifies
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.web.navigation import address
from portal.web.parts import Crumb


@officer_view(Permission.READ_CASES)
@require_safe
def for_base(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the complaints about a base: the count with its lines, what is under way, misconduct, proceedings."""
    base, by, today = base_in_territory(request, pk), capacity_of(request), business_today()
    running = Complaint.objects.filter(base=base, status__in=sorted(OPEN)).reaching_officers()
    context = {
        "base": base,
        "count": count_of(base, today),
        "running": list(running.select_related("desk").order_by("-received_on", "-pk")[:100]),
        "misconduct": list(Misconduct.objects.filter(base=base).order_by("-reported_on", "-pk")),
        "proceedings": Revocation.objects.running().filter(base=base).first(),
        "crumbs": [
            Crumb(_("基地名册"), address("bases:register")),
            Crumb(base.name, address("desk:base", (base.pk,))),
            Crumb(_("投诉")),
        ],
        "handles": by.may(Permission.HANDLE_COMPLAINT),
        "reports": _reports(base, by, today),
    }
    return render(request, "complaints/officer_base.html", context)


def _reports(base: Base, by: Capacity, on: datetime.date) -> bool:
    """Whether the officer may report misconduct of the base; nobody where no policy is in force."""
    law = handling_at(base, on)
    return law is not None and verifies(base, by, law)
