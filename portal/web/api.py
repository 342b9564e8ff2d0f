"""What every address under /api/v1/ shares: open to anybody, read-only, counted, cached by its reader, errors as
problem+json (RFC 9457) with a Chinese sentence and a code.
"""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.decorators import public_view
from portal.accounts.lockout import client_ip
from portal.audit.models import AuditEvent
from portal.deadlines.today import CHINA, business_now
from portal.web.cursors import NewestFirst
from portal.web.read_only import read_only, writes_on_get
from portal.web.throttling import API, take

PROBLEM = "application/problem+json; charset=utf-8"
FRESH_SECONDS = 60
View = Callable[..., HttpResponseBase]


def problem(status: int, code: str, title: str, detail: str, *, instance: str = "", **more: Any) -> dict[str, Any]:
    """Return the body of an error: what happened (`title`), where and how to mend it (`detail`), a stable `code`."""
    body = {"type": "about:blank", "status": status, "code": code, "title": title, "detail": detail}
    return {**body, **({"instance": instance} if instance else {}), **more}


def problem_response(body: dict[str, Any], **headers: str) -> JsonResponse:
    """Return an error as an answer of its own, outside the framework."""
    return JsonResponse(
        body,
        status=body["status"],
        headers=headers,
        content_type=PROBLEM,
        json_dumps_params={"ensure_ascii": False},
    )


def _said(error: Exception) -> tuple[int, str, str, str]:
    """Return status, code, title and detail of an exception of the framework."""
    if isinstance(error, Http404 | exceptions.NotFound):
        return 404, "not_found", _("没有找到"), _("没有这一条记录，或者它不公开。请核对网址里的编号。")
    if isinstance(error, exceptions.ValidationError):
        return 400, "invalid", _("查询条件有误"), _("有条件不能识别，请照 errors 里的说明改正后再查。")
    if isinstance(error, exceptions.MethodNotAllowed):
        return 405, "read_only", _("只能读取"), _("开放接口只提供读取，请用 GET。办理请登录平台。")
    if isinstance(error, exceptions.NotAcceptable):
        return 406, "not_acceptable", _("没有这种格式"), _("接口只提供 application/json，请修改 Accept。")
    status = getattr(error, "status_code", 500)
    return status, getattr(error, "default_code", "error"), _("没有办成"), str(getattr(error, "detail", ""))


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of the framework into problem+json; everything else takes its usual way."""
    if not isinstance(error, exceptions.APIException | Http404):
        return None
    status, code, title, detail = _said(error)
    more = {"errors": error.detail} if isinstance(error, exceptions.ValidationError) else {}
    request: Request = context["request"]
    response = Response(problem(status, code, title, detail, instance=request.path, **more), status=status)
    response.content_type = PROBLEM
    return response


class OpenViewSet(viewsets.GenericViewSet):  # type: ignore[type-arg]  # the model is named by each set
    """Base of every set of the open interface."""

    pagination_class = NewestFirst
    filter_backends = [DjangoFilterBackend]
    http_method_names = ["get", "head", "options"]

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Answer errors as problem+json."""
        return explain

    def get_serializer_context(self) -> dict[str, Any]:
        """Give serializers the moment the answer speaks of."""
        return {**super().get_serializer_context(), "now": business_now()}


def last_change() -> datetime.datetime:
    """Return when anything public may last have changed: the newest act on record, or this day's beginning.

    The day counts because a title becomes overdue, and a call opens, without anybody acting.
    """
    newest = AuditEvent.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    midnight = business_now().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(newest.astimezone(CHINA), midnight) if newest else midnight


def open_api(view: View) -> View:
    """Mark an address of the open interface: anybody may ask, so often; the answer carries ETag and Last-Modified."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wait = take(API, client_ip(request))
        if wait:
            detail = _("请求太多，请在 %(n)s 秒后再试。需要整份数据时请下载文件。") % {"n": wait}
            body = problem(429, "too_many_requests", _("请稍候再试"), detail, instance=request.path)
            return problem_response(body, **{"Retry-After": str(wait)})
        with read_only():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            changed = last_change()
        response["Access-Control-Allow-Origin"] = "*"
        return _fresh(request, response, changed) if isinstance(response, HttpResponse) else response

    return writes_on_get("takes a token of the address that asks")(public_view(wrapped))


def _fresh(request: HttpRequest, response: HttpResponse, changed: datetime.datetime) -> HttpResponseBase:
    """Let the reader keep an answer that has not changed."""
    if response.status_code != 200:
        return response
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    response["Last-Modified"] = http_date(changed.timestamp())
    set_response_etag(response)
    conditional = get_conditional_response(
        request, etag=response["ETag"], last_modified=int(changed.timestamp()), response=response
    )
    return conditional or response


@open_api
def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address that the interface does not have."""
    detail = _("接口没有这个地址。地址和参数见 /api/docs/。")
    return problem_response(problem(404, "unknown_address", _("没有这个地址"), detail, instance=request.path))
