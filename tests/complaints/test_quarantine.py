"""Quarantine (待甄别): machines flag, officers look; however much is held back, a desk has one item for it."""

import pytest

from complaints import actions
from complaints.models import Complaint
from portal.accounts.capacity import VISITOR
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import TOLD, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def held_back(story: Story, count: int) -> list[Complaint]:
    """Return complaints that the guard held back."""
    return [
        actions.receive_complaint(
            story.base, told=TOLD, by=VISITOR, on=story.on, flags=["repeated"], hold_back=True
        ).complaint
        for _each in range(count)
    ]


def waiting(story: Story) -> list[WorkItem]:
    return list(WorkItem.objects.waiting().filter(desk=story.cast.county, kind="complaints.quarantine"))


def test_a_flood_in_quarantine_is_one_item_on_the_desk(story: Story) -> None:
    first, *_others = held_back(story, 5)
    assert [item.reference for item in waiting(story)] == [first.number]


def test_when_one_is_released_the_next_stands_for_the_rest(story: Story) -> None:
    first, second = held_back(story, 2)
    actions.release_from_quarantine(first, by=story.cast.county_caseworker, on=story.on)
    assert [item.reference for item in waiting(story)] == [second.number]
    actions.release_from_quarantine(second, by=story.cast.county_caseworker, on=story.on)
    assert waiting(story) == []


def test_when_one_is_rejected_the_next_stands_for_the_rest(story: Story) -> None:
    first, second = held_back(story, 2)
    reason = "只有重复的谩骂，没有事实。"
    actions.reject_complaint(first, reason=reason, by=story.cast.county_caseworker, on=story.on)
    assert [item.reference for item in waiting(story)] == [second.number]
