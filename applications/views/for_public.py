"""The public site of a place: its first page, its calls, its notices."""

import datetime
import re
from typing import Any, NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.actions.calls import reason_in_words, reason_shown
from applications.actions.papers import papers_of
from applications.letters.calls import percent, whom_it_binds
from applications.letters.sources import basis_of_continuation, call_pack
from applications.models import Application, Call, PublicNotice
from applications.procedure import Procedure
from applications.querysets import CallQuerySet
from applications.rules import ApplicationPolicy
from applications.states import FINAL, ApplicationStatus, CallStatus
from applications.views.extensions import extensions_of
from applications.views.papers import counted
from applications.views.places import places_in
from applications.views.since import ruled_since
from bases.models import Certification, title_called
from bases.rules import BasePolicy
from portal.accounts.decorators import public_view
from portal.deadlines.terms import Due
from portal.deadlines.today import business_now, business_today
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.loader import pack_in_force
from portal.policies.packs import Pack
from portal.policies.schema import Value
from portal.policies.timeline import NoPolicyInForce
from portal.web.clauses import clause_link
from portal.web.navigation import address
from portal.web.pagination import paginate
from portal.web.parts import Crumb, Step, Tone
from portal.web.place import only_site_below, place_or_404, site

A = ApplicationStatus
SHOWN_AT_HOME = 4
NAMED_IN_LISTS = 2
CHILD_PREFIX = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6}


class Tagged(NamedTuple):
    """A state as a tag shows it, and since when."""

    word: str
    tone: Tone
    on: datetime.date | None


def public_calls(jurisdiction: Jurisdiction) -> CallQuerySet:
    """Return calls that were published by the bureau of the place, by those above it and by those below."""
    seen_from_here = Q(region_code__startswith=jurisdiction.prefix) | Q(jurisdiction__in=jurisdiction.lineage())
    published = Q(
        status__in=[CallStatus.PUBLISHED, CallStatus.CLOSED, CallStatus.WITHDRAWN], published_on__isnull=False
    )
    return Call.objects.filter(published, seen_from_here).select_related("jurisdiction__agency", "letter")


def public_notices(jurisdiction: Jurisdiction) -> QuerySet[PublicNotice]:
    """Return notices of the bureau of the place, of those above it and of those below."""
    seen_from_here = Q(region_code__startswith=jurisdiction.prefix) | Q(jurisdiction__in=jurisdiction.lineage())
    return PublicNotice.objects.filter(seen_from_here).select_related("jurisdiction__agency", "letter", "call")


def with_lists(jurisdiction: Jurisdiction) -> QuerySet[PublicNotice]:
    """Return the notices that concern a place, newest first, fetched with who is on their lists."""
    listed = Prefetch("applications", Application.objects.select_related("base").order_by("region_code", "pk"))
    return public_notices(jurisdiction).prefetch_related(listed).order_by("-published_on", "-pk")


def whom(found: PublicNotice) -> str:
    """Return whose notice it is, since titles repeat: the first names on its list and how many there are."""
    names = [application.base.name for application in found.applications.all()]
    first = "、".join(names[:NAMED_IN_LISTS])
    return _("%(names)s等 %(n)s 家") % {"names": first, "n": len(names)} if len(names) > NAMED_IN_LISTS else first


def contact_lines(found: PublicNotice) -> list[str]:
    """Return the contact of a notice, phone and address apart: nobody dials a street."""
    return [part.strip() for part in re.split("[，；]", found.contact) if part.strip()]


def procedure_for(call: Call) -> tuple[Pack | None, Procedure | None]:
    """Return the policy of a call and its procedure as they stood when it was published, as far as still installed."""
    try:
        pack = call_pack(call)
        return pack, pack.section(ApplicationPolicy).procedure(call.title)
    except LookupError:
        return None, None


def prerequisites(pack: Pack | None, call: Call, on: datetime.date) -> list[dict[str, Any]]:
    """Return the titles one must hold before applying under the call, each with its rule."""
    if pack is None:
        return []
    titles, rules = pack.section(BasePolicy), pack.section(ApplicationPolicy).eligibility
    return [{"name": titles.title(rule.needs.value).label, "rule": rule.needs} for rule in rules.needed(call.title, on)]


def conditions_to_meet(pack: Pack | None, call: Call) -> list[dict[str, Any]]:
    """Return the figures and facilities the call's title demands of the base itself, each with its rule."""
    if pack is None:
        return []
    rules = pack.section(ApplicationPolicy).eligibility
    shares = [
        {
            "text": _("%(name)s不低于 %(share)s")
            % {"name": f"{whom_it_binds(rule)}{rule.name}", "share": percent(rule.at_least.value)},
            "rule": rule.at_least,
        }
        for rule in rules.of_title(call.title).shares
    ]
    return shares + [{"text": _("具备%(name)s") % {"name": rule.name}, "rule": rule.flags} for rule in rules.checklists]


def steps_of(procedure: Procedure | None, pack: Pack | None) -> list[Step]:
    """Return the steps of a procedure as the flow of the look shows them, each with its days and their clause."""
    if procedure is None:
        return []
    terms = [(step, procedure.open_to_all(step)) for step in procedure.steps]
    return [
        Step(step.name, _("%(n)s 个工作日") % {"n": term.value}, more=clause_link(pack, term)) for step, term in terms
    ]


@public_view
@require_safe
def short_home(request: HttpRequest, code: str) -> HttpResponse:
    """Lead 52 and 5203 to the full code of the place."""
    return redirect("public:home", code=f"{code:0<6}")


@public_view
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a place has to offer: search, the open call, notices, calls, the numbers of its register.

    A province without a policy of its own leads to the one city below that has one.
    """
    jurisdiction, now = place_or_404(code), business_now()
    today = now.date()
    governed = _pack(jurisdiction, today)
    if governed is None and (below := only_site_below(jurisdiction)):
        return redirect("public:home", code=below)
    calls = list(public_calls(jurisdiction).order_by("-published_on", "-pk")[:SHOWN_AT_HOME])
    running = list(public_calls(jurisdiction).open_at(now).order_by("closes_at", "pk"))
    open_call = running[0] if running else None
    pack, procedure = procedure_for(open_call) if open_call else (governed, None)
    if procedure is None and pack is not None:
        procedures = pack.section(ApplicationPolicy).procedures
        procedure = procedures[0] if procedures else None
    context = site(
        jurisdiction,
        now=now,
        call=open_call,
        open_besides=running[1:],
        pack=pack,
        procedure=procedure,
        needs=prerequisites(pack, open_call, today) if open_call else [],
        papers=_papers(open_call, today) if procedure else {},
        steps=steps_of(procedure, pack),
        notices=[(each, whom(each)) for each in with_lists(jurisdiction)[:SHOWN_AT_HOME]],
        calls=calls,
        complain=address("public:complain", (code,)),
        apply=_where_to_start(open_call, code) if open_call else "",
        taken=places_in(open_call) if open_call else None,
        basis=basis_of_continuation(open_call, pack) if open_call and pack else "",
        since=ruled_since(open_call, today) if open_call else [],
        **_numbers(jurisdiction, today),
    )
    return render(request, "applications/public_home.html", context)


def _where_to_start(call: Call, code: str) -> str:
    """Return where one begins to apply under a call while it is open, also where its policy has ended.

    Whoever has to sign in or register first is led there with the place on whose site the call was read.

    A call published within the period of the policy stays open; none is published later without a basis (0152).
    """
    start = address("applications:start", (call.pk,))
    return f"{start}?{urlencode({'at': code})}" if start else ""


def _pack(jurisdiction: Jurisdiction, on: datetime.date) -> Pack | None:
    try:
        return pack_in_force(at=jurisdiction, on=on)
    except NoPolicyInForce:
        return None


def _papers(call: Call | None, on: datetime.date) -> dict[str, Any]:
    """Return how many papers a call asks its applicants for and the first two by name."""
    papers = papers_of(call, on) if call else {"uploads": []}
    names = [row["name"] for row in papers["uploads"]]
    return {"counted": counted(papers), "first": names[:2], "more": len(names) > 2}


def _numbers(jurisdiction: Jurisdiction, on: datetime.date) -> dict[str, Any]:
    """Return how many bases hold a title, for the place and for each place right below it.

    A base that holds several titles counts once (G-17).
    """
    held = Certification.objects.within(jurisdiction).standing().order_by()
    length = CHILD_PREFIX.get(Level(jurisdiction.level), 6)
    grouped = held.annotate(below=Left("region_code", length))
    counts = dict(grouped.values_list("below").annotate(bases=Count("base", distinct=True)))
    titles: dict[str, list[str]] = {}
    granted = ("policy", "title", "category_name")
    for below, *named, bases in grouped.values_list("below", *granted).annotate(Count("base", distinct=True)):
        titles.setdefault(below, []).append(f"{title_called(*named)} {bases}")
    children = Jurisdiction.objects.filter(parent=jurisdiction).in_force(on).order_by("code")
    most = max(counts.values(), default=0)
    rows = [
        {
            "place": place,
            "count": counts.get(place.code[:length], 0),
            "words": "，".join(sorted(titles.get(place.code[:length], []))),
            "shade": -(-3 * counts.get(place.code[:length], 0) // most) if most else 0,
        }
        for place in children
    ]
    by_title = held.values(*granted).annotate(count=Count("base", distinct=True)).order_by("-count", "category_name")
    return {
        "total": held.aggregate(bases=Count("base", distinct=True))["bases"],
        "places": rows,
        "by_title": [
            {"title": row["title"], "name": title_called(*(row[key] for key in granted)), "count": row["count"]}
            for row in by_title
        ],
        "covered": sum(1 for row in rows if row["count"]),
    }


@public_view
@require_safe
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """List the calls that concern a place, newest first."""
    jurisdiction, now = place_or_404(code), business_now()
    page = paginate(request, public_calls(jurisdiction), order=("-published_on", "-id"))
    context = site(jurisdiction, Crumb(_("申报通知")), home=reverse("public:home", args=[code]), page=page, now=now)
    context["now"] = now
    return render(request, "applications/public_calls.html", context)


@public_view
@require_safe
def call(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a call: for whom, until when, which papers, how many, by which steps."""
    jurisdiction, now = place_or_404(code), business_now()
    found = get_object_or_404(public_calls(jurisdiction), pk=pk)
    pack, procedure = procedure_for(found)
    crumbs = Crumb(_("申报通知"), reverse("public:calls", args=[code])), Crumb(found.name)
    context = site(
        jurisdiction,
        *crumbs,
        home=reverse("public:home", args=[code]),
        call=found,
        is_open=found.is_open(now),
        upcoming=found.status == CallStatus.PUBLISHED and now < found.opens_at,
        pack=pack,
        procedure=procedure,
        steps=steps_of(procedure, pack),
        needs=prerequisites(pack, found, now.date()),
        demands=conditions_to_meet(pack, found),
        title_name=pack.section(BasePolicy).title(found.title).label if pack else "",
        since=ruled_since(found, now.date()),
        papers=[(row, _asked_under(row, procedure)) for row in found.documents],
        **_slots(found, now.date(), known=procedure is not None),
        letter=_public_letter(found),
        reason=(reason := reason_shown(found)),
        reason_word=reason_in_words(found) if reason else "",
        extensions=extensions_of(found),
        notices=[(each, whom(each)) for each in with_lists(found.jurisdiction).filter(call=found)],
        taken=places_in(found),
        apply=_where_to_start(found, code),
    )
    return render(request, "applications/public_call.html", context)


def _asked_under(row: dict[str, Any], procedure: Procedure | None) -> Value[str] | str:
    """Return on what a paper of the list rests, marked as assumed where the whole procedure is a sample."""
    clause = str(row.get("clause", ""))
    return procedure.asked_under(clause) if procedure is not None and clause else clause


def _slots(call: Call, on: datetime.date, *, known: bool) -> dict[str, Any]:
    """Return how many papers applicants upload, and the slots of those that the register shows or a bureau issues."""
    if not known:
        return {"asked": counted({"uploads": call.documents}), "registered": (), "issued": ()}
    papers = papers_of(call, on)
    named = {kind: {row["slot"] for row in papers[kind]} for kind in ("registered", "issued")}
    return {"asked": counted(papers), **named}


def _public_letter(owner: Call | PublicNotice) -> str:
    letter = owner.letter
    return address("documents:letter", (letter.key,)) if letter is not None and letter.public else ""


@public_view
@require_safe
def notices(request: HttpRequest, code: str) -> HttpResponse:
    """List the public notices that concern a place, newest first."""
    jurisdiction = place_or_404(code)
    page = paginate(request, with_lists(jurisdiction), order=("-published_on", "-id"))
    context = site(jurisdiction, Crumb(_("公示公告")), home=reverse("public:home", args=[code]), page=page)
    context["notices"] = [(each, whom(each)) for each in page]
    return render(request, "applications/public_notices.html", context)


@public_view
@require_safe
def notice(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a notice: who is to be certified, until when one may object, with whom."""
    jurisdiction, today = place_or_404(code), business_today()
    found = get_object_or_404(public_notices(jurisdiction), pk=pk)
    crumbs = Crumb(_("公示公告"), reverse("public:notices", args=[code])), Crumb(_("公示名单"))
    context = site(
        jurisdiction,
        *crumbs,
        home=reverse("public:home", args=[code]),
        notice=found,
        rows=[(each, outcome(each)) for each in listed(found)],
        ways=contact_lines(found),
        is_over=today > found.ends_on,
        term=Due.from_json(found.term),
        pack=found.call.policy,
        is_open=takes_objections(found, today),
        letter=_public_letter(found),
    )
    return render(request, "applications/public_notice.html", context)


def outcome(application: Application) -> Tagged:
    """Return what came of an application that was on a list: 认定, 不予认定, given up, or nothing yet."""
    if application.status not in FINAL:
        return Tagged(_("仍在办理"), "now", None)
    word = {A.APPROVED: _("认定"), A.REFUSED: _("不予认定")}.get(A(application.status), _("已撤回申报"))
    return Tagged(word, "main" if application.status == A.APPROVED else "", application.decided_on)


def listed(found: PublicNotice) -> list[Application]:
    """Return the applications on the list of a notice, with base, operator and place."""
    rows = found.applications.select_related("operator", "base__jurisdiction__parent__parent__parent")
    return list(rows.order_by("region_code", "pk"))


def takes_objections(found: PublicNotice, on: datetime.date) -> bool:
    """Return whether an objection is still taken on that day; the last day is included."""
    return found.closed_on is None and found.published_on <= on <= found.ends_on


@public_view
@require_safe
def contacts(request: HttpRequest, code: str) -> HttpResponse:
    """List the bureaus that gave phone, address or hours, and how many gave nothing; those too, where asked (?rest)."""
    jurisdiction, rest = place_or_404(code), "rest" in request.GET
    places = Jurisdiction.objects.within(jurisdiction).in_force(business_today()).select_related("agency")
    told = Q()
    for field in ("phone", "address", "office_hours", "complaint_channel"):
        told |= Q(**{f"agency__{field}__gt": ""})
    page = paginate(request, places.exclude(told) if rest else places.filter(told), order=("code",))
    others = places.filter(told).count() if rest else places.count() - page.total
    rows = [(place, getattr(place, "agency", None)) for place in page]
    home = reverse("public:home", args=[code])
    context = site(jurisdiction, Crumb(_("联系方式")), home=home, page=page, rows=rows, rest=rest, others=others)
    return render(request, "applications/public_contacts.html", context)
