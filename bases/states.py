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
