"""The period of a title (复评认定期) goes by one name everywhere, and where the policy sets none every page says so."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bases.models import Certification
from portal.accounts.capacity import SYSTEM, Capacity
from subsidies.actions import record_entitlements
from tests.factories import titles
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
CITY = {"title": "city", "category_name": "创业孵化基地", "plaque_text": "创业孵化基地", "period_ends": None}
UNSET = "政策未规定"


def pages(held: Certification, cast: Cast, sign_in: Callable[[Capacity], Client]) -> dict[str, str]:
    """Return every page that says until when the title's period runs."""
    stranger = Client()
    addresses = {
        "verify": (stranger, f"/verify/{held.verify_code}"),
        "register": (stranger, f"/{cast.city.code}/register/"),
        "base": (stranger, f"/base/{held.base.slug}/"),
        "desk": (sign_in(cast.city_caseworker), reverse("desk:base", args=[held.base.pk])),
        "home": (sign_in(cast.wang), "/my/"),
    }
    return {name: client.get(address, follow=True).content.decode() for name, (client, address) in addresses.items()}


@pytest.mark.parametrize("fields", [CITY, {}], ids=["no period", "five years"])
def test_every_page_calls_the_period_by_one_name_and_says_where_none_is_set(
    fields: dict[str, object], cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    held = titles.certification(cast.base, **fields)
    for name, page in pages(held, cast, sign_in).items():
        assert "复评认定期" in page, name
        assert "复评期至" not in page, name
        assert (UNSET in page) == (held.period_ends is None), name
        assert held.period_ends or "复评认定期至" not in page, name
        assert held.period_ends or "政策未定" not in page, name


def test_the_manual_explains_the_period_that_certificates_name() -> None:
    page = Client().get("/help/").content.decode()
    assert "<dt>复评认定期</dt>" in page
    assert "政策未规定的，证书只写认定日期" in page


def test_an_award_says_how_to_come_by_it_unless_it_is_stopped(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    held = titles.certification(cast.base)
    assert record_entitlements(held, by=SYSTEM, on=datetime.date(2026, 3, 9))
    how = "申领和拨付的办法由主管部门另行通知"
    assert how in sign_in(cast.wang).get("/my/").content.decode()
    Certification.objects.filter(pk=held.pk).update(status="in_proceedings", stood_as="certified")
    assert how not in sign_in(cast.wang).get("/my/").content.decode()


@pytest.mark.parametrize(("code", "reviewed"), [("520000", True), ("330400", False), ("650000", False)])
def test_the_register_speaks_of_overdue_re_certification_only_where_titles_have_a_period(
    client: Client, code: str, reviewed: bool
) -> None:
    page = client.get(f"/{code}/register/").content.decode()
    assert ('<option value="overdue"' in page) is reviewed
    assert ("另注“复评逾期”" in page) is reviewed
    assert '<option value="held"' in page
