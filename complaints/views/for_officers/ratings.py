"""好差评: how the handling was rated, per bureau and month; what was done about bad ratings."""

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from complaints import actions
from complaints.actions.rating import BAD
from complaints.disclosure import suppressed, suppressed_part
from complaints.forms.handling import FollowUpForm
from complaints.forms.progress import ASPECTS
from complaints.models import Rating
from complaints.rules import ComplaintPolicy
from complaints.views.for_officers.asking import attempt, capacity_of
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import policy_in_force
from portal.policies.timeline import NoPolicyInForce
from portal.web.pagination import paginate

GRADES = {
    5: gettext_lazy("非常满意"),
    4: gettext_lazy("满意"),
    3: gettext_lazy("基本满意"),
    2: gettext_lazy("不满意"),
    1: gettext_lazy("非常不满意"),
}
MOST_MONTHS = 200


@officer_view(Permission.READ_CASES)
@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    """Show how the bureaus of the territory were rated by month; few ratings are only counted, not told apart.

    Bad ratings are listed one by one for the bureau that follows them up: any other would count from the list what the
    table does not tell.
    """
    here = capacity_of(request).jurisdiction
    found = Rating.objects.within(here)
    bad = Rating.objects.followed_up_at(here).filter(grade__lte=BAD).select_related("desk")
    context = {
        "here": here,
        "rows": _by_month(found, _least(here, business_today())),
        "page": paginate(request, bad, order=("followed_up_on", "-id")),
        "grades": GRADES,
        "handles": capacity_of(request).may(Permission.HANDLE_COMPLAINT),
    }
    return render(request, "complaints/officer_ratings.html", context)


def _least(here: Jurisdiction, on: datetime.date) -> int:
    """Return below which number ratings are not told apart; without a policy, the strictest that any pack says."""
    try:
        return policy_in_force(ComplaintPolicy, at=here, on=on).handling.suppress_below.value
    except NoPolicyInForce:
        return 3


def _by_month(found: Any, least: int) -> list[dict[str, Any]]:
    sums = (
        found.order_by()
        .values("desk__name", "month")
        .annotate(n=Count("pk"), average=Avg("grade"), bad=Count("pk", filter=Q(grade__lte=BAD)))
    )
    rows = list(sums.order_by("-month", "desk__code")[:MOST_MONTHS])
    return [
        row | {"few": suppressed(row["n"], least) is None, "bad": suppressed_part(row["bad"], row["n"], least)}
        for row in rows
    ]


@officer_view(Permission.HANDLE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what was done about a bad rating; which complaint it was about is not known.

    Its words are for the bureau that follows it up. For any other, the rated one first of all, it does not exist.
    """
    by = capacity_of(request)
    mine = Rating.objects.followed_up_at(by.jurisdiction).filter(grade__lte=BAD)
    found = get_object_or_404(mine.select_related("desk__parent", "followed_up_by"), pk=pk)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = attempt(
            request, form, lambda: actions.follow_up_rating(found, by=by, on=business_today(), **form.cleaned_data)
        )
        if answer or not form.errors:
            if answer is None:
                messages.success(request, _("核实整改情况已登记。"))
            return answer or redirect("complaints:ratings")
    aspects = [str(dict(ASPECTS).get(each, each)) for each in found.aspects]
    context = {"rating": found, "grade": GRADES.get(found.grade, ""), "aspects": aspects, "form": form}
    return render(request, "complaints/officer_rating.html", context, status=422 if form.errors else 200)
