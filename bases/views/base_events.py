"""What happened to a base, as far as the public may know: grants, ends and bars, with the papers that are public.

Steps before a served decision (a complaint, prior notice, a defence) never appear here (M14).
"""

import datetime
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bases.models import Base, Certification, Revocation
from bases.states import RevocationStatus, Standing
from bases.views.renames import renames_of
from portal.documents.models import Letter
from portal.web.navigation import address
from portal.web.parts import Event

ENDS = {
    Standing.REVOKED: gettext_lazy("撤销%(title)s"),
    Standing.NOT_RENEWED: gettext_lazy("复评未延续%(title)s"),
    Standing.SURRENDERED: gettext_lazy("放弃%(title)s"),
}


def base_events(base: Base, certifications: Iterable[Certification], on: datetime.date) -> list[Event]:
    """Return the public history of a base up to that day, newest first."""
    events = [event for each in certifications for event in _of_title(each)]
    events += [*_of_bans(base), *_set_aside(base), *_of_names(base, events)]
    if base.opened_on:
        events.append(Event(base.opened_on, _("开始运营")))
    events.sort(key=lambda event: event.at, reverse=True)
    return [event for event in events if event.at <= on]


def _of_names(base: Base, granted: Iterable[Event]) -> Iterator[Event]:
    """Return how a base was renamed since its first title: what stands on paper from before bears the old name."""
    since = min((event.at for event in granted), default=None)
    for on, before, after in renames_of(base, since=since) if since else ():
        yield Event(on, _("更名为%(name)s") % {"name": after}, text=_("原名：%(name)s") % {"name": before})


def _of_title(certification: Certification) -> Iterator[Event]:
    name = certification.titled
    letter = public_letter(certification.letter)
    yield Event(
        certification.certified_on,
        _("认定为%(title)s") % {"title": name},
        text=_("%(number)s，%(by)s") % {"number": certification.numbered, "by": certification.recogniser},
        kind="letter" if letter else "",
        href=letter,
        link=certification.letter.title if letter and certification.letter else "",
    )
    if certification.ended_on and not certification.stands:
        words = str(ENDS.get(certification.underlying, "%(title)s")) % {"title": name}
        bad = certification.status == Standing.REVOKED
        text = decided_as(certification) if bad else ""
        yield Event(certification.ended_on, words, text=text, kind="bad" if bad else "")


def _set_aside(base: Base) -> Iterator[Event]:
    """What was revoked and restored, the newest first: both stay on record, also where both are of one day."""
    restored = base.revocations.filter(status=RevocationStatus.SET_ASIDE).select_related("certification", "decision")
    for row in restored.order_by("-pk"):
        name = {"title": row.certification.titled}
        if row.served_on and row.ended_on:
            reference = row.decision.reference if row.decision else ""
            by = _("%(who)s撤销了原决定，暂停申报自始无效") % {"who": row.authority}
            yield Event(row.ended_on, _("恢复%(title)s") % name, text=by)
            yield Event(row.served_on, str(ENDS[Standing.REVOKED]) % name, text=reference, kind="bad")


def revoked_by(certification: Certification) -> Revocation | None:
    """Return the case whose decision revoked a title, None where it stands or was not decided here."""
    served = certification.revocations.filter(status=RevocationStatus.REVOKED)
    return served.select_related("decision", "ban").last()


def decided_as(certification: Certification) -> str:
    """Return the reference of the decision that revoked a title, empty where it was not decided here."""
    last = revoked_by(certification)
    return last.decision.reference if last and last.decision else ""


def _of_bans(base: Base) -> Iterator[Event]:
    for ban in base.bans.in_force().order_by("-starts_on"):
        yield Event(ban.starts_on, _("暂停申报至 %(day)s") % {"day": ban.ends_on}, text=_("含当日"), kind="pause")
        if ban.lifted_on:
            yield Event(ban.lifted_on, _("解除暂停申报"))


def public_letter(letter: Letter | None) -> str:
    """Return the address of a letter that everybody may read, else nothing."""
    return address("documents:letter", (letter.key,)) if letter is not None and letter.public else ""
