"""The open register: its list, its files, what was certified before, and a page for each base."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bases.exports import COLUMNS, PublicState, csv_rows, entry, json_parts, public_state, with_places
from bases.forms import Choices, RegisterForm
from bases.models import Ban, Base, Certification, HistoricEntry
from bases.rules import BasePolicy
from bases.states import Standing
from bases.views.base_events import base_events, decided_as
from portal.accounts.decorators import public_view
from portal.deadlines.today import business_now, business_today
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.loader import policy_in_force
from portal.policies.timeline import NoPolicyInForce
from portal.web.filters import chips
from portal.web.navigation import address
from portal.web.pagination import paginate
from portal.web.parts import Crumb
from portal.web.place import agencies, channel, place_or_404, site, site_of
from portal.web.templatetags.ui import tag
from portal.web.throttling import DOWNLOAD, limited

NEWEST_FIRST = ("-certified_on", "-id")


def register_form(request: HttpRequest, jurisdiction: Jurisdiction, on: datetime.date) -> RegisterForm:
    """Return the bound search form of a place, with the titles of its policy and the places below it."""
    titles, reviews = title_choices(jurisdiction, on), reviewed_there(jurisdiction, on)
    return RegisterForm(request.GET, jurisdiction=jurisdiction, titles=titles, on=on, reviews=reviews)


def reviewed_there(jurisdiction: Jurisdiction, on: datetime.date) -> bool:
    """Return whether a title of the policy in force there is ever due for re-certification (复评)."""
    try:
        return policy_in_force(BasePolicy, at=jurisdiction, on=on).reviews
    except NoPolicyInForce:
        return False


def title_choices(jurisdiction: Jurisdiction, on: datetime.date) -> Choices:
    """Return the titles of the policy in force there; two of one name are told apart by their level."""
    try:
        titles = policy_in_force(BasePolicy, at=jurisdiction, on=on).titles
    except NoPolicyInForce:
        return []
    return [(title.code, title.label) for title in titles]


def for_list(found: QuerySet[Certification]) -> QuerySet[Certification]:
    """Fetch with each certification what its row in the list shows."""
    return found.select_related("operator", "base__jurisdiction__parent").only(
        *("id", "number", "document", "paper_number", "title", "policy", "category_name", "status", "stood_as"),
        *("certified_on", "period_ends"),
        *("operator__name", "base__name", "base__slug"),
        *("base__jurisdiction__name", "base__jurisdiction__level", "base__jurisdiction__parent__name"),
    )


def _rows(page: Iterable[Certification], jurisdiction: Jurisdiction, on: datetime.date) -> list[dict[str, Any]]:
    """Return the rows of the list as text: one page is drawn from them without a look-up per cell."""
    address_of = reverse("public:base", args=["SLUG"])
    tags: dict[str, str] = {}
    rows = []
    for each in page:
        state, place = public_state(each, on), each.base.jurisdiction
        with_city = jurisdiction.level == Level.PROVINCE and place.level == Level.COUNTY and place.parent
        rows.append(
            {
                "href": address_of.replace("SLUG", each.base.slug),
                "base": each.base.name,
                "operator": each.operator.name,
                "place": f"{place.parent.name} {place.name}" if with_city and place.parent else place.name,
                "title": each.titled,
                "tag": tags.setdefault(state.word, tag(state.word, state.tone)),
                "overdue": state.overdue,
                "certified_on": each.certified_on.isoformat(),
                "until": _until(each, state),
                "number": each.certificate_number or each.number,
                "certificate": bool(each.certificate_number),
            }
        )
    return rows


def _until(title: Certification, state: PublicState) -> str:
    """Return until when the period of a title that is held runs; a policy may set none (政策未规定)."""
    if not state.holds:
        return "—"
    return _("至 %(end)s") % {"end": title.period_ends.isoformat()} if title.period_ends else _("政策未规定")


def wants_json(request: HttpRequest) -> bool:
    """Return whether the reader is a program that asks for JSON rather than a browser."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


@public_view
@require_safe
def register(request: HttpRequest, code: str) -> HttpResponse:
    """List the titles granted in a place, newest first, with search, filters and the state of today."""
    jurisdiction, now = place_or_404(code), business_now()
    today = now.date()
    if wants_json(request):
        return redirect(f"{reverse('api:certifications-list')}?{_api_query(request, jurisdiction)}")
    form = register_form(request, jurisdiction, today)
    page = paginate(request, for_list(form.chosen(today)), order=NEWEST_FIRST)
    query = request.GET.copy()
    query.pop("page", None)
    context = site(
        jurisdiction,
        Crumb(_("基地名册")),
        home=reverse("public:home", args=[code]),
        now=now,
        form=form,
        page=page,
        rows=_rows(page, jurisdiction, today),
        chips=chips(request, form),
        query=query.urlencode(),
    )
    response = render(request, "bases/public_register.html", context)
    patch_vary_headers(response, ("Accept",))
    return response


def _api_query(request: HttpRequest, jurisdiction: Jurisdiction) -> str:
    query = request.GET.copy()
    query["place"] = request.GET.get("place") or jurisdiction.code
    query.pop("page", None)
    return query.urlencode()


@limited(DOWNLOAD)
@public_view
@require_safe
def download(request: HttpRequest, code: str, kind: str) -> StreamingHttpResponse:
    """Send what the search found as a CSV or JSON file, row by row."""
    jurisdiction, today = place_or_404(code), business_today()
    profile = next((each for each in agencies(jurisdiction) if each.jurisdiction_id == jurisdiction.pk), None)
    licence = profile.licence if profile else ""
    form = register_form(request, jurisdiction, today)
    chosen = with_places(form.chosen(today)).order_by(*NEWEST_FIRST)
    part = "-part" if any(form.cleaned_data.values()) else ""  # what was filtered is not taken for the whole
    entries = _entries(chosen, today, licence)
    dictionary = request.build_absolute_uri(reverse("public:register_dictionary", args=[code]))
    head = {
        "title": _("%(place)s创业孵化基地名册") % {"place": jurisdiction.full_name},
        "publisher": profile.name if profile else "",
        "licence": licence,
        "updated_on": today.isoformat(),
        "dictionary": dictionary,
        "source": request.build_absolute_uri(reverse("public:register", args=[code])),
    }
    parts = csv_rows(entries) if kind == "csv" else json_parts(head, entries)
    media_type = "text/csv; charset=utf-8" if kind == "csv" else "application/json; charset=utf-8"
    response = StreamingHttpResponse((part.encode() for part in parts), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="register-{code}{part}-{today:%Y%m%d}.{kind}"'
    response["Link"] = f'<{dictionary}>; rel="describedby"'
    return response


def _entries(chosen: QuerySet[Certification], today: datetime.date, licence: str) -> Iterator[dict[str, Any]]:
    for certification in chosen.iterator(chunk_size=2000):
        yield entry(certification, on=today, licence=licence)


@public_view
@require_safe
def dictionary(request: HttpRequest, code: str) -> HttpResponse:
    """Show what each field of the open register means, under which licence it may be used, how to get it."""
    jurisdiction, today = place_or_404(code), business_today()
    home = reverse("public:home", args=[code])
    crumbs = Crumb(_("基地名册"), reverse("public:register", args=[code])), Crumb(_("数据说明"))
    context = site(jurisdiction, *crumbs, home=home, columns=COLUMNS, updated_on=today)
    return render(request, "bases/public_dictionary.html", context)


@public_view
@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """List what public sources say was certified, piloted or proposed before this register began."""
    jurisdiction = place_or_404(code)
    entries = HistoricEntry.objects.filter(region_code__startswith=jurisdiction.prefix)
    page = paginate(request, entries, order=("region_code", "title", "name"))
    crumbs = Crumb(_("基地名册"), reverse("public:register", args=[code])), Crumb(_("历史名录"))
    context = site(jurisdiction, *crumbs, home=reverse("public:home", args=[code]), page=page)
    return render(request, "bases/public_history.html", context)


@public_view
@require_safe
def base_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one base: its titles with their state today, what happened to them, and where to complain."""
    bases = Base.objects.public().select_related("operator", "jurisdiction__parent__parent__parent")
    base = get_object_or_404(bases, slug=slug.upper())
    if wants_json(request):
        return redirect("api:bases-detail", slug=base.slug)
    today, place = business_today(), base.jurisdiction
    held = list(base.certifications.select_related("letter").order_by(*NEWEST_FIRST))
    states = [public_state(each, today) for each in held]
    bureau, pack = site_of(place, today)
    register_ = reverse("public:register", args=[bureau.code])
    crumbs = (
        Crumb(_("基地名册"), register_),
        Crumb(place.full_name, f"{register_}?place={place.code}"),
        Crumb(base.name),
    )
    context = site(
        bureau,
        *crumbs,
        home=reverse("public:home", args=[bureau.code]),
        base=base,
        titles=[_title_today(each, state) for each, state in zip(held, states, strict=True)],
        bans=_bans(base, today),
        listed=_listed(base, today),
        pack=pack,
        events=base_events(base, held, today),
        complain=address("public:complain_about", (base.slug,)),
        any_holds=any(state.holds for state in states),
        any_revoked=any(state.code == Standing.REVOKED for state in states),
        verifiable=any(each.certificate_number for each in held),
    )
    context["channel"] = channel(agencies(place))
    response = render(request, "bases/public_base.html", context)
    patch_vary_headers(response, ("Accept",))
    return response


def _title_today(held: Certification, state: PublicState) -> dict[str, Any]:
    decision = decided_as(held) if state.code == Standing.REVOKED else ""
    return {"certification": held, "state": state, "decision": decision}


class Listed(NamedTuple):
    """A public notice whose list the base is on, of a case that is not decided yet."""

    href: str
    title: str
    until: datetime.date
    runs: bool


def _listed(base: Base, today: datetime.date) -> list[Listed]:
    """Return the public notices the base is on while its case goes on, each with its last day and whether it runs."""
    # The register does not know its cases; where they were published is named by its relation alone.
    waiting = base.applications.filter(decided_on=None, publications__isnull=False)
    named = (f"publications__notice__{field}" for field in ("jurisdiction__code", "pk", "title", "ends_on"))
    rows = waiting.order_by("-publications__notice__ends_on").values_list(*named)
    return [
        Listed(reverse("public:notice", args=[code, pk]), title, until, runs=today <= until)
        for code, pk, title, until in rows
    ]


def _bans(base: Base, today: datetime.date) -> list[tuple[Ban, str]]:
    """Return what may not be applied for today or later, each with the name of the title that was revoked."""
    found = base.bans.in_force().select_related("revocation__certification").order_by("-starts_on")
    return [
        (ban, ban.revocation.certification.titled if hasattr(ban, "revocation") else "")
        for ban in found
        if ban.as_rule().until >= today
    ]
