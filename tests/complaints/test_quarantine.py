"""Quarantine (待甄别): machines flag, officers look; however much is held back, a desk has one item for it."""

import pytest
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint
from portal.accounts.capacity import VISITOR
from portal.documents.models import Upload
from portal.errors import InvalidInput
from portal.notifications.models import Notification
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


def test_item_on_the_desk_says_how_many_wait_and_is_due_with_the_first(story: Story) -> None:
    first, second, _third = held_back(story, 3)
    assert [item.task for item in waiting(story)] == ["甄别 3 件被系统标记的投诉"]
    actions.release_from_quarantine(second, by=story.cast.county_caseworker, on=story.on)
    earlier = story.on
    story.later(1)
    held_back(story, 1)
    (item,) = waiting(story)
    assert (item.task, item.due_on) == ("甄别 3 件被系统标记的投诉", first.due_on)
    actions.receive_complaint(
        story.base,
        told=TOLD,
        by=story.cast.county_caseworker,
        on=story.on,
        channel="paper",
        received_on=earlier,
        hold_back=True,
    )
    (item,) = waiting(story)
    assert (item.task, item.due_on) == ("甄别 4 件被系统标记的投诉", first.due_on)
    actions.release_from_quarantine(first, by=story.cast.county_caseworker, on=story.on)
    (item,) = waiting(story)
    assert item.task == "甄别 3 件被系统标记的投诉"


# --- what is added ---


def additions(story: Story) -> int:
    """Return how often an officer of the desk was told that something was added."""
    return Notification.objects.filter(
        kind="complaint.supplemented", recipient=story.cast.county_caseworker.user
    ).count()


def test_what_is_added_to_a_complaint_in_quarantine_calls_no_officer(story: Story) -> None:
    (complaint,) = held_back(story, 1)
    actions.add_to_complaint(complaint, text="再补充一句。", by=VISITOR, on=story.on)
    assert additions(story) == 0
    actions.release_from_quarantine(complaint, by=story.cast.county_caseworker, on=story.on)
    actions.add_to_complaint(complaint, text="再补充一句。", by=VISITOR, on=story.on)
    assert additions(story) == 1


def test_however_often_something_is_added_the_desk_is_told_once_a_day(story: Story) -> None:
    complaint = story.received().complaint
    for _each in range(3):
        actions.add_to_complaint(complaint, text="再补充一句。", by=VISITOR, on=story.on)
    assert additions(story) == 1
    actions.add_to_complaint(complaint, text="第二天又补充一句。", by=VISITOR, on=story.later(1))
    assert additions(story) == 2


def test_additions_to_a_complaint_end_at_so_many_words(story: Story) -> None:
    complaint = story.received().complaint
    for _each in range(6):
        actions.add_to_complaint(complaint, text="补" * 3000, by=VISITOR, on=story.on)
    with pytest.raises(InvalidInput) as refused:
        actions.add_to_complaint(complaint, text="补" * 3000, by=VISITOR, on=story.on)
    assert "连同原来的内容超过 20000 字" in refused.value.problems["text"]
    actions.ask_for_supplement(
        story.fresh(complaint), asked="请补交入驻协议首页和收据。", by=story.cast.county_caseworker, on=story.on
    )
    actions.add_to_complaint(complaint, text="补" * 3000, by=VISITOR, on=story.on)
    assert story.fresh(complaint).supplement.answer


def test_evidence_of_a_complaint_ends_at_twenty_files(story: Story) -> None:
    complaint = story.received().complaint
    for number in range(20):
        actions.add_to_complaint(complaint, text="", evidence=[a_file(story, number)], by=VISITOR, on=story.on)
    with pytest.raises(InvalidInput) as refused:
        actions.add_to_complaint(complaint, text="", evidence=[a_file(story, 20)], by=VISITOR, on=story.on)
    assert "一件投诉最多 20 个凭证，已有 20 个，这次 1 个" in refused.value.problems["evidence"]
    actions.add_to_complaint(complaint, text="凭证另行寄送。", by=VISITOR, on=story.on)
    assert complaint.evidence.count() == 20


def a_file(story: Story, number: int) -> Upload:
    """Return a file that was taken in."""
    return Upload.objects.create(
        jurisdiction=story.cast.county,
        original_name=f"凭证{number}.jpg",
        suffix="jpg",
        media_type="image/jpeg",
        size=1,
        sha256=f"{number:064d}",
        uploaded_at=timezone.localtime(),
    )
