"""What people type about themselves and others: wrong input gets a sentence about this field and this input."""

import datetime

import pytest

from portal.accounts.forms import NewPersonForm, PostForm, ProfileForm, SignInForm
from tests.factories.people import person, place

pytestmark = pytest.mark.django_db
PERSON = {"name": "新同事", "username": "newcomer", "email": "newcomer@example.org"}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "请填写姓名。"),
        ("name", "@@@@", "“@@@@”里没有文字，请填写真实姓名。"),
        (
            "phone", "??",
            "“??”不是能拨通的电话号码：手机 11 位，座机是区号加 7 或 8 位。写成 13900000000 或“区号-座机号码”这样。",
        ),
        ("email", "newcomer", "“newcomer”不是邮箱地址，写成 name@example.cn 这样。"),
        ("username", "ab", "用户名写了 2 字，至少 3 字，请补充。"),
        ("username", "new comer", "用户名只能用文字、数字或 . + - _，不能有空格或其他符号。请改正。"),
    ],
)  # fmt: skip
def test_wrong_input_about_a_person_gets_a_sentence_of_ours(field: str, typed: str, sentence: str) -> None:
    assert NewPersonForm(PERSON | {field: typed}).errors[field] == [sentence]


def test_one_cannot_leave_oneself_without_a_readable_name() -> None:
    form = ProfileForm({"name": "？？", "email": "a@example.org"}, instance=person())
    assert form.errors["name"] == ["“？？”里没有文字，请填写真实姓名。"]


def test_an_empty_sign_in_names_what_is_missing() -> None:
    assert SignInForm({"login": "", "password": ""}).errors["login"] == ["请填写用户名或邮箱。"]


def test_a_group_of_counties_without_a_bureau_is_no_place_of_office() -> None:
    form = PostForm(territory=place("650000"), on=datetime.date(2026, 11, 23))
    offered = set(form.fields["jurisdiction"].queryset.values_list("code", flat=True))
    assert "659000" not in offered
    assert {"650100", "659001"} <= offered
