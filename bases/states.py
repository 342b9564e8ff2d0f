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

STANDS = frozenset({S.CERTIFIED, S.RECTIFYING, S.IN_PROCEEDINGS})

# What strangers see. Proceedings change nothing in public before their decision is served (M14).
PUBLIC = (S.CERTIFIED, S.RECTIFYING, S.REVOKED, S.NOT_RENEWED, S.SURRENDERED)


def shown(status: str) -> Standing:
    """Return the standing as the public sees it: a title in proceedings stands like any other."""
    return S.CERTIFIED if status == S.IN_PROCEEDINGS else Standing(status)


def hidden_in(public: str) -> frozenset[str]:
    """Return the statuses that are shown as `public`, for a filter that must not tell them apart."""
    return frozenset(status for status in Standing if shown(status) == public)
