"""What the kinds of work items are called, and where an officer opens what lies with an operator."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.navigation import address
from portal.worklist.models import WorkItem

KINDS: Mapping[str, str | Promise] = {
    "applications.recommendation": _("申报推荐"),
    "applications.preliminary_review": _("申报初审"),
    "applications.site_visit": _("实地考察"),
    "applications.review": _("申报复审"),
    "applications.public_notice": _("列入公示"),
    "applications.in_notice": _("公示期"),
    "applications.objection": _("公示异议"),
    "applications.approval": _("批准认定"),
    "applications.returned": _("申报补正"),
    "applications.correction_overdue": _("补正逾期"),
    "calls.publication": _("发布申报通知"),
    "calls.returned": _("修改申报通知"),
}
OFFICER_PAGES = {"applications.application": "applications:case"}


def kind_in_words(kind: str) -> str:
    """Return what a kind of work is called on screen; one that nobody named yet is shown by its family."""
    return str(KINDS.get(kind, _("其他事项")))


def officer_address(item: WorkItem) -> str:
    """Return where an officer opens the item: its own page, or the case when it lies with the operator."""
    if item.operator_id is None:
        return item.url
    page = OFFICER_PAGES.get(item.subject_type)
    return address(page, (item.subject_id,)) if page else ""
