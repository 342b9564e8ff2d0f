"""What search engines may read: robots.txt and the map of the site, pages and bases."""

from collections.abc import Iterable
from xml.etree import ElementTree

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Call, PublicNotice
from applications.states import CallStatus
from bases.models import Base
from portal.accounts.decorators import public_view
from portal.policies.loader import installed

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
BASES_PER_FILE = 20_000
MOST_FILES = 50_000  # as many as an index of maps may name (sitemaps.org)
NEWEST = 5_000
PLACE_PAGES = ("home", "calls", "notices", "register", "register_history", "register_dictionary", "contacts", "policy")
CLOSED = ("/desk/", "/account/", "/api/schema/", "/display/", "/i18n/", "/verify/")


@public_view
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Leave the staff's and people's own pages out, and name the map."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {_full(request, 'sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public_view
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the maps."""
    files = -(-Base.objects.public().count() // BASES_PER_FILE)
    parts = [_full(request, "sitemap_pages"), *(_full(request, "sitemap_bases", n) for n in range(1, files + 1))]
    return _xml("sitemapindex", "sitemap", parts)


@public_view
@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """Map the pages of every place whose policy is in the portal, their calls and notices."""
    codes = sorted({pack.jurisdiction for pack in installed().values()})
    found = [_full(request, name, code) for code in codes for name in PLACE_PAGES]
    published = Call.objects.filter(status__in=[CallStatus.PUBLISHED, CallStatus.CLOSED])
    for name, rows in (("call", published), ("notice", PublicNotice.objects.all())):
        newest = rows.order_by("-pk").values_list("region_code", "pk")[:NEWEST]
        found += [_full(request, name, code, pk) for code, pk in newest]
    return _xml("urlset", "url", [request.build_absolute_uri(reverse("web:home")), _full(request, "verify"), *found])


@public_view
@require_safe
def bases(request: HttpRequest, number: int) -> HttpResponse:
    """Map the pages of the bases, one file of many."""
    start = (number - 1) * BASES_PER_FILE
    slugs = Base.objects.public().order_by("pk").values_list("slug", flat=True)
    found = []
    if 1 <= number <= MOST_FILES:
        found = [_full(request, "base", slug) for slug in slugs[start : start + BASES_PER_FILE]]
    if not found:
        raise Http404(str(_("没有这一份网站地图。")))
    return _xml("urlset", "url", found)


def _full(request: HttpRequest, name: str, *arguments: object) -> str:
    return request.build_absolute_uri(reverse(f"public:{name}", args=arguments))


def _xml(root: str, entry: str, addresses: Iterable[str]) -> HttpResponse:
    tree = ElementTree.Element(root, xmlns=SPACE)
    for address in addresses:
        ElementTree.SubElement(ElementTree.SubElement(tree, entry), "loc").text = address
    text = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
