"""Which kinds of work a list can be narrowed to: those that can stand on it."""

from typing import Any

import pytest
from django import forms

from applications import actions
from portal.accounts.capacity import VISITOR, Capacity
from portal.desk.worklist.forms import WorklistForm
from portal.desk.worklist.kinds import PERMISSIONS
from portal.desk.worklist.queues import BELOW, DONE, MINE, Desk
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
ON = dossiers.FILED


def offered(capacity: Capacity, queue: str = MINE) -> set[str]:
    """Return the kinds that a list may be narrowed to."""
    field = WorklistForm({}, desk=Desk(capacity, ON, ON), name=queue).fields["kind"]
    assert isinstance(field, forms.ChoiceField)
    return {str(kind) for kind in dict(field.choices) if kind}


def test_a_post_is_offered_the_kinds_of_work_that_can_wait_for_it(cast: Cast) -> None:
    by_caseworker, by_approver = offered(cast.county_caseworker), offered(cast.city_approver)
    assert {"applications.recommendation", "complaints.received"} <= by_caseworker
    assert {"applications.approval", "complaints.found"} <= by_approver
    assert not by_caseworker & by_approver
    with_operators = {"applications.returned", "complaints.answer"}
    assert not with_operators & (by_caseworker | by_approver | offered(cast.province_caseworker, BELOW))
    assert offered(cast.province_caseworker, BELOW) == set(PERMISSIONS)
    assert with_operators <= offered(cast.county_caseworker, DONE)


def test_the_kinds_of_work_are_offered_to_the_posts_for_whom_the_acts_open_them(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    said: dict[str, Any] = {
        "name": "赵某某",
        "contact": "13900000000",
        "reason": "实际孵化面积与申报材料不一致。",
    }
    actions.receive_objection(notice, application=application, by=VISITOR, on=ON, **said)
    Story(cast).revoked()
    opened = set(WorkItem.objects.values_list("kind", "permission"))
    assert len(opened) > 15
    assert {(kind, PERMISSIONS.get(kind, "")) for kind, _permission in opened} == opened
