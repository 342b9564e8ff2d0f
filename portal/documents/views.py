"""Letters on screen and as PDF: public ones for everybody, others for officers of the territory and the addressee."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from portal.accounts.capacity import Capacity
from portal.accounts.decorators import officer_view, public_view
from portal.accounts.roles import Permission
from portal.documents import rendering
from portal.documents.models import Letter
from portal.documents.names import clean_name
from portal.documents.sheets import sheet_of
from portal.errors import DomainError

SHELLS = {"officer": "base_desk.html", "operator": "base_operator.html"}


@public_view
@require_safe
def letter(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Show a letter as it stands on paper."""
    found = _readable(request, key)
    return found if isinstance(found, HttpResponseBase) else _page(request, found)


@public_view
@require_safe
def letter_pdf(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Hand out the PDF of a letter; one that no worker has made yet is made on the spot."""
    found = _readable(request, key)
    return found if isinstance(found, HttpResponseBase) else _pdf(found)


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
    if found is None or not may_read(found, capacity):
        raise Http404
    return found


@officer_view(Permission.READ_CASES)
def _officer_may_not_read(request: HttpRequest) -> HttpResponse:
    """Return 204 for an officer with the post and the second factor; the mark in front refuses all others."""
    return HttpResponse(status=204)


def may_read(letter: Letter, capacity: Capacity) -> bool:
    """Whether the capacity may read the letter: its territory, the operator it is addressed to, or everybody."""
    if letter.public:
        return True
    if capacity.kind == "officer":
        return capacity.may(Permission.READ_CASES) and capacity.jurisdiction.covers(letter.region_code)
    return capacity.operator is not None and capacity.operator.pk == letter.operator_id


def _page(request: HttpRequest, letter: Letter) -> HttpResponse:
    capacity = getattr(request, "capacity", None)
    shell = SHELLS.get(getattr(capacity, "kind", ""), "base_public.html")
    return render(request, "letters/view.html", {"shell": shell, "sheet": sheet_of(letter), "letter": letter})


def _pdf(letter: Letter) -> HttpResponseBase:
    name = clean_name(f"{letter.title} {letter.reference}.pdf")
    response: FileResponse | HttpResponse
    if letter.pdf:
        response = FileResponse(letter.pdf.open("rb"), content_type="application/pdf")
    else:
        response = HttpResponse(_made_now(letter), content_type="application/pdf")
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _made_now(letter: Letter) -> bytes:
    """Return the PDF without keeping it: reading never writes, and the sweep keeps it soon."""
    try:
        return rendering.drawn(letter)
    except OSError as error:
        raise DomainError(f"{letter.reference}的 PDF 暂时不能生成，正文可以在网页上查看。请稍后再下载。") from error
