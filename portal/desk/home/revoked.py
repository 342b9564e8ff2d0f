"""What a revocation leaves its former holder to do: hand back plaque and certificate; contest it while one may."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from bases.actions.proceedings import law_of, workdays
from bases.models import Revocation
from bases.views.for_operators import Remedy, remedies_of
from portal.desk.home.parts import First, Line
from portal.desk.home.standing import Situation
from portal.web.parts import Fact


def hand_back(situation: Situation) -> First | None:
    """Return the plaque and certificate to be handed back first, by which day; None if there is none."""
    waiting = [each for each in situation.revoked if each.plaque_recovered_on is None and each.served_on is not None]
    return _hand_back(waiting[-1], situation.today) if waiting else None


def _hand_back(found: Revocation, today: datetime.date) -> First:
    law, served = law_of(found), found.served_on
    assert served is not None
    name = found.certification.titled
    term = law.policy.plaque_workdays
    facts = [
        Fact(
            _("在哪一步"),
            _("%(base)s 的%(title)s自 %(day)s 起撤销") % {"base": found.base.name, "title": name, "day": served},
        ),
        Fact(_("为什么"), _("撤销决定已经送达，牌匾和证书要交回，停止以该称号宣传")),
    ]
    open_still = "；".join(
        _("%(name)s至 %(day)s") % {"name": each.name, "day": each.until.on} for each in _open(found, today)
    )
    if open_still:
        facts.append(Fact(_("不服决定，可以"), open_still))
    title = _("交回牌匾和证书：%(title)s") % {"title": name}
    due = workdays(found, served, term.value)
    return First(f"revoked:{found.pk}", title, tuple(facts), due, term, found.policy, _address(found), _("看撤销决定"))


def remedies(situation: Situation) -> Iterator[Line]:
    """Return how each revocation may still be contested, each until its day."""
    for found in situation.revoked:
        about = f"{found.base.name}，{found.certification.titled}"
        for number, each in enumerate(_open(found, situation.today)):
            yield Line(
                f"remedy:{found.pk}:{number}",
                each.name,
                about,
                _("不服撤销决定的，%(where)s") % {"where": each.where},
                each.until,
                href=_address(found),
                act=_("看撤销决定"),
                mine=False,
            )


def _open(found: Revocation, today: datetime.date) -> list[Remedy]:
    return [each for each in remedies_of(found, law_of(found)) if each.until.on >= today]


def _address(found: Revocation) -> str:
    """Return where the decision is read; the case where it was not kept here."""
    if found.decision is not None:
        return reverse("documents:letter", args=[found.decision.key])
    return reverse("bases:my_revocation", args=[found.pk])
