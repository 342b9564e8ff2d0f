"""Proceedings rest on what counts when the holder is told, not on what counted when they were opened (GZ-27)."""

import pytest
from django.db import connection
from django.utils import timezone

from bases import actions as bases
from bases.letters.drafting import facts_of
from bases.states import RevocationStatus
from complaints import actions, tasks
from complaints.actions.identity import traits_of
from complaints.actions.opening import ground_met_on
from portal.audit.models import AuditEvent
from portal.errors import DomainError, InvalidInput
from portal.notifications.models import Notification
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WRONG = "上级复查发现票据与投诉无关。"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def test_what_was_decided_is_never_relinked_by_an_undecided_complaint(story: Story) -> None:
    first = story.upheld()
    second = story.verifying()
    repeat = story.upheld(same_as=second)
    with pytest.raises(DomainError, match=repeat.number):
        actions.link_same_fact(second, first=first, by=story.cast.city_caseworker, on=story.on)
    assert story.fresh(repeat).fact == second.number


def test_link_to_a_complaint_that_was_linked_meanwhile_leads_to_the_first_of_that_fact(story: Story) -> None:
    first, second, third = story.verifying(), story.verifying(), story.verifying()
    shown, by = story.fresh(second), story.cast.city_caseworker
    actions.link_same_fact(second, first=first, by=by, on=story.on)
    actions.link_same_fact(third, first=shown, by=by, on=story.on)
    assert {story.fresh(each).fact for each in (first, second, third)} == {first.number}


def test_a_ground_is_asked_for_as_the_facts_stand_now(story: Story) -> None:
    story.opened()
    assert ground_met_on(story.base, story.title, "complaints", story.on) == story.on
    assert ground_met_on(story.base, story.title, "fraud", story.on) is None
    first = story.base.complaints.order_by("pk")[0]
    actions.overturn_finding(first, because=WRONG, by=story.cast.approver, on=story.on)
    assert ground_met_on(story.base, story.title, "complaints", story.on) is None


def test_proceedings_not_yet_notified_rest_on_the_complaints_that_count_now(story: Story) -> None:
    revocation = story.opened()
    first = story.base.complaints.order_by("pk")[0]
    fourth = story.upheld()
    revocation.refresh_from_db()
    assert [row["complaint"] for row in revocation.basis["counted"]][-1] == fourth.number
    actions.overturn_finding(first, because=WRONG, by=story.cast.approver, on=story.on)
    revocation.refresh_from_db()
    assert revocation.status == RevocationStatus.OPENED
    assert first.number not in [row["complaint"] for row in revocation.basis["counted"]]
    assert revocation.met_on == fourth.decided_on
    assert fourth.decided_by in revocation.verified_by.all()


def test_proceedings_that_were_notified_keep_what_they_rest_on(story: Story) -> None:
    revocation = story.in_defence()
    before = revocation.basis
    story.upheld()
    revocation.refresh_from_db()
    assert revocation.basis == before


@pytest.mark.parametrize(("stage", "may"), [("in_defence", "终结程序"), ("revoked", "自行撤销原决定")])
def test_who_decides_is_told_that_a_complaint_the_revocation_rests_on_was_overturned(
    story: Story, stage: str, may: str
) -> None:
    revocation = getattr(story, stage)()
    first = story.base.complaints.order_by("pk")[0]
    actions.overturn_finding(first, because=WRONG, by=story.cast.approver, on=story.on)
    told = Notification.objects.filter(kind="complaint.basis_overturned")
    people = {story.cast.province_caseworker.person.pk, story.decider.person.pk}
    assert people <= set(told.values_list("recipient", flat=True))
    assert all(first.number in row.body and may in row.body for row in told)
    fact = AuditEvent.objects.get(verb="revocation.basis_overturned")
    assert (fact.subject_id, fact.facts["complaint"]) == (str(revocation.pk), first.number)


def test_nobody_is_told_of_a_lost_basis_before_the_holder_is(story: Story) -> None:
    story.opened()
    first = story.base.complaints.order_by("pk")[0]
    actions.overturn_finding(first, because=WRONG, by=story.cast.approver, on=story.on)
    assert not Notification.objects.filter(kind="complaint.basis_overturned").exists()


def test_the_base_is_urged_only_where_it_has_something_to_do(story: Story) -> None:
    story.upheld()
    told = dict(Notification.objects.filter(kind__startswith="complaint.").values_list("kind", "urgent"))
    assert (told["complaint.to_answer"], told["complaint.confirmed"]) == (True, False)


def test_the_day_drops_proceedings_whose_ground_fell_away(story: Story) -> None:
    revocation = story.opened()
    moment = timezone.localtime()
    story.base.complaints.filter(pk=story.base.complaints.order_by("pk")[0].pk).update(
        status="overturned", overturned_on=story.on, overturned_at=moment
    )
    assert tasks.open_grounds(story.on) == 1
    revocation.refresh_from_db()
    assert revocation.status == RevocationStatus.LAPSED
    assert tasks.open_grounds(story.on) == 0


def test_traits_of_a_complainant_reach_no_paper_of_the_proceedings(story: Story) -> None:
    revocation, by = story.opened(), story.cast.province_caseworker
    complaint = story.base.complaints.order_by("pk")[0]
    name = dict(traits_of(complaint, by=by))["姓名"]
    with pytest.raises(InvalidInput) as refused:
        bases.issue_prior_notice(revocation, facts=f"{name}等三人的投诉均属实。", evidence="协议", by=by, on=story.on)
    assert "投诉人的姓名" in refused.value.problems["facts"]
    bases.issue_prior_notice(revocation, facts="三件有效投诉均核实属实。", evidence="协议、收据", by=by, on=story.on)
    bases.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    with pytest.raises(InvalidInput):
        bases.close_revocation(revocation, because=f"{name}已与基地和解。", by=story.decider, on=story.on)
    story.later(6)
    with pytest.raises(InvalidInput):
        bases.weigh_defence(revocation, opinion=f"{name}的收据足以证明。", by=by, on=story.on)
    bases.weigh_defence(revocation, opinion="收据足以证明，不予采纳。", by=by, on=story.on)
    with pytest.raises(InvalidInput):
        bases.decide_to_revoke(revocation, reason=f"{name}等人的投诉属实。", by=story.decider, on=story.on)


def test_the_trail_keeps_no_conclusion_of_misconduct_and_the_notice_begins_with_it(story: Story) -> None:
    conclusion = "申报材料中虚报在孵企业二十户。"
    found = actions.report_misconduct(
        story.base,
        ground="fraud",
        minutes="核对社保记录，发现虚报在孵企业二十户。",
        conclusion=conclusion,
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        by=story.cast.city_caseworker,
        on=story.on,
    )
    reason = "事实清楚，证据充分，予以认定。"
    actions.decide_misconduct(found, established=True, reason=reason, by=story.cast.city_approver, on=story.on)
    revocation = story.revocation()
    assert revocation is not None
    assert conclusion in facts_of(revocation, {})
    trail = str(list(AuditEvent.objects.values_list("facts", flat=True)))
    assert conclusion not in trail
    assert f"'misconduct': {found.pk}" in trail


def test_record_of_misconduct_is_ciphertext(story: Story) -> None:
    minutes = "核对社保记录，发现虚报在孵企业二十户。"
    actions.report_misconduct(
        story.base,
        ground="fraud",
        minutes=minutes,
        conclusion="申报材料中虚报在孵企业二十户。",
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        by=story.cast.city_caseworker,
        on=story.on,
    )
    complaint = story.verifying()
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM complaints_misconduct")
        assert minutes not in cursor.fetchone()[0]
        cursor.execute("SELECT recipient_because FROM complaints_complaint WHERE id = %s", [complaint.pk])
        assert complaint.recipient_because not in cursor.fetchone()[0]
