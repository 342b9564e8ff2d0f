"""What the mastheads offer. Entries whose page does not exist in this installation are left out."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Shell = Literal["public", "desk", "operator"]


@dataclass(frozen=True)
class Entry:
    """One entry: its word, the name of its URL, whether the URL takes the code of the jurisdiction, who may see it."""

    label: str | Promise
    url_name: str
    regional: bool = False
    permission: str = ""


@dataclass(frozen=True)
class Link:
    """An entry as shown: word, address, whether the reader is there."""

    label: str
    href: str
    current: bool


ENTRIES: dict[Shell, tuple[Entry, ...]] = {
    "public": (
        Entry(_("首页"), "public:home", regional=True),
        Entry(_("申报通知"), "public:calls", regional=True),
        Entry(_("公示公告"), "public:notices", regional=True),
        Entry(_("基地名册"), "public:register", regional=True),
        Entry(_("政策依据"), "public:policy", regional=True),
        Entry(_("我要投诉"), "complaints:start", regional=True),
    ),
    "desk": (
        Entry(_("办件"), "desk:worklist"),
        Entry(_("申报批次"), "applications:calls"),
        Entry(_("基地名册"), "bases:register"),
        Entry(_("考核"), "assessments:list"),
        Entry(_("投诉"), "complaints:list"),
        Entry(_("资金"), "subsidies:list"),
        Entry(_("统计"), "desk:reports"),
        Entry(_("政策"), "policies:settings"),
    ),
    "operator": (
        Entry(_("首页"), "desk:operator_home"),
        Entry(_("申报"), "applications:mine"),
        Entry(_("年度报告"), "assessments:reports"),
        Entry(_("考核"), "assessments:mine"),
        Entry(_("补助资金"), "subsidies:mine"),
        Entry(_("投诉答复"), "complaints:mine"),
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
    """Return the entries of a shell for this reader; the one with the longest fitting address is the current one."""
    path = request.path if request else ""
    capacity = getattr(request, "capacity", None)
    found = [
        (entry, href)
        for entry in ENTRIES[shell]
        if (not entry.permission or (capacity is not None and capacity.may(entry.permission)))
        and (href := address(entry.url_name, *_arguments(entry, code)))
    ]
    here = max((href for _entry, href in found if path.startswith(href)), key=len, default="")
    return [Link(str(entry.label), href, current=href == here) for entry, href in found]


def _arguments(entry: Entry, code: str) -> tuple[tuple[object, ...], ...]:
    if not entry.regional:
        return ((),)
    return ((code,),) if code else ()
