"""Every view says for whom it is. One that does not, or that a stranger's form could reach unchecked, fails here."""

import pytest

from tests.architecture.addresses import OURS, THIRD_PARTY, Address, dotted, every_address

AUDIENCES = {"public", "person", "operator", "officer"}


@pytest.mark.parametrize("address", every_address(), ids=str)
def test_every_view_is_marked_with_its_audience(address: Address) -> None:
    if address.third_party:
        return
    assert address.audience in AUDIENCES, (
        f"{dotted(address.view)} has no mark: put @public_view, @person_view, @operator_view or @officer_view(…) "
        "outermost, from portal.accounts.decorators"
    )


@pytest.mark.parametrize("address", every_address(), ids=str)
def test_no_view_is_exempt_from_the_check_of_forms(address: Address) -> None:
    if getattr(address.view, "csrf_exempt", False):
        assert address.route.startswith("api/"), f"{address}: csrf_exempt is for the read-only API alone"


def test_every_address_has_a_name() -> None:
    nameless = [address.route for address in every_address() if address.name.endswith(":") or not address.name]
    assert nameless == []


def test_no_name_is_given_twice() -> None:
    names = [address.name for address in every_address()]
    twice = {name for name in names if names.count(name) > 1}
    assert twice == set()


def test_the_list_of_third_party_views_names_no_view_of_ours() -> None:
    assert not [name for name in THIRD_PARTY if name.startswith(OURS)]
