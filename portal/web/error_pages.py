"""What a reader sees when something cannot be done: what happened, why, what to do now.

Named by the root URLconf (handler400 …), by CSRF_FAILURE_VIEW and by ErrorPagesMiddleware.
"""

import logging
import re
import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from portal.accounts.capacity import capacities
from portal.accounts.middleware import form_page, page_looked_at
from portal.deadlines.today import CHINA, business_today
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.web.forms import typed_in
from portal.web.parts import Act
from portal.web.place import place_of_site

log = logging.getLogger("portal.web.errors")
OF_THE_FRAMEWORK = re.compile(r"No .+ (matches the given query|found matching the query)")  # names a model, in English


def error_page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    """Render `errors/<name>.html` in the shell of the reader."""
    capacity = getattr(request, "capacity", None)
    kind = getattr(capacity, "kind", "visitor")
    shell = {"officer": "base_desk.html", "operator": "base_operator.html"}.get(kind, "base_public.html")
    return render(request, f"errors/{name}.html", {"shell": shell, **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when what was sent is too big."""
    if isinstance(exception, RequestDataTooBig):
        return error_page(request, "413", 413)
    return error_page(request, "400", 400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the sentence of the refusal; to switch is offered to those who have something to switch to."""
    user = getattr(request, "user", None)
    held = capacities(user, business_today()) if user is not None and user.is_authenticated else []
    return error_page(request, "403", 403, message=str(exception), switches=len(held) > 1)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404; a stranger's record and a page that is not there look the same."""
    message = str(exception) if exception.args and isinstance(exception.args[0], str) else ""
    said = "" if OF_THE_FRAMEWORK.match(message) else message
    return error_page(request, "404", 404, message=said, jurisdiction=place_of_site(request.path))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without database, session or context; the number stands in the log beside the traceback."""
    number = f"E-{datetime.now(CHINA):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    log.error("answered with error page %s", number, extra={"path": request.path})
    return HttpResponse(loader.get_template("errors/500.html").render({"number": number}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit: signed out meanwhile, or cookies are off."""
    log.warning("csrf: %s", reason, extra={"path": request.path})
    if request.COOKIES and not request.user.is_authenticated:
        return expired(request)
    return error_page(request, "csrf", 403)


def expired(request: HttpRequest) -> HttpResponse:
    """Answer 403: the session is over; what was typed is kept by the browser."""
    return error_page(request, "expired", 403, back=page_looked_at(request))


def stale(
    request: HttpRequest, error: StatusMoved, *, form: BaseForm | None = None, back: str = "", **context: Any
) -> HttpResponse:
    """Answer 409: the case was moved first, by somebody else or by the reader in another window.

    What was typed into `form` is shown to be copied; `back` is the page of the case, else the page that held the form.
    Context: changes (list of Change).
    """
    own = error.by_id is not None and error.by_id == request.user.pk
    said = error.message.replace(error.by_whom, _("您自己")) if own and error.by_whom else error.message
    acts = [Act(_("看最新的件"), back or form_page(request) or request.path, "primary")]
    shown = {"error": error, "said": said, "own": own, "acts": acts, "typed": typed_in(form) if form else []}
    return error_page(request, "stale", 409, **shown, **context)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer 422 (403 when the person may not): a rule refused what was sent; nothing has changed."""
    if isinstance(error, StatusMoved):
        return stale(request, error)
    problems = error.problems if isinstance(error, InvalidInput) else {}
    status = 403 if isinstance(error, NotAllowed) else 422
    return error_page(request, "refused", status, error=error, problems=problems, back=page_looked_at(request))


def maintenance(note: str) -> HttpResponse:
    """Answer 503 while the portal is closed for work; `note` says until when."""
    page = loader.get_template("errors/503.html").render({"note": note})
    response = HttpResponse(page, status=503)
    response["Retry-After"] = "600"
    return response
