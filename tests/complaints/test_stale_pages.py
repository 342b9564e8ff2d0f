"""A page that was opened before somebody else acted overwrites nothing, and says nothing was done that was not."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.models import Complaint, Misconduct
from complaints.states import MisconductStatus
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from tests.factories.cast import Cast
from tests.factories.complaints import Story
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def story(cast: Cast, time_machine: Any) -> Story:
    """Return a story on whose day the clock stands."""
    story = Story(cast)
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)
    return story


def url(name: str, *arguments: object) -> str:
    return reverse(f"complaints:{name}", args=arguments)


def revision(complaint: Complaint) -> int:
    return Complaint.objects.get(pk=complaint.pk).revision


def test_recipient_settled_meanwhile_is_not_overwritten_from_a_page_opened_before(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    complaint, by = story.accepted(), cast.county_caseworker
    client = sign_in(by)
    shown = client.get(url("recipient", complaint.pk)).context["form"].initial["seen"]
    actions.settle_recipient(complaint, service_recipient=True, because="入驻协议原件", by=by, on=story.on)
    no = {"service_recipient": "no", "because": "名册里没有比对上"}
    assert client.post(url("recipient", complaint.pk), no | {"seen": shown}).status_code == 409
    assert Complaint.objects.get(pk=complaint.pk).service_recipient is True
    assert client.post(url("recipient", complaint.pk), no | {"seen": revision(complaint)}).status_code == 302
    assert Complaint.objects.get(pk=complaint.pk).service_recipient is False


def test_fact_linked_meanwhile_is_not_unlinked_from_a_page_opened_before(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    first, second, by = story.accepted(), story.accepted(), cast.county_caseworker
    client = sign_in(by)
    shown = client.get(url("same_fact", second.pk)).context["form"].initial["seen"]
    actions.link_same_fact(second, first=first, by=by, on=story.on)
    assert client.post(url("same_fact", second.pk), {"first": "", "seen": shown}).status_code == 409
    assert Complaint.objects.get(pk=second.pk).same_fact_as == first


def test_second_approver_of_misconduct_is_not_told_that_their_decision_stands(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    by = cast.city_caseworker
    found = actions.report_misconduct(
        story.base,
        ground="fraud",
        minutes="到场查看名册和社保记录，有三户查无此人。",
        conclusion="名册中三户企业不实。",
        officers=[by.person, story.second_city.person],
        by=by,
        on=story.on,
    )
    reason = "核对了社保记录，虚报属实。"
    actions.decide_misconduct(found, established=False, reason=reason, by=cast.city_approver, on=story.on)
    client = sign_in(officer("吴市批", cast.city.code, Role.APPROVER))
    late = client.post(url("misconduct", found.pk), {"established": "yes", "reason": reason})
    assert late.status_code == 409
    assert list(get_messages(late.wsgi_request)) == []
    assert Misconduct.objects.get().status == MisconductStatus.DISMISSED
    assert "已审定。" not in client.get(url("misconduct", found.pk)).content.decode()
