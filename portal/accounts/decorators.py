"""Marks of views: who may enter. A guard test refuses any view without one."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from portal.accounts.capacity import capacities
from portal.accounts.passwords import password_is_old
from portal.deadlines.today import business_now, business_today

if TYPE_CHECKING:
    from portal.accounts.capacity import Capacity
    from portal.accounts.models import User

TWO_FACTORS = "two_factors"
View = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """A request whose reader is signed in, as every view but a public one gets it. For annotations only."""

    user: "User"
    capacity: "Capacity"


def public_view(view: View) -> View:
    """Mark a view that anybody may see."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.audience = "public"  # type: ignore[attr-defined]  # read by the guard test
    return wrapped


def person_view(view: View) -> View:
    """Mark a view for anybody who is signed in, whatever their capacity (own settings, switching capacity)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    wrapped.audience = "person"  # type: ignore[attr-defined]  # read by the guard test
    return wrapped


def operator_view(view: View) -> View:
    """Mark a view for the representative of an operator; the view itself fetches only that operator's records."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.capacity.kind != "operator":  # type: ignore[attr-defined]  # set by CapacityMiddleware
            go_on = "请切换到运营机构身份。" if _holds(request, "operator") else "您的账号没有代表任何运营机构。"
            raise PermissionDenied(f"这一页供基地运营机构使用。{go_on}")
        return view(request, *args, **kwargs)

    wrapped.audience = "operator"  # type: ignore[attr-defined]  # read by the guard test
    return wrapped


def officer_view(*permissions: str) -> Callable[[View], View]:
    """Mark a view for officers who hold at least one of `permissions`; two factors are demanded of every officer."""

    def mark(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            refusal = _refuse_officer(request, permissions)
            return refusal or view(request, *args, **kwargs)

        wrapped.audience = "officer"  # type: ignore[attr-defined]  # read by the guard test
        wrapped.permissions = frozenset(permissions)  # type: ignore[attr-defined]  # read by the permission table
        return wrapped

    return mark


def has_two_factors(request: HttpRequest) -> bool:
    """Whether this person has a second factor; asked once per session, because an officer cannot take it away again."""
    if not request.session.get(TWO_FACTORS):
        if not is_mfa_enabled(request.user):  # type: ignore[arg-type]  # the decorator has turned visitors away
            return False
        request.session[TWO_FACTORS] = True
    return True


def _holds(request: HttpRequest, kind: str) -> bool:
    """Whether the person could act in a capacity of that kind."""
    person = cast(PersonRequest, request).user
    return any(held.kind == kind for held in capacities(person, business_today()))


def _refuse_officer(request: HttpRequest, permissions: tuple[str, ...]) -> HttpResponse | None:
    capacity = request.capacity  # type: ignore[attr-defined]  # set by CapacityMiddleware
    if capacity.kind != "officer":
        go_on = "请切换到工作人员身份。" if _holds(request, "officer") else "您的账号没有工作人员岗位。"
        raise PermissionDenied(f"这一页供主管部门工作人员使用。{go_on}")
    if settings.OFFICERS_NEED_MFA and not has_two_factors(request):
        return redirect("mfa_index")
    if password_is_old(request.user, business_now()):  # type: ignore[arg-type]  # the decorator turned visitors away
        return redirect("account_change_password")
    if permissions and not any(capacity.may(permission) for permission in permissions):
        raise PermissionDenied("您现在的岗位不能办理这一项。可以切换身份，或请有权限的同事办理。")
    return None
