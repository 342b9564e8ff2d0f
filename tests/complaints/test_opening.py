"""Proceedings rest on what counts when the holder is told, not on what counted when they were opened (GZ-27)."""

import pytest
from django.utils import timezone

from bases.states import RevocationStatus
from complaints import actions, tasks
from complaints.actions.opening import ground_met_on
from portal.errors import DomainError
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
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
