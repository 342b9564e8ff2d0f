"""Reading never writes: the database itself refuses."""

import pytest
from django.contrib.auth import get_user_model
from django.db import InternalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from portal.web.models import Pulse
from portal.web.read_only import ReadOnlyMiddleware, read_only, writes_on_get
from portal.web.tasks import beat

pytestmark = pytest.mark.django_db


def writing_view(request: HttpRequest) -> HttpResponse:
    beat()
    return HttpResponse()


@writes_on_get("leaves an access record")
def marked_view(request: HttpRequest) -> HttpResponse:
    beat()
    return HttpResponse()


def run(view, method: str) -> HttpResponse:
    def get_response(request: HttpRequest) -> HttpResponse:
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware = ReadOnlyMiddleware(get_response)
    return middleware(RequestFactory().generic(method, "/"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_safe_method_cannot_write(method: str) -> None:
    with pytest.raises(InternalError, match="read-only"):
        run(writing_view, method)


def test_post_writes() -> None:
    run(writing_view, "POST")
    assert Pulse.objects.count() == 1


def test_a_marked_view_writes_although_it_is_read() -> None:
    run(marked_view, "GET")
    assert Pulse.objects.count() == 1


def test_after_the_block_writing_is_possible_again() -> None:
    with read_only(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    beat()
    assert Pulse.objects.count() == 1


def test_a_session_that_no_longer_fits_its_user_does_not_break_a_page(client) -> None:
    user = get_user_model().objects.create_user("zhao", password="one")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    user.set_password("two")
    user.save()
    assert client.get("/").status_code == 200


def remembering_view(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = "yes"
    return HttpResponse("ok")


urlpatterns = [path("remember", remembering_view)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_session_is_saved_after_the_reading_ends(client) -> None:
    assert client.get("/remember").status_code == 200
    assert client.session["seen"] == "yes"
