"""A part of a page is the same as in the whole page; refusals and signing in reach the reader."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django_htmx.middleware import HtmxDetails

from portal.web.htmx import render_page

PAGE = "<h1>{{ n }}</h1>{% partialdef rows inline %}<p>{{ n }} 件</p>{% endpartialdef %}"


def guarded(request: HttpRequest) -> HttpResponse:
    return redirect("/account/login/?next=/desk/")


urlpatterns = [
    path("t/guarded", guarded),
    path("account/", include("portal.accounts.urls")),
    path("", include("portal.web.urls")),
]


@pytest.fixture
def page(tmp_path, settings) -> str:
    (tmp_path / "t_page.html").write_text("{% load partials %}" + PAGE, encoding="utf-8")
    engine = engines["django"].engine
    loaders = [("template_partials.loader.Loader", [("django.template.loaders.filesystem.Loader", [str(tmp_path)])])]
    before = engine.template_loaders
    engine.template_loaders = engine.get_template_loaders(loaders)
    yield "t_page.html"
    engine.template_loaders = before


def ask(template: str, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    request.user = None
    return render_page(request, template, {"n": 3}, part="rows")


def test_the_whole_page_without_htmx(page: str) -> None:
    assert ask(page).content.decode() == "<h1>3</h1><p>3 件</p>"


def test_htmx_gets_the_part_as_the_whole_page_has_it(page: str) -> None:
    part = ask(page, HX_Request="true")
    assert part.content.decode() == "<p>3 件</p>"
    assert part.content in ask(page).content
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("header", ["HX_Boosted", "HX_History_Restore_Request"])
def test_a_boosted_link_and_a_lost_history_get_the_whole_page(page: str, header: str) -> None:
    assert b"<h1>" in ask(page, HX_Request="true", **{header: "true"}).content


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_signing_in_takes_the_whole_page_not_a_part() -> None:
    response = Client().get("/t/guarded", headers={"hx-request": "true"})
    assert response["HX-Redirect"] == "/account/login/?next=/desk/"
    assert Client().get("/t/guarded").status_code == 302


@pytest.mark.django_db
def test_pages_vary_with_the_cookies_that_shape_them(client: Client) -> None:
    assert "Cookie" in client.get("/")["Vary"]
