"""Reading never writes: GET and HEAD run in a transaction that the database itself holds read-only.

The transaction spans the view and the rendering of its template. Sessions are saved by SessionMiddleware, which lies
outside, so signing in, messages and the language still work. The signed-in user is fetched before the transaction
begins, because a session that no longer fits its user is deleted at that moment. Cost: docs/decisions/0170.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN = ("allauth.",)  # its pages tidy up sessions and codes while they are read
View = TypeVar("View", bound=Callable[..., Any])


def writes_on_get(reason: str) -> Callable[[View], View]:
    """Mark a view that must write although it is only read, such as a download that leaves an access record."""

    def mark(view: View) -> View:
        view.writes_on_get = reason  # type: ignore[attr-defined]  # a mark on the function, read by the middleware
        return view

    return mark


@contextmanager
def read_only() -> Iterator[None]:
    """Run the block in a transaction in which PostgreSQL refuses every write."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


class ReadOnlyMiddleware:
    """Opens the read-only transaction once the view is known and closes it after the view. Place it last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            request.read_only_stack = stack  # type: ignore[attr-defined]  # handed to process_view of the same request
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Begin the read-only transaction unless the request may write or the view is marked."""
        if request.method not in SAFE_METHODS or hasattr(view, "writes_on_get") or _is_foreign(view):
            return
        if request.COOKIES and hasattr(request, "user"):
            bool(request.user.is_authenticated)
        stack: ExitStack = request.read_only_stack  # type: ignore[attr-defined]  # set above
        stack.enter_context(read_only())


def _is_foreign(view: Callable[..., Any]) -> bool:
    return getattr(view, "__module__", "").startswith(FOREIGN)
