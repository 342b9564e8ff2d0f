"""What follows if a finding is confirmed: said before the button is pressed, by the same rules that decide after it."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bases.models import Revocation
from complaints.models import Complaint, Count, Finding, count_of
from complaints.rules import Upheld, counted, uphold
from complaints.states import Outcome


@dataclass(frozen=True)
class Prospect:
    """What a confirmation brings about: the sentence, the number reached out of the limit, whether proceedings open."""

    sentence: str
    number: int = 0
    limit: int = 0
    opens: bool = False
    clause: str = ""


def prospect_of(complaint: Complaint, finding: Finding, on: datetime.date) -> Prospect:
    """Return what follows if the finding were confirmed on that day; nothing is written."""
    if finding.outcome == Outcome.UNTRUE:
        return Prospect(_("确认后记为“不予认定”，投诉办结，不计入有效投诉次数。"))
    count = count_of(complaint.base, on)
    if count is None:
        return Prospect(_("确认后记为“投诉有效”。这家基地没有按投诉次数撤销的称号，不产生其他后果。"))
    before, reason = count.number, uphold(count.docket, _as_if_upheld(complaint, finding, on), count.policy)
    after = len(counted(count.docket, count.period, count.policy))
    if reason is not None:
        words = _("确认后记为“投诉有效”，但不计入次数：%(why)s。有效投诉仍为 %(n)s 件。")
        return _told(words % {"why": reason, "n": before}, before, count)
    if after == before:
        words = _("确认后记为“投诉有效”，同一事实已计一次，有效投诉仍为 %(n)s 件。")
        return _told(words % {"n": before}, before, count)
    return _reaching(complaint, after, count)


def _reaching(complaint: Complaint, after: int, count: Count) -> Prospect:
    limit = count.policy.limit.value
    if after < limit:
        words = _("这将是第 %(n)s 件有效投诉；达到 %(limit)s 件启动撤销程序。")
        return _told(words % {"n": after, "limit": limit}, after, count)
    if Revocation.objects.running().filter(base=complaint.base_id).exists():
        words = _("这将是第 %(n)s 件有效投诉。撤销程序已经在进行，不另行启动。")
        return _told(words % {"n": after}, after, count)
    words = _("这将是第 %(n)s 件有效投诉，确认后即启动撤销程序。")
    return _told(words % {"n": after}, after, count, opens=True)


def _told(sentence: str, number: int, count: Count, *, opens: bool = False) -> Prospect:
    return Prospect(sentence, number, count.policy.limit.value, opens, count.policy.limit.clause)


def _as_if_upheld(complaint: Complaint, finding: Finding, on: datetime.date) -> Upheld:
    partly = finding.outcome == Outcome.PARTLY
    recipient = bool(complaint.service_recipient)
    return Upheld(complaint.number, on, complaint.fact, complaint.named, recipient, partly)
