"""How a reader wants the pages shown: text size, contrast, 长辈版. Kept in one cookie, applied as classes on <html>."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from django.http import HttpRequest, HttpResponse

COOKIE = "display"
YEAR = 365 * 24 * 3600
TextSize = Literal["100", "125", "150"]
SIZES: tuple[TextSize, ...] = ("100", "125", "150")


@dataclass(frozen=True)
class Display:
    """One reader's choice. The three modes combine."""

    text: TextSize = "100"
    contrast: bool = False
    elder: bool = False

    @property
    def classes(self) -> str:
        """Return the classes for <html>."""
        words = [f"text-{self.text}"] if self.text != "100" else []
        words += ["contrast"] if self.contrast else []
        words += ["elder"] if self.elder else []
        return " ".join(words)

    @property
    def token(self) -> str:
        """Return the choice as the cookie holds it."""
        words = [self.text] + (["contrast"] if self.contrast else []) + (["elder"] if self.elder else [])
        return "-".join(words)


def read_display(token: str) -> Display:
    """Return the choice written in a cookie; words that mean nothing are passed over."""
    words = token.split("-")
    return Display(text=_size(words), contrast="contrast" in words, elder="elder" in words)


def _size(words: Iterable[str]) -> TextSize:
    return next((size for size in SIZES if size in words), "100")


def display_of(request: HttpRequest) -> Display:
    """Return the choice of the reader behind `request`."""
    return read_display(request.COOKIES.get(COOKIE, ""))


def changed(display: Display, choice: dict[str, str]) -> Display:
    """Return `display` with what `choice` names: text=100|125|150, contrast=0|1, elder=0|1."""
    if choice.get("text") in SIZES:
        display = replace(display, text=_size([choice["text"]]))
    if choice.get("contrast") in {"0", "1"}:
        display = replace(display, contrast=choice["contrast"] == "1")
    if choice.get("elder") in {"0", "1"}:
        display = replace(display, elder=choice["elder"] == "1")
    return display


def keep_display(response: HttpResponse, display: Display, *, secure: bool) -> None:
    """Set the cookie for a year, or drop it when nothing differs from the usual look."""
    if display == Display():
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, display.token, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
