"""Telephone numbers: whoever gives one gives one that can be rung."""

import pytest

from applications.forms.filling import BaseForm
from bases.forms import AmendBaseForm
from portal.accounts.forms import NewPersonForm, ProfileForm
from portal.deadlines.today import business_today
from portal.desk.bureau.forms import AgencyForm
from portal.typed_text import are_public_phones, is_phone
from tests.factories.register import operator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    ["13900000000", "+86 139 0000 0000", "0851-85555555", "（0851）8555555", "0573－82222222转8", "400-810-8888"],
)
def test_mobile_numbers_and_landlines_with_their_area_code_can_be_rung(typed: str) -> None:
    assert is_phone(typed)


@pytest.mark.parametrize("typed", ["abc", "12333", "85555555", "1390000000", "139000000000", "0851-85555555 abc", "-"])
def test_what_is_no_telephone_number_is_none(typed: str) -> None:
    assert not is_phone(typed)


@pytest.mark.parametrize(
    ("typed", "good"),
    [("12333", True), ("0851-85555555、12333", True), ("0851-85555555；", False), ("abc", False), ("12333 abc", False)],
)
def test_a_bureau_may_print_several_numbers_and_those_of_services(typed: str, good: bool) -> None:
    assert are_public_phones(typed) is good


@pytest.mark.parametrize("field", ["phone", "discipline_phone"])
@pytest.mark.parametrize("form", [AgencyForm, AmendBaseForm, NewPersonForm, ProfileForm, BaseForm])
def test_every_form_that_asks_for_a_telephone_number_refuses_what_is_none(form: type, field: str) -> None:
    if form is BaseForm:
        filled = form({field: "abc"}, operator=operator(), on=business_today())
    else:
        filled = form({field: "abc"})
    if field in filled.fields:
        assert any("“abc”不是能拨通的电话号码" in sentence for sentence in filled.errors[field])
