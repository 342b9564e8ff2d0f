"""Pages of long lists: right rows, few queries, the last page as quick as the first."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from portal.jurisdictions.models import Jurisdiction
from portal.web.pagination import Page, paginate

pytestmark = pytest.mark.django_db


def at_page(number: object, queryset=None, **options):
    request = RequestFactory().get("/", {"page": number})
    counties = Jurisdiction.objects.filter(level="county")
    return paginate(request, counties if queryset is None else queryset, **options)


def test_all_pages_together_hold_every_row_once_in_order() -> None:
    wanted = list(Jurisdiction.objects.filter(level="city").order_by("-name", "pk").values_list("pk", flat=True))
    seen: list[int] = []
    cities = Jurisdiction.objects.filter(level="city")
    pages = at_page(1, cities, order=["-name"]).pages
    for number in range(1, pages + 1):
        seen += [row.pk for row in at_page(number, cities, order=["-name"])]
    assert seen == wanted


@pytest.mark.parametrize(("asked", "got"), [("", 1), ("abc", 1), ("0", 1), ("-3", 1), ("²", 1), ("9" * 12, 1)])
def test_nonsense_gives_the_first_page(asked: str, got: int) -> None:
    assert at_page(asked).number == got


def test_a_number_too_high_gives_the_last_page() -> None:
    page = at_page(99999)
    assert page.number == page.pages
    assert not page.has_next
    assert len(page) == page.total - (page.pages - 1) * 25


def test_any_page_costs_three_queries() -> None:
    for number in (1, 60, 99999):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(at_page(number, Jurisdiction.objects.select_related("parent")))
        assert len(queries) == 3


def test_the_last_page_is_read_from_the_end() -> None:
    with CaptureQueriesContext(connection) as queries:
        at_page(99999)
    keys = queries[1]["sql"]
    assert "OFFSET" not in keys
    assert "DESC" in keys


def test_where_the_count_stopped_the_rest_is_counted_for_whoever_goes_beyond_it() -> None:
    everything = at_page(1)
    for number in (1, 3, 4):
        with CaptureQueriesContext(connection) as queries:
            page = at_page(number, total=100, more=True)
        assert [row.pk for row in page] == [row.pk for row in at_page(number)]
        assert (len(queries), page.count, page.has_next, page.window[-1]) == (2, "100+", True, None)
    for number in (5, "last"):
        page = at_page(number, total=100, more=True)
        assert (page.total, page.more, page.pages) == (everything.total, False, everything.pages)
        assert page.number == (5 if number == 5 else everything.pages)


def test_a_list_is_counted_up_to_a_number_and_whole_for_whoever_goes_beyond_it(monkeypatch) -> None:
    everything = at_page("last")
    monkeypatch.setattr("portal.web.pagination.MOST_COUNTED", 100)
    for number, counted in ((1, "100+"), (4, "100+"), (5, f"{everything.total:,}"), ("last", f"{everything.total:,}")):
        with CaptureQueriesContext(connection) as queries:
            page = at_page(number)
        assert (page.count, len(queries)) == (counted, 3)
    assert [row.pk for row in at_page("last")] == [row.pk for row in everything]
    few = Jurisdiction.objects.filter(level="province")
    assert at_page(1, few).count == str(few.count())


def test_a_known_total_spares_the_count() -> None:
    with CaptureQueriesContext(connection) as queries:
        at_page(1, total=3000)
    assert len(queries) == 2


def test_where_an_index_gives_the_order_the_first_pages_are_read_in_one_query() -> None:
    for number, queries_asked in ((1, 2), (20, 2), (21, 3), ("last", 3)):
        with CaptureQueriesContext(connection) as queries:
            page = at_page(number, indexed=True)
        assert len(queries) == queries_asked
        assert [row.pk for row in page] == [row.pk for row in at_page(number)]
        assert (page.total, page.number) == (at_page(number).total, at_page(number).number)
    assert len(at_page(2, total=30, indexed=True)) == 5


def test_an_empty_list_has_one_page_and_no_rows() -> None:
    page = at_page(1, Jurisdiction.objects.none())
    assert (page.total, page.pages, len(page), page.first_shown, page.last_shown) == (0, 1, 0, 0, 0)


def test_window_shows_both_ends_and_the_neighbours() -> None:
    def window(number: int, pages: int) -> list[int | None]:
        return Page(items=[], number=number, total=pages * 25, per_page=25).window

    assert window(1, 1) == [1]
    assert window(1, 5) == [1, 2, 3, 4, 5][:3] + [4, 5]
    assert window(6, 50) == [1, None, 4, 5, 6, 7, 8, None, 50]
    assert window(5, 50) == [1, 2, 3, 4, 5, 6, 7, None, 50]
