"""An announced letter is served on the last day of its announcement, by the clock or not (decision 0211)."""

import datetime

import pytest

from bases import actions
from bases.models import Revocation
from bases.tasks import end_announcements
from portal.documents.service import served_on
from portal.errors import DomainError
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture
def announced(story: Story) -> Revocation:
    """Return proceedings whose notice was announced; its last day was the day before yesterday, and no job has run."""
    revocation, by = story.opened(), story.cast.province_caseworker
    facts = "三件有效投诉均经两人核实属实。"
    actions.issue_prior_notice(revocation, facts=facts, evidence="核实记录", by=by, on=story.on)
    revocation.refresh_from_db()
    proof = dossiers.upload(by, story.base, "退信.pdf")
    service = actions.announce_paper(
        revocation, because="邮寄退回，上门两次无人。", evidence=[proof], by=by, on=story.on
    )
    assert service.ends_on is not None
    story.on = service.ends_on + datetime.timedelta(days=2)
    return revocation


def by_hand(story: Story, revocation: Revocation, arrived_on: datetime.date) -> Revocation:
    by = story.cast.province_caseworker
    proof = dossiers.upload(by, story.base, "送达回证.pdf")
    return actions.record_service(
        revocation, method="hand", arrived_on=arrived_on, recipient="王运营", evidence=[proof], by=by, on=story.on
    )


def test_who_signs_after_the_announcement_is_over_gains_no_days(story: Story, announced: Revocation) -> None:
    last = story.on - datetime.timedelta(days=2)
    with pytest.raises(DomainError, match=f"{last} 期满，当天视为送达"):
        actions.sign_for_paper(announced, by=story.cast.wang, on=story.on)
    assert end_announcements(story.on) == 1
    assert served_on(announced.notice) == last


def test_nor_does_a_delivery_after_it(story: Story, announced: Revocation) -> None:
    with pytest.raises(DomainError, match="期满，当天视为送达"):
        by_hand(story, announced, story.on)


def test_what_arrived_while_it_ran_is_served_on_that_day(story: Story, announced: Revocation) -> None:
    arrived = story.on - datetime.timedelta(days=5)
    by_hand(story, announced, arrived)
    assert served_on(announced.notice) == arrived


def test_on_its_last_day_it_can_still_be_signed_for(story: Story, announced: Revocation) -> None:
    last = story.on - datetime.timedelta(days=2)
    actions.sign_for_paper(announced, by=story.cast.wang, on=last)
    assert served_on(announced.notice) == last
