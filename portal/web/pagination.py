"""Pages of long lists at the price of the first page.

Three queries at most, whatever the length: a count, the keys of one page, the rows of those keys. Keys first, because
OFFSET makes the database build every row it skips, joins included; keys alone come from an index. From the middle on
the order is turned round, so that the last page costs as much as the first. The count breaks off where no reader
counts any more; who asks for a page beyond gets the exact one (docs/decisions/0171).
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest

PER_PAGE = 25
LAST = "last"  # ?page=last
MOST_COUNTED = 10_000
NEAR = 20  # so many pages an index is read through with all that is joined to its rows
M = TypeVar("M", bound=Model)
Order = Sequence[str | OrderBy | F]


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list, with all that the component `pages` shows."""

    items: list[M]
    number: int
    total: int
    per_page: int
    more: bool = False  # the count stopped at `total`: there are as many or more

    def __iter__(self) -> Iterator[M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def count(self) -> str:
        """Return the total in words; one that stopped at a number as 1,000+."""
        return f"{self.total:,}+" if self.more else f"{self.total:,}"

    @property
    def has_previous(self) -> bool:
        """Return whether a page lies before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Return whether a page follows this one, as far as it is known."""
        return self.number < self.pages or self.more

    @property
    def previous(self) -> int:
        """Return the number of the page before."""
        return self.number - 1

    @property
    def next(self) -> int:
        """Return the number of the page after."""
        return self.number + 1

    @property
    def first_shown(self) -> int:
        """Return the place of the first row shown, counted from one; 0 in an empty list."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last_shown(self) -> int:
        """Return the place of the last row shown."""
        return min(self.number * self.per_page, self.total)

    @property
    def several(self) -> bool:
        """Return whether there is more than one page."""
        return self.pages > 1

    @property
    def window(self) -> list[int | None]:
        """Return the page numbers to offer: both ends, two neighbours on each side, None for a gap.

        Where the count stopped, the far end is not known: the list ends in a gap, and `last` leads there.
        """
        near = {1, self.pages, *range(self.number - 2, self.number + 3)}
        numbers = sorted(n for n in near if 1 <= n <= self.pages)
        shown: list[int | None] = []
        for number in numbers:
            if shown and shown[-1] is not None and number > shown[-1] + 1:
                shown.append(shown[-1] + 1 if number == shown[-1] + 2 else None)
            shown.append(number)
        return [*shown, None] if self.more else shown


def paginate(
    request: HttpRequest,
    queryset: QuerySet[M],
    *,
    per_page: int = PER_PAGE,
    order: Order = (),
    total: int | None = None,
    more: bool = False,
    indexed: bool = False,
) -> Page[M]:
    """Return the page that ?page= names; nonsense gives the first page, `last` or a number too high the last.

    `order` defaults to the order of `queryset`; the primary key is added so that no row appears on two pages.
    Up to `MOST_COUNTED` rows are counted, all of them for whoever asks for a page beyond. `total` spares that where the
    caller has it from a counter; `more`: the counter stopped there. `indexed`: an index gives `order`, so the first
    pages are read in one query; otherwise the keys are sorted alone, before anything is joined to them.
    """
    asked = _asked(request)
    if total is None and asked * per_page <= MOST_COUNTED:
        total = queryset.order_by()[:MOST_COUNTED].count()
        more = total == MOST_COUNTED
    if total is None or (more and asked * per_page > total):
        total, more = queryset.order_by().count(), False
    pages = max(1, -(-total // per_page))
    number = min(asked, pages)
    ordered = _totally_ordered(queryset, order)
    if indexed and number <= NEAR:
        near = ordered[(number - 1) * per_page : min(number * per_page, total)]
        return Page(items=list(near), number=number, total=total, per_page=per_page, more=more)
    keys = _keys(ordered, start=(number - 1) * per_page, total=total, per_page=per_page, to_the_end=not more)
    return Page(items=_rows(ordered, keys), number=number, total=total, per_page=per_page, more=more)


def _asked(request: HttpRequest) -> int:
    raw = request.GET.get("page", "1")
    if raw == LAST:
        return sys.maxsize
    return max(1, int(raw)) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else 1


def _totally_ordered(queryset: QuerySet[M], order: Order) -> QuerySet[M]:
    fields: list[Any] = list(order or queryset.query.order_by or queryset.model._meta.ordering or ())
    if not any(isinstance(field, str) and field.lstrip("-") in {"pk", "id"} for field in fields):
        fields.append("pk")
    return queryset.order_by(*fields)


def _keys(ordered: QuerySet[M], *, start: int, total: int, per_page: int, to_the_end: bool) -> list[Any]:
    """Return the primary keys of one page, counted from the nearer end of the list; where it is not known, forward."""
    keys = ordered.values_list("pk", flat=True)
    length = min(per_page, total - start)
    if length <= 0:
        return []
    if start * 2 <= total or not to_the_end:
        return list(keys[start : start + length])
    from_end = total - start - length
    return list(keys.reverse()[from_end : from_end + length])[::-1]


def _rows(ordered: QuerySet[M], keys: list[Any]) -> list[M]:
    """Return the rows of `keys` in their order."""
    if not keys:
        return []
    found = {row.pk: row for row in ordered.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]
