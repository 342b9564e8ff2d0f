"""Pages by cursor: as quick at the end as at the start, and every entry exactly once, however many share a day.

The position in a cursor holds every field of the order, the last of them unique. The framework's own position is the
first field alone; among many equal ones it counts on by an offset that it cuts off at a thousand.
"""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """Pages of a list in an order whose fields are never empty and whose last one is unique."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-id",)
    cursor_query_description = "上一页或下一页的游标，取自 next 或 previous"
    page_size_query_description = "每页条数，最多 200"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the page that the cursor names. Raises ValidationError for a cursor that was not given by us."""
        self.request, self.base_url = request, request.build_absolute_uri()
        self.page_size = self.get_page_size(request) or self.page_size
        self.cursor = self.decode_cursor(request)
        self.backwards = bool(self.cursor and self.cursor.reverse)
        self.position: Any = self.cursor.position if self.cursor else None
        if self.position is not None:
            queryset = queryset.filter(self._beyond(queryset.model, self.position))
        order = [_turned(name) for name in self.ordering] if self.backwards else self.ordering
        found = list(queryset.order_by(*order)[: self.page_size + 1])
        more, page = len(found) > self.page_size, found[: self.page_size]
        self.page: list[Any] = page[::-1] if self.backwards else page
        came_from = self.position is not None
        self.has_previous, self.has_next = (more, came_from) if self.backwards else (came_from, more)
        return self.page

    def get_next_link(self) -> str | None:
        """Return the address of the page after this one."""
        return self._link(self.page[-1:], reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Return the address of the page before this one."""
        return self._link(self.page[:1], reverse=True) if self.has_previous else None

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the cursor of the query. Raises ValidationError."""
        try:
            return super().decode_cursor(request)
        except exceptions.NotFound:
            raise _unknown() from None

    def _link(self, edge: list[Any], *, reverse: bool) -> str:
        """Return the link past the entry at the edge of the page; an empty page leads back to where it came from."""
        position: Any = self._position_of(edge[0]) if edge else self.position
        return self.encode_cursor(Cursor(offset=0, reverse=reverse, position=position))

    def _position_of(self, entry: Any) -> str:
        return json.dumps([str(getattr(entry, name.lstrip("-"))) for name in self.ordering])

    def _beyond(self, model: type[Model], position: Any) -> Q:
        """Return the condition for the entries after the position, before it where the cursor leads back."""
        condition, equal = Q(), Q()
        bound = Q()  # follows from the condition; said so that the database can enter an index by it
        for name, value in zip(self.ordering, self._read(model, position), strict=True):
            field, further = name.lstrip("-"), "lt" if name.startswith("-") != self.backwards else "gt"
            condition |= equal & Q(**{f"{field}__{further}": value})
            bound = bound or Q(**{f"{field}__{further}e": value})
            equal &= Q(**{field: value})
        return condition & bound

    def _read(self, model: type[Model], position: Any) -> list[Any]:
        """Return the values of a position as their fields hold them. Raises ValidationError."""
        try:
            typed = json.loads(position)
            if not isinstance(typed, list) or any(not isinstance(text, str) or "\0" in text for text in typed):
                raise ValueError
            fields: list[Any] = [model._meta.get_field(name.lstrip("-")) for name in self.ordering]
            return [field.to_python(text) for field, text in zip(fields, typed, strict=True)]
        except (ValueError, TypeError, RecursionError, ValidationError):
            raise _unknown() from None


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _unknown() -> exceptions.ValidationError:
    sentence = _("游标不是平台给出的，请从第一页（不带 cursor）查起，再用 next 里的地址往后翻。")
    return exceptions.ValidationError({"cursor": [sentence]})
