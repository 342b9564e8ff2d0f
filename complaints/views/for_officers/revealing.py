"""Who complains, in full: after the password once more, for a stated purpose, once, on record."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from complaints import actions
from complaints.forms.handling import RevealForm
from complaints.models import Complainant, Complaint
from complaints.views.for_officers.asking import attempt, capacity_of, complaint_in_territory
from portal.accounts.decorators import officer_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.web.parts import Fact

LABELS = {"name": _("姓名"), "phone": _("电话"), "mail": _("邮箱"), "business": _("所在企业或项目")}


@never_cache  # no-store: neither a proxy nor the browser keeps the page
@officer_view(Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING)
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the purpose; on the answer to that form, and nowhere else, say who complains.

    A stranger's complaint does not exist, whether or not the password was given again.
    """
    answer: HttpResponse = _after_the_password(request, complaint_in_territory(request, pk))
    return answer


@reauthentication_required
@sensitive_variables("found", "context")
def _after_the_password(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    by, form = capacity_of(request), RevealForm(request.POST or None)
    found: list[Complainant | None] = []
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            form,
            lambda: found.append(actions.reveal_identity(complaint, by=by, on=business_today(), **form.cleaned_data)),
        )
    context = {
        "complaint": complaint,
        "form": form,
        "shown": _facts(found[0]) if found else None,
        "who": list(actions.masked_identity(complaint, by=by).values()),
    }
    return render(request, "complaints/officer_identity.html", context, status=422 if form.errors else 200)


def _facts(identity: Complainant | None) -> list[Fact]:
    if identity is None:
        return []
    return [Fact(str(label), getattr(identity, field)) for field, label in LABELS.items() if getattr(identity, field)]
