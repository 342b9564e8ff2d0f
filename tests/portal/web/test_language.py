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


@pytest.mark.parametrize(("chosen", "other"), [("zh-hans", 'lang="en">English<'), ("en", 'lang="zh-Hans">中文<')])
def test_the_other_language_is_offered_in_the_strip_of_a_phone_too(client: Client, chosen: str, other: str) -> None:
    client.cookies["django_language"] = chosen
    strip = client.get("/").content.decode().split("</header>")[0]
    on_a_phone = [link for link in strip.split("<a ")[1:] if link.startswith('class="prefs')]
    assert sum(other in link for link in on_a_phone) == 1
