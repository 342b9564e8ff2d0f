"""好差评 is asked for when it can be given: once, after the end, a withdrawal too; never after it was written."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.actions import Person, Receipt
from complaints.models import Rating
from portal.accounts.capacity import VISITOR, Capacity
from portal.worklist.models import WorkItem
from tests.complaints.test_progress import CASE, holding, on, receipt_of, text
from tests.factories.cast import cast_at
from tests.factories.complaints import TOLD, Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
RATING = f"{CASE}rating/"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def test_handling_of_a_complaint_that_was_withdrawn_is_rated(story: Story) -> None:
    receipt = receipt_of(story)
    actions.withdraw_complaint(receipt.complaint, by=VISITOR, on=story.on)
    with on(story.on):
        client = holding(receipt)
        assert f'href="{RATING}"' in text(client.get(CASE))
        assert client.post(RATING, {"grade": "4"}).url == CASE
    assert Rating.objects.get().grade == 4


def test_form_of_a_rating_is_shown_only_while_it_can_be_sent(story: Story) -> None:
    receipt = receipt_of(story)
    with on(story.on):
        client = holding(receipt)
        assert "现在不能评价" in text(client.get(RATING))
        actions.withdraw_complaint(receipt.complaint, by=VISITOR, on=story.on)
        assert 'name="grade"' in text(client.get(RATING))
        client.post(RATING, {"grade": "4"})
        page = text(client.get(RATING))
    assert "现在不能评价" in page
    assert 'name="grade"' not in page


def withdrawn(story: Story) -> tuple[Receipt, Client]:
    """Return a complaint of somebody known by name that may be rated, and the browser of who may."""
    who = Person("钱多多", "13900001234", business="多多烘焙工作室")
    receipt = actions.receive_complaint(story.base, told=TOLD, person=who, by=VISITOR, on=story.on)
    actions.withdraw_complaint(receipt.complaint, by=VISITOR, on=story.on)
    return receipt, holding(receipt)


@pytest.mark.parametrize(
    ("comment", "kind"), [("钱 多多的投诉就这样打发了", "姓名"), ("我们多多烘焙工作室等了一个月", "企业或项目名称")]
)
def test_rating_takes_neither_the_name_nor_the_firm_of_who_complained(story: Story, comment: str, kind: str) -> None:
    with on(story.on):
        _receipt, client = withdrawn(story)
        answer = client.post(RATING, {"grade": "1", "comment": comment})
        assert (answer.status_code, f"您投诉时留的{kind}" in text(answer)) == (422, True)
        assert not Rating.objects.exists()
        assert client.post(RATING, {"grade": "1", "comment": "等了一个月，没有人接电话"}).url == CASE


@pytest.mark.parametrize("written", ["{number}", "ＴＳ－{tail}", "{tail}"])
def test_number_of_a_complaint_in_a_rating_is_called_what_it_is(story: Story, written: str) -> None:
    with on(story.on):
        receipt, client = withdrawn(story)
        number = receipt.complaint.number
        said = written.format(number=number, tail=number.removeprefix("TS-"))
        answer = client.post(RATING, {"grade": "4", "comment": f"{said} 办得太慢"})
    assert answer.status_code == 422
    assert "是受理号" in text(answer)
    assert "像是电话" not in text(answer)


def test_follow_up_of_a_rating_tells_the_week_and_not_the_day(story: Story, sign_in: SignIn, time_machine: Any) -> None:
    with on(story.later(3)):
        _receipt, client = withdrawn(story)
        client.post(RATING, {"grade": "1"})
    item = WorkItem.objects.get(kind="complaints.rating")
    monday = story.on - datetime.timedelta(days=story.on.weekday())
    assert story.on != monday
    assert item.arrived_on == monday
    assert item.due is not None
    assert item.due["start"] == f"{monday}"
    assert f"{story.on}" not in str(item.due)
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)
    page = text(sign_in(story.cast.city_caseworker).get(reverse("desk:worklist")))
    assert "好差评意见" in page
    assert "L-14-33" not in page.replace("#L-14-33", "")


def test_rating_without_a_grade_is_asked_for_one_in_plain_words(story: Story) -> None:
    with on(story.on):
        _receipt, client = withdrawn(story)
        assert "请选择是否满意。" in text(client.post(RATING, {"comment": "还行"}))
