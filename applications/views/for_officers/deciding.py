"""Who may decide a case, and what the decision was: what the page of a dossier says of it to officers."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.actions.decision import REFUSABLE, own_hands
from applications.actions.moving import procedure_of
from applications.actions.referring import own_step_before
from applications.models import Application
from applications.states import ApplicationStatus
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.web.parts import Act


def may_refuse(application: Application, capacity: Capacity) -> bool:
    """Whether the officer may decide not to certify: the bureau of the call, an approver, a step that allows it."""
    return (
        capacity.may(Permission.APPROVE)
        and application.call.jurisdiction_id == capacity.jurisdiction.pk
        and application.status in REFUSABLE
    )


def barred_from_deciding(application: Application, capacity: Capacity) -> str:
    """Return why the officer, or whom they stand in for, may not decide the case: which hand they had in it; else
    nothing. One query.
    """
    in_person, parts = own_hands(application, capacity)
    said = {"parts": "、".join(map(_, parts))}
    if not parts:
        return ""
    if in_person:
        return _("您经手过这件申报的%(parts)s，须由另一位审批人员办理") % said
    return _("委托您代办的人经手过这件申报的%(parts)s，须由另一位审批人员办理") % said


def refusal_act(application: Application, barred: str) -> Act:
    """Return the act 不予认定, with why it is `barred` to the officer."""
    return Act(_("不予认定"), reverse("applications:refuse", args=[application.pk]), "bad", why_not=barred)


def let_go_on_act(application: Application, barred: str) -> Act:
    """Return the act 同意继续办理, with why it is `barred` to the officer."""
    return Act(_("同意继续办理"), reverse("applications:let_go_on", args=[application.pk]), "plain", why_not=barred)


def asked_to_decide(application: Application) -> bool:
    """Whether the approvers have the case to decide after a negative word, as it was fetched with the dossier."""
    return bool(getattr(application, "referred", False))


def word_against(application: Application) -> dict[str, Any]:
    """Return the negative word of the own bureau that its approvers weigh: who, on which day, in which words."""
    before = own_step_before(application)
    if before == ApplicationStatus.SITE_VISIT:
        visit = application.visits.select_related("recorded_by").order_by("-pk").first()
        return {"who": visit.recorded_by, "on": visit.recorded_on, "text": visit.record} if visit else {}
    opinion = application.opinions.filter(step=before).order_by("-pk").first()
    return {"who": opinion.given_as, "on": opinion.given_on, "text": opinion.text} if opinion else {}


def step_against(application: Application, against: Collection[str]) -> str:
    """Return what the pack calls the step of the deciding bureau that passed the case on with a negative word.

    `against` are the steps whose last word was so. Empty where there is none.
    """
    before = own_step_before(application)
    return procedure_of(application).step(before).name if before in against else ""
