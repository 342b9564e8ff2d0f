"""One form on a page: shown, sent, refused with the sentence at its field, or done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.errors import DomainError, StatusMoved
from portal.web.error_pages import stale
from portal.web.forms import PlainForm, write_refusal
from portal.web.uploading import ask_again


def attempt(request: HttpRequest, form: PlainForm, act: Callable[[], object], *, back: str = "") -> HttpResponse | None:
    """Do `act`; return the page of a stale click, which leads `back`, None otherwise. A refusal goes into the form."""
    try:
        act()
    except StatusMoved as moved:
        return stale(request, moved, form=form, back=back)
    except DomainError as refusal:
        write_refusal(form, refusal)
    return None


def done(request: HttpRequest, form: PlainForm, act: Callable[[], object], *, back: str = "") -> HttpResponse | bool:
    """Return True if the form was sent, is right and the act was done; the page of a stale click; else False.

    A stale click leads `back`, or to the page that held the form. What cannot come back with the form, its files, is
    asked for again.
    """
    if not form.is_bound:
        return False
    if form.is_valid():
        answer = attempt(request, form, act, back=back)
        if answer is not None:
            return answer
        if not form.errors:
            return True
    ask_again(form)
    return False
