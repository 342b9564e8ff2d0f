"""Statuses of a certification (认定): one base, one title."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """What the law makes of a title today; the words of the evaluator."""

    CERTIFIED = "certified", _("有效")
    RECTIFYING = "rectifying", _("整改中")
    IN_PROCEEDINGS = "in_proceedings", _("撤销程序中")
    REVOKED = "revoked", _("已撤销")
    NOT_RENEWED = "not_renewed", _("未延续")
    SURRENDERED = "surrendered", _("已放弃")


S = Standing

NEXT: dict[str, frozenset[str]] = {
    S.CERTIFIED: frozenset({S.RECTIFYING, S.IN_PROCEEDINGS, S.NOT_RENEWED, S.SURRENDERED}),
    S.RECTIFYING: frozenset({S.CERTIFIED, S.IN_PROCEEDINGS, S.NOT_RENEWED, S.SURRENDERED}),
    S.IN_PROCEEDINGS: frozenset({S.CERTIFIED, S.RECTIFYING, S.NOT_RENEWED, S.SURRENDERED, S.REVOKED}),
    S.REVOKED: frozenset({S.CERTIFIED, S.RECTIFYING, S.NOT_RENEWED, S.SURRENDERED}),  # set aside by review or court
    S.NOT_RENEWED: frozenset({S.IN_PROCEEDINGS}),
    S.SURRENDERED: frozenset({S.IN_PROCEEDINGS}),
}

HELD = frozenset({S.CERTIFIED, S.RECTIFYING})
STANDS = HELD | {S.IN_PROCEEDINGS}

# What strangers see. Proceedings change nothing in public before their decision is served (M14).
PUBLIC = (S.CERTIFIED, S.RECTIFYING, S.REVOKED, S.NOT_RENEWED, S.SURRENDERED)


def underlying(status: str, stood_as: str) -> Standing:
    """Return the standing below proceedings: what the title was when they opened (`stood_as`), else its status.

    It is all that the public sees: neither a title nor its end may change in public before a decision is served (M14).
    """
    return Standing(stood_as) if status == S.IN_PROCEEDINGS else Standing(status)


class RevocationStatus(models.TextChoices):
    """Where revocation proceedings are. Each step needs proof of the one before."""

    OPENED = "opened", _("已立案，待制发告知书")
    NOTICE_ISSUED = "notice_issued", _("告知书待送达")
    DEFENCE = "defence", _("陈述申辩期")
    WEIGHED = "weighed", _("申辩已复核，待决定")
    DECIDED = "decided", _("决定书待送达")
    REVOKED = "revoked", _("已撤销")
    CLOSED = "closed", _("已终结，未撤销")
    LAPSED = "lapsed", _("事由不再成立，未送达告知")
    SET_ASIDE = "set_aside", _("撤销决定已被撤销")


R = RevocationStatus

REVOCATION_NEXT: dict[str, frozenset[str]] = {
    R.OPENED: frozenset({R.NOTICE_ISSUED, R.LAPSED}),
    R.NOTICE_ISSUED: frozenset({R.NOTICE_ISSUED, R.DEFENCE, R.LAPSED}),  # a notice with a mistake is replaced
    R.DEFENCE: frozenset({R.WEIGHED, R.CLOSED}),
    R.WEIGHED: frozenset({R.DECIDED, R.CLOSED}),
    R.DECIDED: frozenset({R.DECIDED, R.REVOKED, R.CLOSED}),
    R.REVOKED: frozenset({R.SET_ASIDE}),
    R.CLOSED: frozenset(),
    R.LAPSED: frozenset(),
    R.SET_ASIDE: frozenset(),
}

BEFORE_NOTICE = frozenset({R.OPENED, R.NOTICE_ISSUED})
AFTER_NOTICE = frozenset({R.DEFENCE, R.WEIGHED, R.DECIDED})
RUNNING = BEFORE_NOTICE | AFTER_NOTICE
SPENDING = frozenset({R.CLOSED, R.SET_ASIDE})
