"""What was ruled on the terms of a call after it was published: its pages and letter keep the terms of their day."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from applications.letters.sources import call_pack
from applications.models import Call
from applications.states import CallStatus
from portal.policies.entries import at, content_of
from portal.policies.loader import installed, pack_of
from portal.policies.models import AssumptionRuling, Outcome
from portal.policies.packs import Pack
from portal.policies.wording import owner_of, wording
from portal.web.values import content_in_words

# The values that the page and the letter of a call name: its terms, and the conditions of its title. Of the public
# notice both name the length, not by when it is to be published.
NAMED = re.compile(
    r"(applications\.(?:procedures|eligibility\.\w+)\[\d+\])"
    r"\.(?:steps\[(\d+)\]\.workdays|notice_workdays|correction_workdays|needs|at_least|flags)"
)


@dataclass(frozen=True)
class Since:
    """One decision on a term of a call since it was published, as a line of its page."""

    on: datetime.date
    says: str


def names(pack: Pack, path: str, title: str) -> bool:
    """Return whether the page or letter of a call for the title names the value at the path."""
    found = NAMED.fullmatch(path)
    if found is None:
        return False
    table = at(pack.tables, found[1])
    if found[2] and table["steps"][int(found[2])]["step"] == "public_notice":
        return False
    return bool(table.get("title", table.get("for_title", title)) == title)


def calls_naming(pack: Pack, path: str, now: datetime.datetime) -> list[Call]:
    """Return the calls under a pack that are published and not over and name the value at the path, by their end."""
    running = Call.objects.filter(policy=pack.id, status=CallStatus.PUBLISHED, closes_at__gt=now)
    found = running.select_related("jurisdiction").order_by("closes_at", "pk")
    return [call for call in found if names(pack, path, call.title)]


def ruled_since(call: Call, on: datetime.date) -> list[Since]:
    """Return what the bureau ruled on the terms of a published call after its day, the oldest first."""
    if call.published_on is None or call.policy not in installed():
        return []
    if call_pack(call).rulings == pack_of(call.policy, on=on).rulings:
        return []
    made = AssumptionRuling.objects.filter(pack=call.policy, decided_on__gt=call.published_on, decided_on__lte=on)
    held = made.exclude(superseded_on=models.F("decided_on"))  # a word taken back the same day never held
    rows = cast("list[AssumptionRuling]", list(held.select_related("jurisdiction").order_by("pk")))
    return list(_lines(call, installed()[call.policy], rows))


def _lines(call: Call, pack: Pack, made: Iterable[AssumptionRuling]) -> Iterator[Since]:
    words = wording(Path(settings.POLICY_PACKS))
    stood: dict[str, str] = {}
    for ruling in made:
        if names(pack, ruling.path, call.title):
            owner, label = owner_of(pack, ruling.path, words), words.label(ruling.path)
            before = stood.get(ruling.path) or content_of(at(call_pack(call).tables, ruling.path))
            stood[ruling.path] = ruling.content
            said = {
                "day": ruling.decided_on.isoformat(),
                "label": " · ".join(part for part in (owner, label) if part),
                "by": ruling.jurisdiction.name,
                "before": content_in_words(pack, ruling.path, before),
                "after": content_in_words(pack, ruling.path, ruling.content),
            }
            yield Since(ruling.decided_on, _in_words(ruling) % said)


def _in_words(ruling: AssumptionRuling) -> str:
    if ruling.outcome == Outcome.CONFIRMED:
        return _("%(label)s：%(by)s主管部门于 %(day)s 确认取“%(after)s”。")
    return _(
        "%(label)s：%(by)s主管部门决定自 %(day)s 起由“%(before)s”改为“%(after)s”。"
        "这一天以前首次提交的申报仍按“%(before)s”，这一天起首次提交的按“%(after)s”。"
    )
