"""What is written when something goes wrong holds nobody's number, address or words: logs and error reports."""

import logging
import re
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

from portal.web.masks import mask_email, mask_id, mask_phone

ADDRESSES = frozenset(
    {"REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"}
)
# With the code of the country, in groups and in wide figures too: people type and paste them so.
_MOBILE = re.compile(r"(?<![\dA-Za-z])(?:(?:00)?86[ -]?)?([1１][3-9３-９]\d)[ .-]?(\d{4})[ .-]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<![\dA-Za-z])(0\d{2,3})[ )-]{1,2}(\d{3,4}[ -]?\d{4})(?![\d-])")
_ID_NUMBER = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_MAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.ASCII)  # %40: in the address of a page


def masked(text: str) -> str:
    """Return the text with telephone numbers, identity numbers and mail addresses masked, as pages show them."""
    text = _ID_NUMBER.sub(lambda found: mask_id(found[0]), text)
    text = _MOBILE.sub(lambda found: mask_phone("".join(found.groups())), text)
    text = _LANDLINE.sub(lambda found: mask_phone("-".join(found.groups())), text)
    return _MAIL.sub(lambda found: mask_email(found[0].replace("%40", "@")), text)


class DiscreetFormatter(logging.Formatter):
    """Masks the whole of an entry: the message, what was put into it, and the exception, whatever that quotes.

    Around another formatter it keeps that one's layout.
    """

    def __init__(
        self, fmt: str | None = None, *args: Any, around: logging.Formatter | None = None, **kwargs: Any
    ) -> None:
        super().__init__(fmt, *args, **kwargs)
        self._around = around

    def format(self, record: logging.LogRecord) -> str:
        """Lay the record out, then mask it."""
        return masked(self._around.format(record) if self._around else super().format(record))


def make_discreet(logger: logging.Logger) -> None:
    """Have every handler of a logger mask what it writes; a second time changes nothing."""
    for handler in logger.handlers:
        if not isinstance(handler.formatter, DiscreetFormatter):
            handler.setFormatter(DiscreetFormatter(around=handler.formatter))


class NothingSent(SafeExceptionReporterFilter):
    """Keeps out of error reports everything that was sent and everything that local variables hold, on every page.

    Django's own list of hidden names would have to know each field that takes a name, a number or a person's words.
    """

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the request came with, without the address it came from."""
        meta: dict[str, Any] = super().get_safe_request_meta(request)
        return {key: self.cleansed_substitute if key in ADDRESSES else value for key, value in meta.items()}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        """Return the names of the cookies alone: with a session goes what it opened."""
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        """Return the names of the fields alone."""
        sent = super().get_post_parameters(request)
        if not self.is_active(request):
            return sent
        return dict.fromkeys(sent, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        """Return the names of the variables alone."""
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
