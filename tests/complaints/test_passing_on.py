"""What waits where nobody is left to do it goes on at the nearest bureau upwards that can, on record."""

import datetime

import pytest

from complaints import actions
from complaints.models import Complaint
from complaints.tasks import leave_empty_desks
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.models import Membership
from portal.audit.models import AuditEvent
from portal.audit.recording import timeline
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem
from tests.complaints.test_separation import report
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def leaves(who: Capacity, on: datetime.date) -> None:
    Membership.objects.filter(user=who.person).update(valid_to=on - datetime.timedelta(days=1))


def items_of(complaint: Complaint) -> list[tuple[str, int | None]]:
    found = WorkItem.objects.waiting().filter(subject_type="complaints.complaint", subject_id=str(complaint.pk))
    return sorted(found.filter(desk__isnull=False).values_list("kind", "desk"))


def test_finding_is_confirmed_above_after_the_only_approver_left(story: Story) -> None:
    complaint = story.confirmable()
    leaves(story.cast.city_approver, story.on)
    due = complaint.due_on
    assert leave_empty_desks(story.on) == 1
    complaint = story.fresh(complaint)
    assert (complaint.desk, complaint.due_on, complaint.status) == (story.cast.province, due, "found")
    assert items_of(complaint) == [("complaints.found", story.cast.province.pk)]
    last = timeline(complaint).last()
    assert last is not None
    assert (last.verb, last.facts["before"], last.facts["desk"]) == ("complaint.passed_on", "贵阳市", "520000")
    assert Notification.objects.filter(recipient=story.cast.approver.person, kind="complaint.passed_on").count() == 1
    actions.confirm_finding(complaint, by=story.cast.approver, on=story.on)
    assert story.fresh(complaint).closed_at_desk == story.cast.province


def test_nothing_is_passed_on_while_somebody_is_left_or_twice(story: Story) -> None:
    complaint = story.confirmable()
    assert leave_empty_desks(story.on) == 0
    leaves(story.cast.city_approver, story.on)
    assert [leave_empty_desks(story.on), leave_empty_desks(story.on)] == [1, 0]
    assert AuditEvent.objects.filter(verb="complaint.passed_on", subject_id=str(complaint.pk)).count() == 1


def test_it_stays_where_no_bureau_above_has_anybody_either(story: Story) -> None:
    complaint = story.confirmable()
    for who in (story.cast.city_approver, story.cast.approver, story.decider):
        leaves(who, story.on)
    assert leave_empty_desks(story.on) == 0
    assert story.fresh(complaint).desk == story.cast.city


def test_objection_goes_where_it_can_be_answered_and_confirmed(story: Story) -> None:
    complaint = story.found()
    actions.object_to_finding(complaint, text="我申请过，邮件为证，时间是去年五月。", by=VISITOR, on=story.on)
    for who in (story.cast.city_caseworker, story.second_city):
        leaves(who, story.on)
    leave_empty_desks(story.on)
    complaint = story.fresh(complaint)
    assert {desk for _kind, desk in items_of(complaint)} == {story.cast.province.pk}
    objection = complaint.findings.get().objections.get()
    by = story.cast.province_caseworker
    actions.answer_finding_objection(objection, founded=False, answer="邮件没有载明申请的内容。", by=by, on=story.on)


def test_complaint_is_accepted_above_after_the_only_caseworker_left(story: Story) -> None:
    complaint = story.received().complaint
    leaves(story.cast.county_caseworker, story.on)
    leave_empty_desks(story.on)
    by = story.cast.city_caseworker
    assert actions.accept_complaint(complaint, category="fees", by=by, on=story.on).status == "accepted"


def test_quarantine_of_an_empty_bureau_waits_above_as_one_line(story: Story) -> None:
    for _each in range(2):
        complaint = story.received().complaint
        WorkItem.objects.filter(subject_id=str(complaint.pk)).delete()
        Complaint.objects.filter(pk=complaint.pk).update(held_back=True)
    leaves(story.cast.county_caseworker, story.on)
    assert leave_empty_desks(story.on) == 2
    waiting = WorkItem.objects.waiting().filter(kind="complaints.quarantine")
    assert [item.desk for item in waiting] == [story.cast.city]


def test_misconduct_is_established_above_after_the_only_approver_left(story: Story) -> None:
    found = report(story, story.cast.city_caseworker)
    leaves(story.cast.city_approver, story.on)
    assert leave_empty_desks(story.on) == 1
    assert WorkItem.objects.waiting().get(kind="complaints.misconduct").desk == story.cast.province
    reason = "事实清楚，证据充分，予以认定。"
    done = actions.decide_misconduct(found, established=True, reason=reason, by=story.cast.approver, on=story.on)
    assert done.status == "established"
