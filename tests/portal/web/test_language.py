"""Chinese unless the reader chose otherwise."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_what_a_browser_announces_is_no_choice(client: Client) -> None:
    response = client.get("/", headers={"accept-language": "en-US"})
    assert response["Content-Language"] == "zh-Hans"
    assert '<html lang="zh-Hans"' in response.content.decode()


def test_a_chosen_language_holds(client: Client) -> None:
    client.cookies["django_language"] = "en"
    assert client.get("/")["Content-Language"] == "en"


def test_a_language_we_do_not_have_is_passed_over(client: Client) -> None:
    client.cookies["django_language"] = "fr"
    assert client.get("/")["Content-Language"] == "zh-Hans"
