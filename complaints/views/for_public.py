"""The public form (投诉): three short screens without an account or script, then the receipt.

What is typed is kept as ciphertext between the screens; the session holds its key alone, and nothing of it ever stands
in an address.
"""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bases.models import Base
from complaints import guard
from complaints.actions.telling import (
    CODE_MINUTES,
    MOST_FILES,
    Content,
    begin_telling,
    content_of,
    drop_telling,
    hold_telling,
    keep_telling,
    remove_evidence,
    send_telling,
    take_evidence,
)
from complaints.forms.telling import TellingForm, WhoForm
from complaints.models import Telling
from complaints.rules import ComplaintPolicy
from complaints.views.opened import open_in, opened_in, shut
from complaints.views.own_words import given_away
from complaints.views.promised import promised
from portal.accounts.decorators import public_view
from portal.accounts.lockout import client_ip
from portal.deadlines.today import business_now, business_today
from portal.errors import DomainError, InvalidInput
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import pack_in_force
from portal.policies.packs import Pack
from portal.policies.timeline import NoPolicyInForce
from portal.web.place import agencies, channel, place_or_404, site
from portal.web.read_only import writes_on_get
from portal.web.throttling import limited

TELLING = "telling"
PLACES = "jurisdiction__parent__parent__parent"


# --- first screen ---


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """First screen on the site of a place: which base, what happened, evidence."""
    return _first_screen(request, place_or_404(code), None)


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def tell_about(request: HttpRequest, slug: str) -> HttpResponse:
    """First screen from the page of a base or the code on its door: the base is known already."""
    bases = Base.objects.public().select_related("operator", PLACES)
    base = get_object_or_404(bases, slug=slug.upper())
    return _first_screen(request, base.jurisdiction, base)


def _first_screen(request: HttpRequest, place: Jurisdiction, fixed: Base | None) -> HttpResponse:
    telling = _unsent(request)
    content = content_of(telling) if telling else Content()
    chosen = fixed or (telling.base if telling else None)
    if request.method != "POST":
        if telling is None and (wait := guard.must_wait(place.code, client_ip(request))):
            return _wait(wait)
        initial = {"sought": "" if chosen else content.sought, "told": content.told}
        initial["base"] = chosen.slug if chosen else ""
        form = TellingForm(initial=initial, place=place, chosen=chosen, fixed=fixed is not None)
        return _show_first(request, form, place, telling)
    form = TellingForm(request.POST, request.FILES, place=place, chosen=fixed, fixed=fixed is not None)
    form.is_valid()
    guard.note_screen(place.code)
    telling = _keep_first(request, form, place, telling)
    if telling is None:
        return _over(request)
    if "find" in request.POST:
        for name in ("told", "base"):  # what else is to be mended is said when the screen is sent
            form.errors.pop(name, None)
        return _show_first(request, form, place, telling)
    if form.chosen is not None and "base" not in form.errors and not _governing(form.chosen):
        form.add_error(None if form.fixed else "sought", _not_governed(form.chosen))
    if form.errors:
        return _show_first(request, form, place, telling)
    return redirect("public:complain_who")


def _wait(seconds: int) -> HttpResponse:
    """Answer 429, cheaply, to an address that begins one after the other while a flood lasts; nothing is lost."""
    page = loader.get_template("complaints/public_wait.html").render({"minutes": -(-seconds // 60)})
    return HttpResponse(page, status=429, headers={"Retry-After": str(seconds)})


def _keep_first(
    request: HttpRequest, form: TellingForm, place: Jurisdiction, telling: Telling | None
) -> Telling | None:
    """Keep what was typed and the files even where something is to be mended: no file is to be chosen twice.

    None where it was sent or given up in another tab while this screen was on its way: nothing is kept then.
    """
    if telling is None:
        shown = guard.shown_at(request.POST.get("shown", ""))
        telling = begin_telling(place, shown_at=shown, at=timezone.localtime())
        request.session[TELLING] = telling.key.hex
    files = form.files.getlist("evidence")
    left_out = bool(files) and guard.text_only(place.code)
    with transaction.atomic():
        telling = hold_telling(telling)
        if telling is None:
            return None
        content = content_of(telling)
        content.told, content.sought = request.POST.get("told", "")[:3000], request.POST.get("sought", "")[:120]
        telling.trapped = telling.trapped or bool(request.POST.get("topic"))
        telling.left_out = left_out
        remove_evidence(telling, request.POST.getlist("remove"))
        if files and not left_out:
            _take_in(files, form, telling, content)
        return keep_telling(telling, content, base=form.chosen or telling.base)


def _take_in(files: list[Any], form: TellingForm, telling: Telling, content: Content) -> None:
    there = list(telling.uploads.values_list("original_name", flat=True))
    taken, problems = take_evidence(
        files, beside=there, place=telling.jurisdiction, moment=business_now(), most=MOST_FILES - len(there)
    )
    for original, upload in taken.items():
        telling.uploads.add(upload)
        content.file_names[upload.original_name] = original
    for sentence in problems:
        form.add_error("evidence", sentence)


def _show_first(request: HttpRequest, form: TellingForm, place: Jurisdiction, telling: Telling | None) -> HttpResponse:
    context = site(
        place,
        form=form,
        shown=guard.shown_token(timezone.localtime()),
        evidence=_evidence(telling) if telling else [],
        text_only=guard.text_only(place.code),
        base=form.chosen if form.fixed else None,
    )
    return render(request, "complaints/public_tell.html", context, status=422 if form.errors else 200)


def _evidence(telling: Telling) -> list[dict[str, Any]]:
    """Return the files that are taken in, by the names they got and the ones their owner knows."""
    names = content_of(telling).file_names
    uploads = telling.uploads.order_by("pk")
    return [{"key": each.key, "name": each.original_name, "was": names.get(each.original_name, "")} for each in uploads]


def _governing(base: Base) -> Pack | None:
    """Return the policy by which complaints about the base are handled, None where it lies outside any."""
    try:
        pack = pack_in_force(at=base.jurisdiction, on=business_today())
        pack.section(ComplaintPolicy)
    except (NoPolicyInForce, KeyError):
        return None
    return pack


def _not_governed(base: Base) -> str:
    place = base.jurisdiction.full_name
    return _(
        "“%(base)s”在%(place)s，那里还没有在本平台办理投诉的政策，网上收不了。请打 12345，或向当地主管部门反映。"
    ) % {"base": base.name, "place": place}


# --- second screen ---


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Second screen: named or anonymous, with the consequences of either before the choice."""
    telling = _unsent(request)
    if telling is None or telling.base is None:
        return _back_to_start(request, telling)
    content, pack = content_of(telling), _governing(telling.base)
    if pack is None:
        return _back_to_start(request, telling)
    kept = {field: getattr(content, field) for field in ("name", "phone", "mail", "business")}
    chosen = {None: "", True: WhoForm.NAMED, False: WhoForm.ANONYMOUS}[content.named]
    form = WhoForm(request.POST if request.method == "POST" else None, initial={"named": chosen, **kept})
    if request.method == "POST" and form.is_valid():
        return redirect("public:complain_check") if _keep_who(telling, form) else _over(request)
    law = pack.section(ComplaintPolicy)
    context = _about(telling, form=form, pack=pack, handling=law.handling, counting=law.counting)
    context["gives_away"] = given_away(content)
    return render(request, "complaints/public_who.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _keep_who(telling: Telling, form: WhoForm) -> Telling | None:
    """Keep who complains; None where the telling was sent or given up in another tab."""
    held, said = hold_telling(telling), form.cleaned_data
    if held is None:
        return None
    content = content_of(held)
    content.named = said["named"] == WhoForm.NAMED
    content.name, content.phone, content.mail = said["name"], said["phone"], said["mail"]
    content.business = said["business"]
    return keep_telling(held, content, base=held.base)


# --- third screen ---


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Third screen: read what will be sent, and send it. Pressed twice, it is one complaint all the same."""
    telling = _telling(request)
    if telling is not None and telling.complaint_id is not None:
        return redirect("public:complain_received")
    if telling is None or telling.base is None or content_of(telling).named is None or not _governing(telling.base):
        return _back_to_start(request, telling)
    content, problem, status = content_of(telling), "", 200
    if request.method == "POST":
        problem, status = _send(request, telling, telling.base, content)
        if not problem:
            return redirect("public:complain_received")
        if _telling(request) is None:  # given up in another tab: what was typed is not shown again
            return _over(request)
    context = _about(
        telling,
        problem=problem,
        content=content,
        evidence=_evidence(telling),
        gives_away=given_away(content),
        challenge=guard.challenge_for(telling, timezone.localtime()),
        first=reverse("public:complain", args=[telling.region_code]),
    )
    return render(request, "complaints/public_check.html", context, status=status)


def _send(request: HttpRequest, telling: Telling, base: Base, content: Content) -> tuple[str, int]:
    """Send the telling; return why it was not sent and the status of the answer, nothing if it was."""
    now = timezone.localtime()
    verdict = guard.judge(
        telling,
        base,
        told=content.told,
        phone=content.person().phone,
        solution=request.POST.get("solution", ""),
        address=client_ip(request),
        now=now,
    )
    if verdict.wait and not Telling.objects.filter(pk=telling.pk, complaint__isnull=False).exists():  # pressed twice
        minutes = -(-verdict.wait // 60)
        wait = _("现在提交的人非常多，您刚才已经提交过一件。这一件写好的内容都还在，请过 %(n)s 分钟再按“提交”。")
        return wait % {"n": minutes}, 429
    try:
        complaint = send_telling(telling, flags=verdict.flags, hold_back=verdict.hold_back, on=business_today(), at=now)
    except InvalidInput as refusal:
        return " ".join(refusal.problems.values()), 422
    except DomainError as refusal:
        return refusal.message, 422
    open_in(request, complaint, known=False)
    return "", 200


# --- receipt, leaving ---


@limited(guard.ASKING)
@never_cache
@public_view
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Show the receipt: number, the access code while it can still be shown, what happens by when."""
    telling = _telling(request)
    complaint = opened_in(request)
    if complaint is None or telling is None or telling.complaint_id != complaint.pk:
        return redirect("public:complain_case") if complaint else redirect("web:home")
    fresh = telling.sent_at and timezone.localtime() - telling.sent_at < datetime.timedelta(minutes=CODE_MINUTES)
    code = telling.code if fresh else ""
    letter = complaint.letters.filter(to_complainant=True).select_related("letter").order_by("pk").first()
    context = site(
        place_or_404(complaint.region_code),
        complaint=complaint,
        code="-".join(code[start : start + 4] for start in range(0, len(code), 4)),
        minutes=CODE_MINUTES,
        letter=letter.letter if letter else None,
        steps=promised(complaint),
        pack=complaint.policy,
        channel=_channel(complaint.jurisdiction),
    )
    return render(request, "complaints/public_received.html", context)


@never_cache
@writes_on_get("forgets what was typed when somebody has to leave at once")
@public_view
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Leave quickly (快速离开): forget what was typed and shut the opened complaint, then show an unsuspicious page."""
    telling = _telling(request)
    if telling is not None:
        drop_telling(telling.key)
        del request.session[TELLING]
    shut(request)
    return redirect(settings.LEAVE_TO)


# --- what the screens share ---


def _telling(request: HttpRequest) -> Telling | None:
    """Return the telling of this session, sent or not."""
    key = request.session.get(TELLING, "")
    if not key:
        return None
    related = (f"base__{PLACES}", "base__operator", "jurisdiction")
    return Telling.objects.select_related(*related).filter(key=uuid.UUID(key)).first()


def _unsent(request: HttpRequest) -> Telling | None:
    found = _telling(request)
    return found if found is not None and found.complaint_id is None else None


def _over(request: HttpRequest) -> HttpResponse:
    """Go on from a screen whose telling another tab has sent (to the receipt) or given up (to the first page)."""
    return redirect("public:complain_received") if _telling(request) else _back_to_start(request, None)


def _back_to_start(request: HttpRequest, telling: Telling | None) -> HttpResponse:
    """Go to the first screen; where nothing was begun or the day is over, to the first page."""
    if telling is None:
        return redirect("web:home")
    return redirect("public:complain", telling.region_code)


def _about(telling: Telling, **context: Any) -> dict[str, Any]:
    place = place_or_404(telling.region_code)
    return site(place, telling=telling, base=telling.base, channel=_channel(place), **context)


def _channel(place: Jurisdiction) -> Any:
    return channel(agencies(place))
