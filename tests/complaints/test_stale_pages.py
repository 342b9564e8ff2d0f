"""A page that was opened before somebody else acted overwrites nothing, and says nothing was done that was not."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.actions import Person
from complaints.models import Complaint, Misconduct
from complaints.states import MisconductStatus
from complaints.views.for_officers import lists
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.roles import Role
from tests.factories.cast import Cast
from tests.factories.complaints import TOLD, Story
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


REASON = "与基地服务无关的广告内容。"


def held_back(story: Story, name: str) -> Complaint:
    person = Person(name, "13912345678")
    taken = {"told": TOLD, "person": person, "flags": ["trap"], "hold_back": True}
    return actions.receive_complaint(story.base, by=VISITOR, on=story.on, **taken).complaint  # type: ignore[arg-type]


def test_those_picked_that_were_rejected_are_named_where_one_of_them_is_refused(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    first, second = held_back(story, "田某某"), held_back(story, "周某某")
    typed = {"act": "reject", "pick": [first.pk, second.pk], "reason": f"{REASON}周某某"}
    words = sign_in(cast.county_caseworker).post(url("quarantine"), typed).content.decode()
    assert f"已不予受理 1 件：{first.number}" in words
    assert "文字里有投诉人的姓名" in words
    assert [each.status for each in Complaint.objects.order_by("pk")] == ["rejected", "received"]


def test_complaint_that_another_officer_let_go_on_meanwhile_is_not_rejected_from_the_list(
    story: Story, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint, real = held_back(story, "田某某"), lists._decide_one

    def a_moment_later(request: Any, picked: Complaint, said: dict[str, Any]) -> None:
        actions.release_from_quarantine(picked, by=cast.county_caseworker, on=story.on)
        real(request, picked, said)

    monkeypatch.setattr(lists, "_decide_one", a_moment_later)
    late = sign_in(cast.county_caseworker).post(
        url("quarantine"), {"act": "reject", "pick": [complaint.pk], "reason": REASON}
    )
    assert late.status_code == 422
    assert f"{complaint.number}：已由他人放行，没有办理。" in late.content.decode()
    assert Complaint.objects.get().status == "received"
