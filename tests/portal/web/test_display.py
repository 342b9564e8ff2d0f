"""The reader's display: one cookie, applied by the server, changed by links."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.web.display import Display, changed, read_display

pytestmark = pytest.mark.django_db


def test_the_choice_becomes_classes_on_html(client: Client) -> None:
    client.cookies["display"] = "125-contrast-elder"
    assert '<html lang="zh-Hans" class="text-125 contrast elder">' in client.get("/").content.decode()


def test_a_link_changes_one_thing_and_leads_back(client: Client) -> None:
    client.cookies["display"] = "125"
    response = client.get(reverse("web:display"), {"contrast": "1", "next": "/help/"})
    assert response.url == "/help/"
    assert response.cookies["display"].value == "125-contrast"


def test_the_usual_look_needs_no_cookie(client: Client) -> None:
    client.cookies["display"] = "125"
    response = client.get(reverse("web:display"), {"text": "100"})
    assert response.cookies["display"].value == ""


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_site(client: Client, target: str) -> None:
    assert client.get(reverse("web:display"), {"text": "125", "next": target}).url == "/"


def test_language_changes_by_link(client: Client) -> None:
    client.get(reverse("web:display"), {"lang": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()
    client.get(reverse("web:display"), {"lang": "zh-hans", "next": "/"})
    assert '<html lang="zh-Hans"' in client.get("/").content.decode()


def test_nonsense_changes_nothing(client: Client) -> None:
    assert read_display("900-<script>") == Display()
    assert changed(Display(), {"text": "900", "elder": "yes"}) == Display()
    response = client.get(reverse("web:display"), {"lang": "xx"})
    assert "django_language" not in response.cookies


def test_settings_page_shows_the_present_choice(client: Client) -> None:
    client.cookies["display"] = "150"
    assert 'value="150" checked' in client.get(reverse("web:display")).content.decode()
