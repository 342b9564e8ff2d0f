"""Atom feeds of a place: its calls and its notices."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Call, PublicNotice
from applications.views.for_public import public_calls, whom, with_lists
from portal.accounts.decorators import public_view
from portal.deadlines.today import CHINA
from portal.jurisdictions.models import Jurisdiction
from portal.web.place import place_or_404

NEWEST = 30


def _midnight(day: datetime.date | None) -> datetime.datetime | None:
    return datetime.datetime.combine(day, datetime.time(), CHINA) if day else None


class _PlaceFeed(Feed[Any, Jurisdiction]):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Jurisdiction:
        return place_or_404(kwargs["code"])

    def author_name(self, place: Jurisdiction) -> str:
        return _("%(place)s创业孵化基地认定管理平台") % {"place": place.name}


class CallsFeed(_PlaceFeed):
    """The newest calls that concern a place."""

    def title(self, place: Jurisdiction) -> str:
        """Name the feed."""
        return _("%(place)s申报通知") % {"place": place.full_name}

    def link(self, place: Jurisdiction) -> str:
        """Lead to the list."""
        return reverse("public:calls", args=[place.code])

    def items(self, place: Jurisdiction) -> list[tuple[Jurisdiction, Call]]:
        """Give the newest calls, each with the place whose feed this is."""
        return [(place, call) for call in public_calls(place).order_by("-published_on", "-pk")[:NEWEST]]

    def item_title(self, item: tuple[Jurisdiction, Call]) -> str:
        """Name the call."""
        return item[1].name

    def item_description(self, item: tuple[Jurisdiction, Call]) -> str:
        """Say from when to when one may apply."""
        opens, closes = (each.astimezone(CHINA) for each in (item[1].opens_at, item[1].closes_at))
        return _("申报期 %(opens)s 至 %(closes)s") % {
            "opens": f"{opens:%Y-%m-%d %H:%M}",
            "closes": f"{closes:%Y-%m-%d %H:%M}",
        }

    def item_link(self, item: tuple[Jurisdiction, Call]) -> str:
        """Lead to the call."""
        return reverse("public:call", args=[item[0].code, item[1].pk])

    def item_pubdate(self, item: tuple[Jurisdiction, Call]) -> datetime.datetime | None:
        """Say when it was published."""
        return _midnight(item[1].published_on)


class NoticesFeed(_PlaceFeed):
    """The newest public notices that concern a place."""

    def title(self, place: Jurisdiction) -> str:
        """Name the feed."""
        return _("%(place)s公示公告") % {"place": place.full_name}

    def link(self, place: Jurisdiction) -> str:
        """Lead to the list."""
        return reverse("public:notices", args=[place.code])

    def items(self, place: Jurisdiction) -> list[tuple[Jurisdiction, PublicNotice]]:
        """Give the newest notices, each with the place whose feed this is."""
        return [(place, notice) for notice in with_lists(place)[:NEWEST]]

    def item_title(self, item: tuple[Jurisdiction, PublicNotice]) -> str:
        """Name the notice."""
        return item[1].title

    def item_description(self, item: tuple[Jurisdiction, PublicNotice]) -> str:
        """Say until when one may object."""
        term = _("公示期至 %(day)s，有异议可以实名提出") % {"day": item[1].ends_on}
        return _("%(names)s。%(term)s") % {"names": whom(item[1]), "term": term}

    def item_link(self, item: tuple[Jurisdiction, PublicNotice]) -> str:
        """Lead to the notice."""
        return reverse("public:notice", args=[item[0].code, item[1].pk])

    def item_pubdate(self, item: tuple[Jurisdiction, PublicNotice]) -> datetime.datetime | None:
        """Say when it was published."""
        return _midnight(item[1].published_on)


@public_view
@require_safe
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Give the Atom feed of a place's calls."""
    return CallsFeed()(request, code=code)


@public_view
@require_safe
def notices(request: HttpRequest, code: str) -> HttpResponse:
    """Give the Atom feed of a place's notices."""
    return NoticesFeed()(request, code=code)
