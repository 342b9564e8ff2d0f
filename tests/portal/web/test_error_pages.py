"""Every error page says what happened and what to do now."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.forms import CharField, PasswordInput, Textarea
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.web import error_pages
from portal.web.forms import PlainForm
from portal.web.parts import Change

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def raising(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("t/refused", raising(DomainError("申报期 2026-11-30 18:00 结束，不能再提交。", clause="GZ-12"))),
    path("t/moved", raising(StatusMoved("这一件现为“等待补正”。", by_whom="张三", when="10:42"))),
    path("t/may-not", raising(NotAllowed("审核人不能审批同一件。"))),
    path("t/invalid", raising(InvalidInput("有 1 处要改。", {"area": "孵化面积大于建筑面积。"}))),
    path("t/denied", raising(PermissionDenied("这一页供主管部门工作人员使用。"))),
    path("t/missing", raising(Http404("没有这一件。"))),
    path("t/unmatched", raising(Http404("No Application matches the given query."))),
    path("t/big", raising(RequestDataTooBig("too big"))),
    path("t/broken", raising(RuntimeError("secret detail"))),
    path("account/", include("portal.accounts.urls")),
    path("", include("portal.web.urls")),
]
handler400 = "portal.web.error_pages.bad_request"
handler403 = "portal.web.error_pages.denied"
handler404 = "portal.web.error_pages.not_found"
handler500 = "portal.web.error_pages.server_error"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/t/refused", 422, "申报期 2026-11-30 18:00 结束，不能再提交。"),
        ("/t/refused", 422, "GZ-12"),
        ("/t/moved", 409, "张三"),
        ("/t/may-not", 403, "审核人不能审批同一件。"),
        ("/t/invalid", 422, "孵化面积大于建筑面积。"),
        ("/t/denied", 403, "这一页供主管部门工作人员使用。"),
        ("/t/missing", 404, "没有这一件。"),
        ("/t/unmatched", 404, "链接可能写错，内容可能已经移走。请核对网址，或者从首页重新找。"),
        ("/t/big", 413, "太大"),
        ("/no/such/page", 404, "链接可能写错"),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence_and_a_way_on(address: str, status: int, words: str) -> None:
    response = Client(raise_request_exception=False).get(address)
    text = response.content.decode()
    assert response.status_code == status
    assert words in text
    assert "<main" in text
    assert 'class="btn' in text


@override_settings(ROOT_URLCONF=__name__)
def test_a_breakdown_shows_a_number_and_no_detail(django_assert_num_queries, caplog) -> None:
    response = Client(raise_request_exception=False).get("/t/broken")
    text = response.content.decode()
    assert response.status_code == 500
    assert "secret detail" not in text
    number = text.split('<span class="code">')[1].split("</span>")[0]
    assert number in caplog.text
    assert "向主管部门反映时请报这个号" in text, "the page names no telephone"
    assert "电话" not in text


def test_the_breakdown_page_needs_no_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert error_pages.server_error(RequestFactory().get("/")).status_code == 500


def test_a_method_the_page_does_not_know_gets_a_page(client: Client) -> None:
    response = client.post("/accessibility/")
    assert response.status_code == 405
    assert response["Allow"]
    assert "这个地址不能这样打开" in response.content.decode()


def test_a_stale_page_shows_what_changed_and_keeps_what_was_typed(client: Client) -> None:
    request = client.get("/").wsgi_request
    changes = [Change("状态", "市级初审中", "等待补正")]
    error = StatusMoved("张三已退回这一件。", by_whom="张三", when="10:42")

    class Advice(PlainForm):
        text = CharField(label="意见", widget=Textarea)
        password = CharField(widget=PasswordInput)

    form = Advice({"text": "同意推荐，材料齐全。", "password": "geheim"})
    response = error_pages.stale(request, error, form=form, changes=changes)
    text = response.content.decode()
    assert response.status_code == 409
    for words in ("<ins>等待补正</ins>", "同意推荐，材料齐全。", "10:42", "看最新的件"):
        assert words in text
    assert "geheim" not in text


def test_a_form_sent_after_signing_out_says_so() -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = "gone"
    response = client.post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "登录已过期" in response.content.decode()


def test_a_form_without_token_says_how_to_go_on() -> None:
    response = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "重新打开这一页" in response.content.decode()


def test_maintenance_closes_all_but_health(client: Client, settings, tmp_path) -> None:
    flag = tmp_path / "maintenance"
    flag.write_text("今天 20:00 恢复。", encoding="utf-8")
    settings.MAINTENANCE_FLAG = flag
    response = Client().get("/")
    assert response.status_code == 503
    assert "今天 20:00 恢复。" in response.content.decode()
    assert response["Retry-After"]
    assert Client().get("/healthz").status_code == 200


@override_settings(ROOT_URLCONF=__name__)
def test_a_missing_record_is_said_in_chinese_and_names_no_model() -> None:
    text = Client().get("/t/unmatched").content.decode()
    assert "matches the given query" not in text


def test_only_who_signed_in_reads_of_work_and_territory(client: Client, django_user_model) -> None:
    officers_words = ("不归您办", "您负责的区域")
    assert not any(words in client.get("/no/such/page/").content.decode() for words in officers_words)
    client.force_login(django_user_model.objects.create(username="zhang"), backend=BACKEND)
    assert all(words in client.get("/no/such/page/").content.decode() for words in officers_words)


@pytest.mark.parametrize("address", ["/330400/nothing/here/", "/330400/calls/99999/", "/display/?next=/330400/calls/"])
def test_a_page_that_belongs_to_no_place_keeps_the_place_one_came_from(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert "<small>嘉兴市</small>" in page
    assert 'href="/330400/policy/"' in page


@pytest.mark.parametrize("address", ["/999999/calls/", "/000000/calls/", "/nothing/", "/display/?next=/help/"])
def test_an_address_that_names_no_place_shows_none(client: Client, address: str) -> None:
    assert "选择地区" in client.get(address).content.decode()
