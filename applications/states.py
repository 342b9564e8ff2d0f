"""Statuses of a call (申报批次), an application (申报), what is written on it, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallStatus(models.TextChoices):
    """A call is drafted, published, and closes by its hour; a published call can be withdrawn with a reason."""

    DRAFT = "draft", _("起草中")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已截止")
    WITHDRAWN = "withdrawn", _("已撤回")


CALL_NEXT: dict[str, frozenset[str]] = {
    CallStatus.DRAFT: frozenset({CallStatus.PUBLISHED, CallStatus.WITHDRAWN}),
    CallStatus.PUBLISHED: frozenset({CallStatus.CLOSED, CallStatus.WITHDRAWN}),
    CallStatus.CLOSED: frozenset({CallStatus.PUBLISHED}),  # the window is extended before anything was decided
    CallStatus.WITHDRAWN: frozenset(),
}


class ApplicationStatus(models.TextChoices):
    """Where an application is. Which of the steps a jurisdiction uses, and at which level, its pack says."""

    DRAFT = "draft", _("填报中")
    RECOMMENDATION = "recommendation", _("待推荐")
    PRELIMINARY_REVIEW = "preliminary_review", _("待初审")
    SITE_VISIT = "site_visit", _("待实地考察")
    REVIEW = "review", _("待复审")
    PUBLIC_NOTICE = "public_notice", _("待公示")
    IN_NOTICE = "in_notice", _("公示中")
    APPROVAL = "approval", _("待批准")
    RETURNED = "returned", _("待补正")
    APPROVED = "approved", _("已认定")
    REFUSED = "refused", _("不予认定")
    WITHDRAWN = "withdrawn", _("已撤回")


A = ApplicationStatus

STEPS = (A.RECOMMENDATION, A.PRELIMINARY_REVIEW, A.SITE_VISIT, A.REVIEW, A.PUBLIC_NOTICE, A.APPROVAL)
REVIEWING = frozenset({A.RECOMMENDATION, A.PRELIMINARY_REVIEW, A.SITE_VISIT, A.REVIEW})
FINAL = frozenset({A.APPROVED, A.REFUSED, A.WITHDRAWN})


def _later(step: str) -> set[str]:
    return {later for later in STEPS if STEPS.index(later) > STEPS.index(A(step))}


# A step may be followed by any later one (the pack leaves some out), by a return, a refusal or a withdrawal.
NEXT: dict[str, frozenset[str]] = {
    A.DRAFT: frozenset({*STEPS, A.WITHDRAWN}),
    A.RECOMMENDATION: frozenset({*_later(A.RECOMMENDATION), A.RETURNED, A.REFUSED, A.WITHDRAWN}),
    A.PRELIMINARY_REVIEW: frozenset({*_later(A.PRELIMINARY_REVIEW), A.RETURNED, A.REFUSED, A.WITHDRAWN}),
    A.SITE_VISIT: frozenset({*_later(A.SITE_VISIT), A.RETURNED, A.REFUSED, A.WITHDRAWN}),
    A.REVIEW: frozenset({*_later(A.REVIEW), A.RETURNED, A.REFUSED, A.WITHDRAWN}),
    A.PUBLIC_NOTICE: frozenset({A.IN_NOTICE, A.REFUSED, A.WITHDRAWN}),
    A.IN_NOTICE: frozenset({A.APPROVAL, A.REFUSED, A.WITHDRAWN}),
    A.APPROVAL: frozenset({A.APPROVED, A.REFUSED, A.REVIEW, A.WITHDRAWN}),
    A.RETURNED: frozenset({*STEPS, A.REFUSED, A.WITHDRAWN}),
    A.APPROVED: frozenset(),
    A.REFUSED: frozenset(),
    A.WITHDRAWN: frozenset(),
}


class CorrectionKind(models.TextChoices):
    """What is wrong with a place that is to be corrected, as the list and the letter name it."""

    INCORRECT = "incorrect", _("内容不符")
    INCOMPLETE = "incomplete", _("内容不全")
    MISSING = "missing", _("缺少")
    OUTDATED = "outdated", _("已过有效期")


class ProposalStatus(models.TextChoices):
    """What became of a further list that waits for the consent of an approver."""

    WAITING = "waiting", _("待同意")
    AGREED = "agreed", _("已同意")
    DECLINED = "declined", _("不同意")
    TAKEN_BACK = "taken_back", _("已撤回")
    OVERTAKEN = "overtaken", _("办件有变动，不再办理")


P = ProposalStatus
PROPOSAL_NEXT: dict[str, frozenset[str]] = {
    P.WAITING: frozenset({P.AGREED, P.DECLINED, P.TAKEN_BACK, P.OVERTAKEN}),
    P.AGREED: frozenset(),
    P.DECLINED: frozenset(),
    P.TAKEN_BACK: frozenset(),
    P.OVERTAKEN: frozenset(),
}


class Verdict(models.TextChoices):
    """What an officer says at a step."""

    FOR = "for", _("同意")
    AGAINST = "against", _("不同意")


class ObjectionStatus(models.TextChoices):
    """An objection holds the approval until it is answered."""

    OPEN = "open", _("待答复")
    UNFOUNDED = "unfounded", _("已答复，异议不成立")
    FOUNDED = "founded", _("已答复，异议成立")


OBJECTION_NEXT: dict[str, frozenset[str]] = {
    ObjectionStatus.OPEN: frozenset({ObjectionStatus.UNFOUNDED, ObjectionStatus.FOUNDED}),
    ObjectionStatus.UNFOUNDED: frozenset(),
    ObjectionStatus.FOUNDED: frozenset(),
}
