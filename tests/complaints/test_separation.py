"""Who may do what to a complaint: another person, the right bureau, and never for somebody who took part (GZ-28)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import actions
from complaints.actions import Person
from complaints.actions.traits import traits_about
from complaints.models import Complaint, Misconduct, Rating
from portal.accounts import capacity as capacities
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.errors import DomainError, NotAllowed
from portal.errors import InvalidInput as Invalid
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import CONCLUSION, TOLD, Story
from tests.factories.people import officer, post
from tests.factories.register import base

pytestmark = pytest.mark.django_db
WRONG = "上级复查发现票据与投诉无关。"
FALSE = {"ground": "fraud", "minutes": "核对社保记录，发现虚报在孵企业二十户。"}
SAID = "申报材料中虚报在孵企业二十户。"
SURE = "事实清楚，证据充分，予以认定。"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def record(story: Story, complaint: Complaint, by: Capacity, *others: Capacity) -> Complaint:
    officers = [each.person for each in others] or [story.cast.city_caseworker.person, story.second_city.person]
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=officers,
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion=CONCLUSION,
        by=by,
        on=story.on,
    )
    return story.fresh(complaint)


def report(story: Story, by: Capacity, *others: Capacity, conclusion: str = SAID, **more: object) -> Misconduct:
    officers = [each.person for each in others] or [by.person, story.second_city.person]
    return actions.report_misconduct(
        story.base, **FALSE, conclusion=conclusion, officers=officers, by=by, on=story.on, **more
    )


def in_the_place_of(absent: Capacity, deputy: Capacity) -> Capacity:
    """Return the capacity of somebody who acts in the post of an absent officer."""
    assert absent.membership is not None
    return capacities.officer(absent.membership, user=deputy.person)


def test_only_officers_of_case_work_verify(story: Story) -> None:
    complaint = story.verifying()
    watcher = officer("冯市监", story.cast.city.code, Role.AUDITOR)
    with pytest.raises(Invalid):
        record(story, complaint, story.cast.city_caseworker, story.cast.city_caseworker, watcher)
    with pytest.raises(Invalid):
        report(story, story.cast.city_caseworker, story.cast.city_caseworker, watcher)


def test_absent_officer_does_not_confirm_what_was_recorded_in_their_place(story: Story) -> None:
    absent = officer("钱兼任", story.cast.city.code)
    post(absent.person, story.cast.city.code, Role.APPROVER)
    approver = capacities.officer(Membership.objects.get(user=absent.person, role=Role.APPROVER))
    complaint = story.verifying()
    record(story, complaint, in_the_place_of(absent, story.second_city))
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    story.later(6)
    with pytest.raises(NotAllowed, match="参加"):
        actions.confirm_finding(complaint, by=approver, on=story.on)


def test_finding_waits_where_an_approver_took_no_part(story: Story) -> None:
    Membership.objects.filter(user=story.cast.city_approver.person).update(user=story.second_city.person)
    complaint = record(story, story.verifying(), story.cast.city_caseworker)
    assert complaint.desk == story.cast.province
    report_ = report(story, story.cast.city_caseworker)
    assert report_.desk == story.cast.province


def test_who_verified_or_confirmed_does_not_overturn(story: Story) -> None:
    post(story.cast.city_approver.person, story.cast.province.code, Role.APPROVER)
    above = capacities.officer(
        Membership.objects.get(user=story.cast.city_approver.person, jurisdiction=story.cast.province)
    )
    complaint = story.upheld()
    with pytest.raises(NotAllowed, match="参加"):
        actions.overturn_finding(complaint, because=WRONG, by=above, on=story.on)
    actions.overturn_finding(complaint, because=WRONG, by=story.decider, on=story.on)


def test_overturning_is_above_the_bureau_that_confirmed_whoever_has_an_approver_today(story: Story) -> None:
    complaint = story.upheld()
    Membership.objects.filter(user=story.cast.city_approver.person).delete()
    assert actions.may_overturn(complaint, by=story.cast.approver, on=story.on)
    actions.overturn_finding(complaint, because=WRONG, by=story.cast.approver, on=story.on)


def test_misconduct_is_established_by_the_bureau_that_reported_it(story: Story) -> None:
    found = report(story, story.cast.city_caseworker)
    for stranger in (story.cast.approver, officer("孔县批", story.cast.county.code, Role.APPROVER)):
        with pytest.raises(NotAllowed, match=story.cast.city.name):
            actions.decide_misconduct(found, established=True, reason=SURE, by=stranger, on=story.on)
    actions.decide_misconduct(found, established=True, reason=SURE, by=story.cast.city_approver, on=story.on)


def test_misconduct_is_reported_by_the_verifying_bureau_or_above(story: Story) -> None:
    colleague = officer("钱县办", story.cast.county.code)
    with pytest.raises(NotAllowed):
        report(story, story.cast.county_caseworker, story.cast.county_caseworker, colleague)
    above = story.cast.province_caseworker
    assert report(story, above, above, story.cast.second_caseworker).desk == story.cast.province


def test_misconduct_rests_on_no_complaint_about_another_base(story: Story) -> None:
    complaint = story.accepted()
    elsewhere = base("520103", name="另一家孵化基地")
    with pytest.raises(DomainError, match=complaint.number):
        actions.report_misconduct(
            elsewhere,
            **FALSE,
            conclusion=SAID,
            officers=[story.cast.city_caseworker.person, story.second_city.person],
            complaint=complaint,
            by=story.cast.city_caseworker,
            on=story.on,
        )


def test_traits_of_a_complainant_reach_no_paper_through_misconduct(story: Story) -> None:
    complaint = actions.receive_complaint(
        story.base, told=TOLD, person=Person("田举报", "13912345678", business="田氏智造"), by=VISITOR, on=story.on
    ).complaint
    actions.accept_complaint(complaint, by=story.cast.county_caseworker, on=story.on)
    by = story.cast.city_caseworker
    for text in ("田举报反映的虚报属实。", "电话 139-1234-5678 反映的虚报属实。"):
        with pytest.raises(Invalid) as refused:
            report(story, by, conclusion=text)
        assert "投诉人" in refused.value.problems["conclusion"]
    found = report(story, by)
    with pytest.raises(Invalid):
        actions.decide_misconduct(
            found, established=True, reason="田氏智造反映的虚报属实。", by=story.cast.city_approver, on=story.on
        )


def test_rejection_is_reviewed_by_the_bureau_above(story: Story) -> None:
    complaint = story.received().complaint
    reason = "反映的是商业纠纷，不属受理范围。"
    actions.reject_complaint(complaint, reason=reason, by=story.cast.county_caseworker, on=story.on)
    county_approver = officer("孔县批", story.cast.county.code, Role.APPROVER)
    with pytest.raises(NotAllowed):
        actions.order_acceptance(complaint, because=WRONG, by=county_approver, on=story.on)
    with pytest.raises(Invalid):
        actions.order_acceptance(complaint, because="应受理", by=story.cast.city_approver, on=story.on)
    found = actions.order_acceptance(complaint, because=WRONG, by=story.cast.city_approver, on=story.on)
    assert (found.status, found.desk, found.accepted_on, found.closed_on) == (
        "accepted",
        story.cast.county,
        story.on,
        None,
    )
    assert found.limit_on is not None
    assert WorkItem.objects.waiting().filter(kind="complaints.accepted", subject_id=str(found.pk)).exists()


def test_rated_is_the_bureau_that_had_it_last(story: Story) -> None:
    complaint = story.received().complaint
    reason = "反映的是商业纠纷，不属受理范围。"
    actions.reject_complaint(complaint, reason=reason, by=story.cast.county_caseworker, on=story.on)
    rating = actions.rate_handling(complaint, grade=1, on=story.on)
    assert rating.desk == story.cast.county
    text = "已与当事人沟通，补充说明了理由。"
    with pytest.raises(NotAllowed, match=story.cast.city.name):
        actions.follow_up_rating(rating, text=text, by=story.cast.county_caseworker, on=story.on)
    with pytest.raises(NotAllowed):
        actions.follow_up_rating(rating, text=text, by=story.cast.province_caseworker, on=story.on)
    actions.follow_up_rating(rating, text=text, by=story.cast.city_caseworker, on=story.on)
    assert Rating.objects.get().followed_up_on == story.on


def test_only_who_handles_complaints_there_enters_one(story: Story) -> None:
    for stranger in (story.cast.neighbour, story.cast.city_approver, story.cast.wang):
        with pytest.raises(NotAllowed):
            actions.receive_complaint(story.base, told=TOLD, channel="phone", by=stranger, on=story.on)


def test_nothing_is_kept_of_who_stays_anonymous(story: Story) -> None:
    by = story.cast.county_caseworker
    person = Person("", "13912345678", business="田氏智造")
    complaint = actions.receive_complaint(
        story.base, told=TOLD, person=person, channel="phone", by=by, on=story.on
    ).complaint
    assert complaint.anonymous
    assert actions.masked_identity(complaint, by=by) == {}


def test_who_complained_is_read_once_however_many_complained(story: Story, django_assert_num_queries) -> None:
    by = story.cast.city_caseworker
    story.accepted()
    story.accepted()
    with CaptureQueriesContext(connection) as two:
        assert traits_about(story.base, SAID, by) == []
    story.accepted()
    with django_assert_num_queries(len(two)):
        assert traits_about(story.base, SAID, by) == []
