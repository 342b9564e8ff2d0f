"""Letters on screen and as PDF: public ones for everybody, others for officers of the territory and the addressee."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest, officer_view, public_view
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.documents import rendering
from portal.documents.letters import may_void, void_letter
from portal.documents.models import Letter
from portal.documents.names import clean_name
from portal.documents.service import served_on
from portal.documents.sheets import sheet_of
from portal.errors import DomainError

log = logging.getLogger("portal.documents")
RETRY_SECONDS = 60  # the sweep makes what is missing once a minute
SHELLS = {"officer": "base_desk.html", "operator": "base_operator.html"}
EXTENDED_BY = {"call.notice": "call.extension", "call.extension": "call.extension"}  # the deadline in it was moved


@public_view
@require_safe
def letter(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Show a letter as it stands on paper."""
    found = _readable(request, key)
    return found if isinstance(found, HttpResponseBase) else _page(request, found)


@public_view
@require_safe
def letter_pdf(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Hand out the PDF of a letter; one that no worker has made yet is made on the spot, for people who signed in.

    For everybody else it is not: making one takes seconds, and anybody could ask for it again and again.
    """
    found = _readable(request, key)
    return found if isinstance(found, HttpResponseBase) else _pdf(request, found)


@officer_view(Permission.APPROVE)
@require_POST
def void(request: PersonRequest, key: UUID) -> HttpResponse:
    """Void a letter of one's own bureau, with the reason. One that is not there to read does not exist."""
    found = get_object_or_404(Letter.objects.select_related("jurisdiction"), key=key)
    if not may_read(found, request.capacity):
        raise Http404
    void_letter(found, because=request.POST.get("reason", ""), by=request.capacity, on=business_today())
    messages.success(request, _("文书已作废，带“作废”标记的 PDF 正在重新生成。"))
    return redirect("documents:letter", found.key)


def _readable(request: HttpRequest, key: UUID) -> Letter | HttpResponseBase:
    """Return the letter if this reader may read it, else where to go. A stranger's letter looks like none at all."""
    found = Letter.objects.select_related("jurisdiction").filter(key=key).first()
    if found is not None and found.public:
        return found
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    capacity: Capacity = request.capacity  # type: ignore[attr-defined]  # set by CapacityMiddleware
    if capacity.kind == "officer" and (refusal := _officer_may_not_read(request)).status_code != 204:
        return refusal
    if found is not None and _waits_for(found, capacity):
        raise PermissionDenied(_("《%(title)s》签收后才能看。请从首页的待办进入签收。") % {"title": found.title})
    if found is None or not may_read(found, capacity):
        raise Http404
    return found


def _waits_for(letter: Letter, capacity: Capacity) -> bool:
    """Whether the letter is addressed to this operator and waits to be served on it."""
    return _is_addressee(letter, capacity) and letter.to_be_served and served_on(letter) is None


def _is_addressee(letter: Letter, capacity: Capacity) -> bool:
    return capacity.operator is not None and capacity.operator.pk == letter.operator_id


@officer_view(Permission.READ_CASES)
def _officer_may_not_read(request: HttpRequest) -> HttpResponse:
    """Return 204 for an officer with the post and the second factor; the mark in front refuses all others."""
    return HttpResponse(status=204)


def may_read(letter: Letter, capacity: Capacity) -> bool:
    """Whether the capacity may read the letter: its territory, everybody, or the operator it is addressed to.

    A paper that has to be served is read by its operator once it is (decision 0210).
    """
    if letter.public:
        return True
    if capacity.kind == "officer":
        return capacity.may(Permission.READ_CASES) and capacity.jurisdiction.covers(letter.region_code)
    return _is_addressee(letter, capacity) and not _waits_for(letter, capacity)


def _page(request: HttpRequest, letter: Letter) -> HttpResponse:
    capacity = getattr(request, "capacity", None)
    context = {
        **_shell(request, letter),
        "sheet": sheet_of(letter),
        "letter": letter,
        "extended_by": _extended_by(letter),
        "may_void": letter.voided_on is None and capacity is not None and may_void(letter, capacity),
    }
    return render(request, "letters/view.html", context)


def _extended_by(letter: Letter) -> Letter | None:
    """Return the last letter by which the deadline that this one names was extended: its own words stay as issued."""
    if letter.kind not in EXTENDED_BY:
        return None
    later = Letter.objects.filter(kind=EXTENDED_BY[letter.kind], pk__gt=letter.pk, voided_on__isnull=True)
    return later.filter(subject_type=letter.subject_type, subject_id=letter.subject_id).order_by("pk").last()


def _shell(request: HttpRequest, letter: Letter) -> dict[str, Any]:
    """Return the shell of the reader; a stranger reads the letter on the site of the place it concerns."""
    capacity = getattr(request, "capacity", None)
    shell = SHELLS.get(getattr(capacity, "kind", ""))
    if shell:
        return {"shell": shell}
    place = letter.jurisdiction
    return {"shell": "base_public.html", "jurisdiction": place, "agency": getattr(place, "agency", None)}


def _pdf(request: HttpRequest, letter: Letter) -> HttpResponseBase:
    return as_download(letter, may_make=request.user.is_authenticated) or _not_made(request, letter)


def as_download(letter: Letter, *, may_make: bool) -> HttpResponseBase | None:
    """Return the PDF of a letter to a reader who was found entitled; None while it is not made and none may be now."""
    response: FileResponse | HttpResponse
    found = kept(letter)
    if found is not None:
        response = FileResponse(found, content_type="application/pdf")
    elif may_make and letter.render_attempts < rendering.MOST_ATTEMPTS:
        response = HttpResponse(made_now(letter), content_type="application/pdf")
    else:
        return None
    name = clean_name(f"{letter.title} {letter.reference}.pdf")
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def kept(letter: Letter) -> "File[bytes] | None":
    """Return the file that was made, None where there is none (any more)."""
    if not letter.pdf:
        return None
    try:
        return letter.pdf.open("rb")
    except FileNotFoundError:
        log.error("the file %s of letter %s is lost", letter.pdf.name, letter.pk)
        return None


def _not_made(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Answer 503: the PDF is still being made, or cannot be; the letter can be read on its page."""
    failed = bool(letter.pdf) or letter.render_attempts >= rendering.MOST_ATTEMPTS
    context = {**_shell(request, letter), "letter": letter, "failed": failed}
    response = render(request, "errors/unmade.html", context, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def made_now(letter: Letter) -> bytes:
    """Return the PDF without keeping it: reading never writes, and the sweep keeps it soon."""
    try:
        return rendering.drawn(letter)
    except OSError as error:
        raise DomainError(f"{letter.reference}的 PDF 暂时不能生成，正文可以在网页上查看。请稍后再下载。") from error
