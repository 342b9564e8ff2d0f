"""What nobody said in time is asked for later, and what an officer is about to do is said before it is done."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions, tasks
from complaints.models import Complaint
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from tests.factories.cast import Cast
from tests.factories.complaints import CONCLUSION, SUMMARY, Story
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
REASON = "与孵化服务无关，属于劳动争议。"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture
def on_the_day(story: Story, time_machine: Any) -> Callable[[], None]:
    def move() -> None:
        time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)

    return move


def url(name: str, complaint: Complaint) -> str:
    return reverse(f"complaints:{name}", args=[complaint.pk])


def silent(story: Story) -> Complaint:
    """Return a complaint that was accepted because nobody answered."""
    complaint = story.received().complaint
    tasks.accept_in_silence(story.later(6))
    complaint = story.fresh(complaint)
    assert (complaint.status, complaint.category) == (S.ACCEPTED, "")
    return complaint


def category_of(client: Client, complaint: Complaint) -> str:
    page = client.get(url("case", complaint))
    return next(str(fact.value) for fact in page.context["facts"] if str(fact.term) == "类别")


def test_category_of_what_silence_accepted_is_said_with_the_summary(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = silent(story)
    on_the_day()
    client = sign_in(story.cast.county_caseworker)
    assert category_of(client, complaint) == "还没有填写"
    typed = {"summary": SUMMARY, "seen": complaint.revision}
    assert client.post(url("summary", complaint), typed).status_code == 422
    assert client.post(url("summary", complaint), {**typed, "category": "fees"}).status_code == 302
    assert category_of(client, complaint) == "收费、租金"


def test_category_is_asked_for_with_the_finding_where_the_base_was_not_asked(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = silent(story)
    why = "先问基地会暴露投诉人是谁。"
    actions.verify_at_once(complaint, because=why, by=story.cast.county_caseworker, on=story.on)
    on_the_day()
    page = sign_in(story.cast.city_caseworker).get(url("finding", complaint)).content.decode()
    assert 'name="category"' in page
    by = story.cast.city_caseworker
    actions.settle_recipient(complaint, service_recipient=True, because="入驻协议", by=by, on=story.on)
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=[by.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion=CONCLUSION,
        category="services",
        by=by,
        on=story.on,
    )
    assert story.fresh(complaint).category == "services"


def test_category_that_was_said_is_not_asked_for_again(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = story.accepted()
    on_the_day()
    page = sign_in(story.cast.county_caseworker).get(url("summary", complaint)).content.decode()
    assert 'name="category"' not in page


def test_closed_complaint_promises_no_category(story: Story, sign_in: SignIn, on_the_day: Callable[[], None]) -> None:
    complaint = story.received().complaint
    actions.reject_complaint(complaint, reason=REASON, by=story.cast.county_caseworker, on=story.on)
    on_the_day()
    assert category_of(sign_in(story.cast.county_caseworker), complaint) == "—"


def test_the_only_approver_is_named_beside_the_officers_who_verify(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = story.verifying()
    on_the_day()
    client = sign_in(story.cast.city_caseworker)
    page = client.get(url("finding", complaint)).content.decode()
    assert "郑市批是本机关唯一的审批人员：选了，这件就改由贵州省确认" in page
    officer("另市批", story.cast.city.code, Role.APPROVER)
    assert "唯一的审批人员" not in client.get(url("finding", complaint)).content.decode()
    Membership.objects.filter(role=Role.APPROVER).delete()
    assert "唯一的审批人员" not in client.get(url("finding", complaint)).content.decode()


def test_preview_of_a_supplement_refuses_the_name_that_sending_would_refuse(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = story.received().complaint
    by = story.cast.county_caseworker
    identity = actions.reveal_identity(complaint, purpose="电话核实收费凭证", by=by, on=story.on)
    assert identity is not None
    name = identity.name
    on_the_day()
    client = sign_in(by)
    typed = {"asked": f"请{name}补交入驻协议首页和收据。", "act": "preview", "seen": complaint.revision}
    refused = client.post(url("supplement", complaint), typed)
    assert refused.status_code == 422
    assert refused.context["preview"] is None
    assert "文字里有投诉人的姓名" in refused.content.decode()
    shown = client.post(url("supplement", complaint), {**typed, "asked": "请补交入驻协议首页和收据。"})
    assert shown.context["preview"] is not None
