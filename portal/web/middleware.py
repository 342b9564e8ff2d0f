"""The language of a page; text that cannot be kept; designed pages where Django would answer barely; the house closed
while a flag lies there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from portal.errors import DomainError
from portal.web import error_pages
from portal.web.api import problem, problem_response
from portal.web.htmx import wants_part

ALWAYS_OPEN = ("/healthz", "/readyz", "/static/")
NUL = "\0"


class LanguageMiddleware:
    """Chinese, unless the reader chose another language by the link on the page.

    The language a browser announces is no choice: with it a foreign browser would show a half-official text unasked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language  # where Django's own middleware puts it
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh-hans" else language)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Cookie",))  # language and display are in cookies
        return response


class ReadableTextMiddleware:
    """Refuses a NUL character (U+0000) wherever it was sent: no text of ours has one, and the database keeps none.

    It stands before everything that looks something up: address, query and form are held against it, names of fields
    and of files included; forms sent as JSON are not taken anywhere. A cookie with a NUL is none of ours and is left
    out, because no page could help a reader to mend it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in name + value}
        where = _("网址") if NUL in request.path or _has_nul(request.GET) else ""
        return self._refused(request, where) if where else self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Hold the form against it once the address is known to be one of ours."""
        try:
            in_form = _has_nul(request.POST) or _has_nul_name(request)
        except UnreadablePostError:  # the connection broke; whoever needs the form says so
            return None
        return self._refused(request, _("表单")) if in_form else None

    def _refused(self, request: HttpRequest, where: str) -> HttpResponse:
        sentence = _("%(where)s里有一个看不见的空字符（NUL），平台不收，这一步没有办。") % {"where": where}
        if _is_api(request):
            return problem_response(problem(400, "nul_character", _("送来的内容读不懂"), sentence))
        return error_pages.error_page(request, "400", 400, message=sentence)


class ErrorPagesMiddleware:
    """A rule's refusal that no view caught, a method a page does not know, signing in for htmx, and maintenance.

    Maintenance lasts as long as the file `MAINTENANCE_FLAG` exists; its text is shown.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        flag = getattr(settings, "MAINTENANCE_FLAG", None)
        self.flag = Path(flag) if flag else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.flag and self.flag.exists() and not request.path.startswith(ALWAYS_OPEN):
            return error_pages.maintenance(self.flag.read_text(encoding="utf-8").strip())
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not _is_api(request):
            page = error_pages.error_page(request, "405", 405)
            page["Allow"] = response["Allow"]
            return page
        if response.status_code == 302 and wants_part(request) and response["Location"].startswith(_entrance()):
            return HttpResponse(headers={"HX-Redirect": response["Location"]})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show the sentence of a DomainError; everything else takes its usual way."""
        if isinstance(exception, DomainError) and not _is_api(request):
            return error_pages.refused(request, exception)
        return None


def _entrance() -> str:
    """Return where one signs in: htmx must go there with the whole page, not paint it into a part."""
    return resolve_url(settings.LOGIN_URL)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _has_nul(values: QueryDict) -> bool:
    return any(NUL in text for name, held in values.lists() for text in (name, *held))


def _has_nul_name(request: HttpRequest) -> bool:
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    return any(NUL in name for name in (*request.FILES, *(file.name or "" for file in files)))
