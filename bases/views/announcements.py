"""Papers that are being served by public announcement (公告送达): which, for whom, from when to when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import public_view
from portal.deadlines.today import business_today
from portal.documents.models import Service
from portal.web.pagination import paginate
from portal.web.parts import Crumb
from portal.web.place import place_or_404, site


@public_view
@require_safe
def announcements(request: HttpRequest, code: str) -> HttpResponse:
    """List what is announced at a place and below it now, newest first.

    Title, addressee and days, never what a paper says; over, an announcement is not shown any more, for it may concern
    proceedings that end without a revocation (M14).
    """
    jurisdiction = place_or_404(code)
    running = Service.objects.announced(on=business_today()).filter(region_code__startswith=jurisdiction.prefix)
    page = paginate(request, running.select_related("letter"), order=("-began_on", "-id"))
    crumbs = (Crumb(_("公示公告"), reverse("public:notices", args=[code])), Crumb(_("公告送达")))
    context = site(jurisdiction, *crumbs, home=reverse("public:home", args=[code]), page=page)
    return render(request, "bases/public_announcements.html", context)
