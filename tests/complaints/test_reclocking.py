"""The calendar changes while cases run: terms that still run follow it, and so does what begins after them."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from bases.models import Base
from complaints import actions
from portal.deadlines.calendar import add_local_day, calendar_for, forget
from portal.deadlines.reclock import reclock_place
from portal.worklist.models import WorkItem
from tests.factories.cast import Cast
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(cast: Cast) -> Iterator[Story]:
    forget()
    yield Story(cast)
    forget()


def day_off(story: Story, day: datetime.date, place: Any = None) -> int:
    place = place or story.cast.county
    add_local_day(place, day, kind="off", name="三月三", source="×办发〔2026〕1 号")
    forget()
    return reclock_place(place, day, on=story.on)


def items_due(subject: Any) -> set[datetime.date | None]:
    about = WorkItem.objects.waiting().filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return set(about.exclude(due_on=None).values_list("due_on", flat=True))


def test_day_off_moves_the_term_of_a_complaint_and_its_item(story: Story) -> None:
    complaint = story.received().complaint
    assert day_off(story, datetime.date(2026, 3, 5)) == 1
    complaint = story.fresh(complaint)
    assert complaint.due_on == datetime.date(2026, 3, 10)
    assert items_due(complaint) == {complaint.due_on}


def test_supplement_is_due_together_with_its_complaint(story: Story) -> None:
    complaint = story.received().complaint
    by = story.cast.county_caseworker
    asked = actions.ask_for_supplement(complaint, asked="请补充入驻协议和收据的照片。", by=by, on=story.on)
    day_off(story, datetime.date(2026, 3, 5))
    asked.refresh_from_db()
    assert asked.due_on == story.fresh(complaint).due_on == datetime.date(2026, 3, 17)


def test_hard_limit_that_falls_on_a_new_day_off_moves(story: Story) -> None:
    complaint = story.accepted()
    assert complaint.limit_on == datetime.date(2026, 5, 6)
    day_off(story, datetime.date(2026, 5, 6))
    assert story.fresh(complaint).limit_on == datetime.date(2026, 5, 7)


@pytest.mark.slow
def test_days_for_an_objection_move_and_the_days_to_confirm_after_them(story: Story) -> None:
    complaint = story.found()
    (finding,) = complaint.findings.all()
    assert finding.objection_ends == datetime.date(2026, 3, 9)
    day_off(story, datetime.date(2026, 3, 5))
    finding.refresh_from_db()
    complaint = story.fresh(complaint)
    assert (finding.objection_ends, complaint.due_on) == (datetime.date(2026, 3, 10), datetime.date(2026, 3, 17))
    assert items_due(complaint) == {complaint.due_on}


@pytest.mark.slow
def test_days_for_a_defence_move_and_the_days_to_weigh_it_after_them(story: Story) -> None:
    revocation = story.in_defence()
    revocation.refresh_from_db()
    ends_on, due_on = revocation.defence_ends, revocation.due_on
    calendar = calendar_for(story.cast.county)
    day_off(story, calendar.add_workdays(story.on, 2))
    revocation.refresh_from_db()
    assert (revocation.defence_ends, revocation.due_on) == (
        calendar.add_workdays(ends_on, 1),
        calendar.add_workdays(due_on, 1),
    )
    assert items_due(revocation) == {revocation.defence_ends, revocation.due_on}


def test_term_that_is_over_does_not_move(story: Story) -> None:
    complaint = story.found()
    story.later(7)
    day_off(story, datetime.date(2026, 3, 5))
    (finding,) = story.fresh(complaint).findings.all()
    assert finding.objection_ends == datetime.date(2026, 3, 9)


def test_base_elsewhere_is_not_touched(story: Story) -> None:
    complaint = story.received().complaint
    assert day_off(story, datetime.date(2026, 3, 5), place=story.cast.neighbour.jurisdiction) == 0
    assert Base.objects.filter(complaints=complaint).exists()
    assert story.fresh(complaint).due_on == datetime.date(2026, 3, 9)
