"""The language of a page; designed pages where Django would answer barely; the house closed while a flag lies there."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portal.errors import DomainError
from portal.web import error_pages
from portal.web.htmx import wants_part

ALWAYS_OPEN = ("/healthz", "/readyz", "/static/")


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
