"""Progress of a complaint for whoever holds its number and code: what happened, letters, and what one may still do.

Number and code are sent by form, never in an address; what they open stays in the session for a while.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from complaints import actions, guard
from complaints.actions.receiving import hash_of
from complaints.actions.telling import take_evidence
from complaints.forms.progress import AddForm, ObjectionForm, RatingForm, TrackForm
from complaints.models import Complaint, ComplaintLetter
from complaints.states import WITHDRAWABLE
from complaints.states import ComplaintStatus as S
from complaints.views.opened import open_in, opened_in, shut
from complaints.views.story import may_object, may_rate, shown_finding, shown_story
from portal.accounts.capacity import VISITOR
from portal.accounts.decorators import public_view
from portal.deadlines.today import business_now, business_today
from portal.documents.models import Letter
from portal.documents.sheets import sheet_of
from portal.documents.views import as_download
from portal.errors import DomainError, InvalidInput
from portal.web.forms import PlainForm, write_refusal
from portal.web.place import agencies, channel, place_or_404, site
from portal.web.throttling import Rate, limited

PAPER = Rate("complain-paper", burst=5, per_minute=1)
POST = frozenset({"POST"})
MOST_ADDED = 5


@limited(guard.TRACKING, methods=POST)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code and open the complaint; a wrong number and a wrong code get one and the same answer."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        complaint = _fitting(form.cleaned_data["number"], form.cleaned_data["code"])
        if complaint is not None:
            open_in(request, complaint)
            return redirect("public:complain_case")
        form.add_error(None, _("受理号和查询码对不上，请再核对一遍。查询码不在回执上，是提交或登记时另给的。"))
    return render(request, "complaints/public_track.html", {"form": form}, status=422 if form.errors else 200)


def _fitting(number: str, code: str) -> Complaint | None:
    """Return the complaint of that number if the code is its own; as long for a number that does not exist."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    found = Complaint.objects.filter(number=plain).first()
    kept = found.access_hash if found else secrets.token_hex(32)
    fits = hmac.compare_digest(kept, hash_of(unicodedata.normalize("NFKC", code)))
    return found if fits else None


@limited(guard.ASKING)
@never_cache
@public_view
@require_safe
def case(request: HttpRequest) -> HttpResponse:
    """Show how far the complaint is, in plain words with dates, and what one may do now."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    today = business_today()
    context = site(
        place_or_404(complaint.region_code),
        complaint=complaint,
        story=shown_story(complaint, today),
        letters=[each.letter for each in _letters(complaint)],
        may_add=complaint.status in WITHDRAWABLE,
        may_withdraw=complaint.status in WITHDRAWABLE,
        may_object=may_object(complaint, today),
        may_rate=may_rate(complaint),
        finding=shown_finding(complaint),
        pack=complaint.policy,
    )
    context["channel"] = channel(agencies(complaint.jurisdiction))
    context["above"] = _above(complaint)
    return render(request, "complaints/public_case.html", context)


def _above(complaint: Complaint) -> dict[str, Any] | None:
    """Return the bureau above the one that rejected or transferred it and how to reach it; None for what went on."""
    desk = complaint.closed_at_desk
    if complaint.status not in {S.REJECTED, S.TRANSFERRED} or desk is None or desk.parent is None:
        return None
    return {"jurisdiction": desk.parent, "channel": channel(agencies(desk.parent))}


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Answer what the bureau asked to be added, or add more while nothing is decided."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    form = AddForm(request.POST or None, request.FILES or None)
    sent = request.method == "POST" and form.is_valid() and _in_time(complaint, form)
    if sent and _done(form, lambda: _add(complaint, form)):
        messages.success(request, _("已收到您补充的内容。"))
        return redirect("public:complain_case")
    return _ask(request, "complaints/public_add.html", complaint, form)


def _in_time(complaint: Complaint, form: AddForm) -> bool:
    """Count the addition; where there were too many, the form keeps what was written and says when to send it."""
    wait = guard.wait_to_add(complaint)
    if wait:
        sentence = _("这件投诉补充得太密，这一次没有收下。写好的文字还在，请过 %(n)s 分钟再提交，尽量一次写全。")
        form.add_error(None, sentence % {"n": -(-wait // 60)})
    return not wait


def _add(complaint: Complaint, form: AddForm) -> None:
    files = form.cleaned_data["evidence"]
    if files and guard.text_only(complaint.region_code):
        raise InvalidInput("", {"evidence": _("现在提交的人非常多，暂时只收文字。请先交文字，凭证过一小时再补。")})
    there = list(complaint.evidence.values_list("original_name", flat=True))
    taken, problems = take_evidence(
        files, beside=there, place=complaint.jurisdiction, moment=business_now(), most=MOST_ADDED
    )
    if problems:
        raise InvalidInput("", {"evidence": " ".join(problems)})
    said = form.cleaned_data["text"]
    actions.add_to_complaint(complaint, text=said, evidence=list(taken.values()), by=VISITOR, on=business_today())


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the complaint, after having read what that means."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    form = PlainForm(request.POST if request.method == "POST" else None)
    today = business_today()
    if request.method == "POST" and _done(form, lambda: actions.withdraw_complaint(complaint, by=VISITOR, on=today)):
        messages.success(request, _("投诉已撤回。"))
        return redirect("public:complain_case")
    return _ask(request, "complaints/public_withdraw.html", complaint, form)


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest) -> HttpResponse:
    """Object to the finding, until the last day for it."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    form, today = ObjectionForm(request.POST if request.method == "POST" else None), business_today()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["text"]
        if _done(form, lambda: actions.object_to_finding(complaint, text=said, by=VISITOR, on=today)):
            messages.success(request, _("异议已提出，答复后才会确认核实结果。"))
            return redirect("public:complain_case")
    return _ask(request, "complaints/public_object.html", complaint, form, until=may_object(complaint, today))


@limited(guard.ASKING)
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest) -> HttpResponse:
    """Rate the handling once it is over (好差评)."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(form, lambda: _rate(complaint, form)):
        messages.success(request, _("谢谢您的评价。"))
        return redirect("public:complain_case")
    return _ask(request, "complaints/public_rate.html", complaint, form, may=may_rate(complaint))


def _rate(complaint: Complaint, form: RatingForm) -> None:
    said = form.cleaned_data
    grade, aspects, comment = int(said["grade"]), said["aspects"], said["comment"]
    actions.rate_handling(complaint, grade=grade, aspects=aspects, comment=comment, on=business_today())


def _done(form: PlainForm, act: Callable[[], object]) -> bool:
    """Do it; what the law refuses becomes an error of the form, and nothing of it is kept."""
    try:
        with transaction.atomic():
            act()
    except DomainError as refusal:
        write_refusal(form, refusal)
        return False
    return True


def _ask(request: HttpRequest, template: str, complaint: Complaint, form: PlainForm, **context: Any) -> HttpResponse:
    page = site(place_or_404(complaint.region_code), complaint=complaint, form=form, **context)
    page["asking"] = getattr(complaint, "supplement", None)
    return render(request, template, page, status=422 if form.errors else 200)


# --- letters ---


@limited(guard.ASKING)
@never_cache
@public_view
@require_safe
def letter(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a letter to the complainant as it stands on paper."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    found = _letter(complaint, key)
    return render(request, "complaints/public_letter.html", {"letter": found, "sheet": sheet_of(found)})


@limited(PAPER)
@never_cache
@public_view
@require_safe
def letter_pdf(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Hand out a letter to the complainant as PDF; one that is not made yet, or whose file is lost, is made now."""
    complaint = opened_in(request)
    if complaint is None:
        return _closed(request)
    found = _letter(complaint, key)
    response = as_download(found, may_make=not guard.text_only(found.region_code))
    if response is None:
        context = {"shell": "base_task.html", "letter": found, "failed": True}
        return render(request, "errors/unmade.html", context, status=503)
    return response


def _letters(complaint: Complaint) -> "QuerySet[ComplaintLetter]":
    return complaint.letters.filter(to_complainant=True).select_related("letter__jurisdiction").order_by("pk")


def _letter(complaint: Complaint, key: UUID) -> Letter:
    found = get_object_or_404(_letters(complaint), letter__key=key)
    if found.letter.voided_on is not None:
        raise Http404(_("这份文书已经作废。"))
    return found.letter


def _closed(request: HttpRequest) -> HttpResponse:
    """Ask for number and code again: nothing is open, or its time is over."""
    shut(request)
    messages.info(request, _("查看时间已过，或者还没有打开。请再填一次受理号和查询码。"))
    return redirect("public:complain_track")
