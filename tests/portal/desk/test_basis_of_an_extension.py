"""A complaint that was given more time: its day rests on the extension, on the worklist as on its page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from complaints import actions
from complaints.actions.handling import handling_of
from complaints.models import Complaint, FindingObjection
from portal.accounts.capacity import Capacity
from tests.factories.cast import Cast
from tests.factories.complaints import CONCLUSION, Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def extended(story: Story, complaint: Complaint) -> Complaint:
    """Return the complaint with more time approved."""
    because = "涉及三年账目，须请审计协助。"
    return actions.extend_verification(complaint, because=because, by=story.cast.city_approver, on=story.on)


def found(story: Story) -> Complaint:
    """Return a complaint whose finding is recorded and not yet served."""
    complaint, by = story.verifying(), story.cast.city_caseworker
    said = {"outcome": "true", "minutes": "到场查看协议和收据，询问财务人员。", "conclusion": CONCLUSION}
    officers = [by.person, story.second_city.person]
    actions.record_finding(complaint, visited=True, checked_on=story.on, officers=officers, by=by, on=story.on, **said)
    return story.fresh(complaint)


def line(story: Story, sign_in: SignIn, kind: str) -> Any:
    """Return the line of the only complaint on the list of who oversees it."""
    rows = sign_in(story.cast.province_caseworker).get("/desk/?queue=below").context["rows"]
    (row,) = (row for row in rows if row.item.kind == f"complaints.{kind}")
    return row


def shown(story: Story, sign_in: SignIn, complaint: Complaint) -> Any:
    """Return what the page of the complaint shows to who verifies it."""
    return sign_in(story.cast.city_caseworker).get(f"/desk/complaints/{complaint.pk}/").context


def test_a_verification_rests_on_its_aim_and_once_more_time_is_approved_on_the_extension(
    story: Story, sign_in: SignIn
) -> None:
    complaint = story.verifying()
    law = handling_of(complaint)
    assert line(story, sign_in, "verifying").basis == law.verify_days
    assert [rests for _label, _day, rests in shown(story, sign_in, complaint)["terms"]] == [
        law.verify_days,
        law.limit_days,
    ]
    complaint = extended(story, complaint)
    row, page = line(story, sign_in, "verifying"), shown(story, sign_in, complaint)
    assert (row.item.due_on, row.basis) == (complaint.limit_on, law.extension_days)
    assert page["now"]["clause"] == law.extension_days
    assert [rests for _label, _day, rests in page["terms"]] == [law.verify_days, law.extension_days]


def test_a_finding_that_is_not_served_rests_on_the_extension_that_was_approved(story: Story, sign_in: SignIn) -> None:
    complaint = found(story)
    law = handling_of(complaint)
    assert line(story, sign_in, "found").basis == law.limit_days
    complaint = extended(story, complaint)
    row = line(story, sign_in, "found")
    assert (row.item.due_on, row.basis) == (complaint.limit_on, law.extension_days)
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    assert line(story, sign_in, "found").basis == law.confirm_workdays


def test_a_verification_done_anew_after_an_extension_rests_on_its_aim_again(story: Story, sign_in: SignIn) -> None:
    complaint = extended(story, found(story))
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    actions.object_to_finding(complaint, text="合同写明以书面申请为条件。", by=story.cast.wang, on=story.on)
    objection = FindingObjection.objects.get()
    actions.answer_finding_objection(
        objection, founded=True, answer="需要对照协议原件重新核对。", by=story.cast.city_caseworker, on=story.on
    )
    assert line(story, sign_in, "verifying").basis == handling_of(complaint).verify_days
