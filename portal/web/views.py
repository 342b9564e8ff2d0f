"""Pages that belong to no case: choosing a place, display settings, statements, handbooks."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import public_view
from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction
from portal.policies.packs import all_packs
from portal.web.display import changed, display_of, keep_display
from portal.web.place import place_of_site

HANDBOOKS = {
    "public": _("公众：查基地、核验证书、投诉"),
    "operator": _("运营机构：申报和日常办理"),
    "county": _("经办人员：核对、补正、推荐和初审"),
    "province": _("认定机关：批次、考察、公示和决定"),
}


@public_view
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Choose a province or city, with the name of its policy; one whose period is over still governs (0152)."""
    today = business_today()
    begun = [pack for pack in all_packs().values() if pack.applies_from.value <= today]
    packs = {pack.jurisdiction: pack for pack in sorted(begun, key=lambda pack: pack.applies_from.value)}
    places = Jurisdiction.objects.filter(code__in=packs).select_related("parent__parent")
    found = [(place, packs[place.code]) for place in places]
    rows = [{"place": place, "pack": pack, "applies": pack.applies_on(today)} for place, pack in found]
    over = sum(not row["applies"] for row in rows)
    return render(request, "web/home.html", {"rows": rows, "over": over})


@public_view
@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """Change text size, contrast, 长辈版 or language by link, and go back; without a choice, show the settings.

    Only cookies change, so a link may do it: a form on every public page would need a token, hence a session.
    """
    choice = {name: request.GET.get(name, "") for name in ("text", "contrast", "elder", "lang") if name in request.GET}
    back = _safe_next(request)
    if not choice:
        return render(request, "web/display.html", {"next": back, "jurisdiction": place_of_site(back)})
    response = HttpResponseRedirect(back)
    keep_display(response, changed(display_of(request), choice), secure=request.is_secure())
    if choice.get("lang") in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            choice["lang"],
            max_age=365 * 24 * 3600,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response


def _safe_next(request: HttpRequest) -> str:
    """Return the page to go back to, never one of another site."""
    target = request.GET.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"


@public_view
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what the portal does for accessibility and what it does not do yet."""
    return render(request, "web/accessibility.html")


@public_view
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show which personal data is kept, why, how long, and how to ask about it."""
    return render(request, "web/privacy.html")


@public_view
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """List the handbooks."""
    return render(request, "web/help.html", {"handbooks": HANDBOOKS.items()})


@public_view
@require_safe
def help_page(request: HttpRequest, role: str) -> HttpResponse:
    """Show the handbook of one role."""
    if role not in HANDBOOKS:
        raise Http404(str(_("没有这一本手册。")))
    context: dict[str, Any] = {"title": HANDBOOKS[role], "handbooks": HANDBOOKS.items(), "role": role}
    return render(request, f"web/help_{role}.html", context)


@public_view
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Send old browsers that ask for /favicon.ico to the drawn icon."""
    return redirect(f"{settings.STATIC_URL}favicon.svg", permanent=True)
