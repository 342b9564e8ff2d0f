"""The history of a base as its tables keep it, told as a line for the evaluator; and where the two differ.

What is exported is what titles, complaints and revocations rest on; awards and what a base states of itself are not.
A title's ordinary ends and renewals are kept without the act that brought them: an end is told as the last of its day,
but before a notice or a new certification of that day; a renewal on the first day on which it could have been.
"""

import datetime
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from bases.models import Base, Certification, Revocation
from bases.rules import BasePolicy, Register
from bases.states import RevocationStatus, Standing
from complaints.models import Misconduct, as_rule, count_of, upheld_ever
from complaints.states import MisconductStatus
from portal.deadlines.terms import add_months, add_years
from portal.policies.loader import pack_of
from portal.rehearsal.evaluate import evaluate_line

_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)  # a title begins before all else of its day
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)
_WINDOW = 6  # months before the end of a period in which it can be renewed

Told = dict[str, Any]


class Happening(NamedTuple):
    """One event in its order: by day, within a day by the moment at which it was entered."""

    on: datetime.date
    at: datetime.datetime
    order: int
    event: Told


def history_of(base: Base, on: datetime.date) -> Told | None:
    """Return what happened to a base up to a day, as `manage.py evaluate` reads it; None where nothing did.

    The policy is that of the latest certification, else of the latest complaint.
    """
    certified = base.certifications.order_by("certified_on", "pk").last()
    latest = certified or base.complaints.order_by("pk").last()
    if latest is None:
        return None
    titles = {title.code for title in pack_of(latest.policy, on=on).section(BasePolicy).titles}
    found = [*_of_titles(base, titles, on), *_of_complaints(base), *_of_misconduct(base), *_of_revocations(base)]
    events = [one.event for one in sorted(found, key=lambda one: one[:3]) if one.on <= on]
    return {"id": base.slug, "policy": latest.policy, "as_of": on.isoformat(), "events": events}


def _happening(kind: str, on: datetime.date, at: datetime.datetime | None, order: int, **fields: Any) -> Happening:
    return Happening(on, at or _FIRST, order, {"on": on.isoformat(), "type": kind, **fields})


def _of_titles(base: Base, titles: set[str], on: datetime.date) -> Iterator[Happening]:
    for row in base.certifications.filter(title__in=titles).order_by("pk"):
        yield _happening("certified", row.certified_on, None, row.pk, title=row.title)
        for day in _renewed(row, on):
            yield _happening("recertified", day, None, row.pk, title=row.title, outcome="renewed")
        before = row.stood_as if row.status in {Standing.IN_PROCEEDINGS, Standing.REVOKED} else row.status
        if row.ended_on and before == Standing.SURRENDERED:
            yield _happening("surrendered", row.ended_on, _moment_of_end(row), row.pk, title=row.title)
        elif row.ended_on and before == Standing.NOT_RENEWED:
            at = _moment_of_end(row)
            yield _happening("recertified", row.ended_on, at, row.pk, title=row.title, outcome="refused")
        elif before == Standing.RECTIFYING:
            yield _happening("assessed", row.certified_on, None, row.pk, title=row.title, verdict="fail")


def _moment_of_end(row: Certification) -> datetime.datetime:
    """Return when within its day a title ended: last, but before it was granted anew or proceedings began that day."""
    anew = row.base.certifications.filter(title=row.title, pk__gt=row.pk).values_list("certified_on", flat=True)
    if row.ended_on in set(anew):
        return _FIRST
    notice = row.revocations.filter(notice_served_on=row.ended_on).order_by("pk").first()
    if notice is not None and notice.notice_served_at is not None:
        return notice.notice_served_at - datetime.timedelta(microseconds=1)
    return _LAST


def _renewed(row: Certification, on: datetime.date) -> Iterator[datetime.date]:
    section = pack_of(row.policy, on=on).section(BasePolicy)
    title = section.title(row.title)
    for number in range(row.tenure(title).renewals):
        years = title.period_years.value if title.period_years else 0
        yield add_months(add_years(row.certified_on, years * (number + 1)), -_WINDOW)


def _of_complaints(base: Base) -> Iterator[Happening]:
    for row in upheld_ever(base):
        found = as_rule(row)
        fields = {"named": found.named, "service_recipient": found.service_recipient, "partly": found.partly}
        name = {"complaint": found.complaint, "fact": found.fact}
        yield _happening("complaint_upheld", found.on, row.decided_at, row.pk, **name, **fields)
        if row.overturned_on:
            yield _happening(
                "complaint_overturned", row.overturned_on, row.overturned_at, row.pk, complaint=found.complaint
            )


def _of_misconduct(base: Base) -> Iterator[Happening]:
    for row in Misconduct.objects.filter(base=base, status=MisconductStatus.ESTABLISHED):
        if row.decided_on:
            yield _happening("misconduct_established", row.decided_on, row.decided_at, row.pk, ground=row.ground)


def _of_revocations(base: Base) -> Iterator[Happening]:
    for row in base.revocations.filter(notice_served_on__isnull=False).select_related("certification"):
        ended = {
            RevocationStatus.CLOSED: "proceedings_closed",
            RevocationStatus.SET_ASIDE: "revocation_set_aside",
        }.get(RevocationStatus(row.status), "")
        steps = (
            ("prior_notice_served", row.notice_served_on, row.notice_served_at),
            ("revocation_decided", row.decided_on, row.decided_at),
            ("revocation_served", row.served_on, row.served_at),
            (ended, row.ended_on if ended else None, row.ended_at),
        )
        for kind, day, moment in steps:
            if day is not None:
                yield _happening(kind, day, moment, row.pk, title=row.certification.title, ground=row.ground)


# --- what the tables say, in the words of the answer ---


def kept_of(base: Base, on: datetime.date) -> Told:
    """Return the standings, the count, the grounds met and the bans of a base as the portal's tables have them."""
    history = history_of(base, on)
    if history is None:
        return {"titles": [], "complaints": None, "grounds": [], "bans": []}
    section = pack_of(history["policy"], on=on).section(BasePolicy)
    register = base.register(section)
    return {
        "titles": _titles(register),
        "complaints": _count(base, on),
        "grounds": _grounds(base, section, on),
        "bans": [
            {"title": ban.title, "from": ban.starts_on.isoformat(), "until": ban.ends_on.isoformat()}
            for ban in base.bans.in_force().order_by("starts_on", "pk")
        ],
    }


def _titles(register: Register) -> list[Told]:
    return [
        {
            "title": code,
            "standing": tenure.standing,
            "certified_on": tenure.certified_on.isoformat(),
            "period_ends": tenure.period_ends.isoformat() if tenure.period_ends else None,
        }
        for code, tenure in register.tenures.items()
    ]


def _count(base: Base, on: datetime.date) -> Told | None:
    count = count_of(base, on)
    if count is None or count.tenure.revocation is not None:
        return None
    return {"counted": count.number, "limit": count.policy.limit.value}


def _grounds(base: Base, section: BasePolicy, on: datetime.date) -> list[Told]:
    """Return the grounds met on a day; none once the title is revoked."""
    count = count_of(base, on)
    if count is None or section.revocation is None or count.tenure.revocation is not None:
        return []
    met = [(count.met_on(ground.ground), ground.ground) for ground in section.revocation.grounds]
    rows = [(day, ground) for day, ground in met if day is not None]
    rows.sort(key=lambda row: row[0])
    return [{"title": section.revocation.title, "ground": ground, "met_on": day.isoformat()} for day, ground in rows]


# --- the two held against each other ---


def differences(base: Base, on: datetime.date) -> list[str]:
    """Return, in sentences, what the evaluator makes otherwise of a base than its tables do; empty where they agree.

    And where a ground is met, but no case runs although the title is not revoked: what is spent is not met (G-06).
    """
    history = history_of(base, on)
    if history is None:
        return []
    answer: Told = json.loads(evaluate_line(json.dumps(history, ensure_ascii=False).encode()))
    if "error" in answer:
        return [f"{base.slug}：登记的经过不合规则：{answer['error']['path']} {answer['error']['message']}"]
    kept = kept_of(base, on)
    found = [
        f"{base.slug}：{part} 登记为 {kept[part]}，按规则为 {judged}"
        for part, judged in _judged(answer).items()
        if judged != kept[part]
    ]
    if kept["grounds"] and not Revocation.objects.running().filter(base=base).exists():
        found.append(f"{base.slug}：撤销事由已成立，没有立案：{kept['grounds']}")
    return found


def _judged(answer: Told) -> Told:
    """Return the parts of an answer that tables keep too, with the keys they are kept by."""
    wanted = {
        "titles": ("title", "standing", "certified_on", "period_ends"),
        "grounds": ("title", "ground", "met_on"),
        "bans": ("title", "from", "until"),
    }
    parts: Told = {part: [{key: row[key] for key in keys} for row in answer[part]] for part, keys in wanted.items()}
    count = answer["complaints"]
    parts["complaints"] = {"counted": count["counted"], "limit": count["limit"]} if count else None
    return parts
