"""A NUL character is refused with a sentence before anything is looked up by it."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.accounts.capacity import Capacity
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db

ADDRESSES = (
    *("/%00/", "/%00/policy/", "/520000/register/?place=%00", "/520000/register/?q=a%00b", "/520000/register/?%00=1"),
    *("/base/a%00/", "/verify/?code=%00", "/policies/%00/", "/letters/%00/", "/account/login/?next=%00", "/help/%00/"),
    *("/desk/?place=%00", "/desk/?q=%00", "/audit/timeline/%00/1/", "/audit/timeline/a/%00/", "/audit/?person=%00"),
    *(
        "/account/people/?q=%00",
        "/my/applications/1/as-filed/?v=%00",
        "/register/?place=%00",
        "/520000/calls/?page=%00",
    ),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_nul_in_an_address_is_refused_with_a_sentence_and_a_way_on(client: Client, address: str) -> None:
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "网址里有一个看不见的空字符（NUL），平台不收，这一步没有办。" in text
    assert 'class="btn' in text


@pytest.mark.parametrize("address", ["/api/v1/bases/?q=%00", "/api/v1/certifications/%00/", "/api/v1/verify/%00/"])
def test_the_open_interface_refuses_a_nul_as_a_problem(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json; charset=utf-8")
    assert json.loads(answer.content)["code"] == "nul_character"


@pytest.mark.parametrize("form", [{"username": "a\0b"}, {"a\0b": "1"}, {"a": ["1", "\0"]}])
@pytest.mark.parametrize("address", ["/account/login/", "/register/", "/my/bases/new/"])
def test_a_nul_in_a_form_is_refused(client: Client, address: str, form: dict[str, str]) -> None:
    answer = client.post(address, form)
    assert answer.status_code == 400
    assert "表单里有一个看不见的空字符" in answer.content.decode()


def test_a_signed_in_person_is_refused_in_the_same_words(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    answer = sign_in(cast.wang).post("/my/bases/new/", {"name": "基地\0"})
    assert answer.status_code == 400
    assert "表单里有一个看不见的空字符" in answer.content.decode()


def test_the_name_of_a_field_or_a_file_is_read_too(client: Client) -> None:
    assert client.post("/register/", {"fi\0le": SimpleUploadedFile("a.pdf", b"x")}).status_code == 400
    named = client.post("/register/", {"file": SimpleUploadedFile("a\0.pdf", b"x")})
    assert named.status_code < 500


def test_a_cookie_with_a_nul_is_as_if_it_had_not_been_sent(client: Client) -> None:
    answer = client.get("/account/", headers={"cookie": 'sessionid="12345678\\000"; csrftoken="\\000"; text="\\000"'})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")
