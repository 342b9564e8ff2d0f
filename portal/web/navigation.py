"""What the mastheads offer. Entries whose page does not exist, or which the reader may never open, are left out."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Shell = Literal["public", "desk", "operator"]


@dataclass(frozen=True)
class Entry:
    """One entry: its word, the name of its URL, whether it takes the code of the place, whether pages below count,
    whether its page, the same for every place, is told from where one came (`?at=`) and keeps that menu, and which
    pages with an address elsewhere belong to it.
    """

    label: str | Promise
    url_name: str
    regional: bool = False
    alone: bool = False
    told_where: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An entry as shown: word, address, whether the reader is there."""

    label: str
    href: str
    current: bool


ENTRIES: dict[Shell, tuple[Entry, ...]] = {
    "public": (
        Entry(_("首页"), "public:home", regional=True, alone=True),
        Entry(_("申报通知"), "public:calls", regional=True),
        Entry(_("公示公告"), "public:notices", regional=True),
        Entry(_("基地名册"), "public:register", regional=True),
        Entry(_("核验证书"), "public:verify", told_where=True),
        Entry(_("投诉"), "public:complain", regional=True),
        Entry(_("政策依据"), "public:policy", regional=True),
    ),
    "desk": (
        Entry(_("办件"), "desk:worklist"),
        Entry(
            _("申报批次"),
            "applications:calls",
            also=("applications:notice", "applications:enter_objection"),
        ),
        Entry(_("基地名册"), "bases:register"),
        Entry(
            _("投诉"),
            "complaints:complaints",
            also=(
                "complaints:for_base",
                "complaints:enter_for",
                "complaints:report_misconduct",
                "complaints:misconduct",
            ),
        ),
        Entry(_("撤销"), "bases:revocations"),
        Entry(_("政策"), "policies:settings"),
        Entry(_("放假日"), "desk:calendar"),
        Entry(_("机关信息"), "desk:agency"),
        Entry(_("人员"), "accounts:people"),
        Entry(_("岗位授权"), "accounts:proposals"),
        Entry(_("审计记录"), "audit:search"),
    ),
    "operator": (
        Entry(_("首页"), "desk:operator_home", alone=True),
        Entry(
            _("申报"),
            "applications:mine",
            also=("applications:start", "applications:new_base", "applications:own_base"),
        ),
        Entry(_("在孵实体"), "bases:my_tenants", also=("bases:my_roster",)),
        Entry(_("基地投诉"), "complaints:mine", also=("bases:my_revocation", "bases:sign", "bases:defend")),
        Entry(_("经办人"), "accounts:colleagues"),
    ),
}


def address(url_name: str, *candidates: tuple[object, ...]) -> str:
    """Return the address of a named page with the first arguments that fit, or an empty string."""
    for arguments in candidates or ((),):
        try:
            return reverse(url_name, args=arguments)
        except NoReverseMatch:
            continue
    return ""


def links(shell: Shell, request: HttpRequest | None, code: str = "") -> list[Link]:
    """Return the entries of a shell for this reader: the current one is that to which the page belongs by its name,
    else the one with the longest fitting address.
    """
    path = request.path if request else ""
    page = getattr(getattr(request, "resolver_match", None), "view_name", "")
    capacity = getattr(request, "capacity", None)
    found = [
        (entry, href)
        for entry in ENTRIES[shell]
        if (href := address(entry.url_name, *_arguments(entry, code))) and _may_open(href, capacity)
    ]
    fitting = (href for entry, href in found if (path == href if entry.alone else path.startswith(href)))
    here = next((href for entry, href in found if page in entry.also), "") or max(fitting, key=len, default="")
    return [
        Link(str(entry.label), f"{href}?at={code}" if entry.told_where and code else href, current=href == here)
        for entry, href in found
    ]


def _may_open(href: str, capacity: Any) -> bool:
    """Return whether the mark of the view lets this capacity in (`portal.accounts.decorators`)."""
    needed = _permissions(href, get_urlconf() or settings.ROOT_URLCONF)
    return not needed or (capacity is not None and any(capacity.may(permission) for permission in needed))


@lru_cache(maxsize=10_000)  # the menus of every division; what a view needs does not change while the portal runs
def _permissions(href: str, urlconf: str) -> frozenset[str]:
    found: frozenset[str] = getattr(resolve(href, urlconf).func, "permissions", frozenset())
    return found


def _arguments(entry: Entry, code: str) -> tuple[tuple[object, ...], ...]:
    if not entry.regional:
        return ((),)
    return ((code,),) if code else ()
