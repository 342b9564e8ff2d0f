"""An approver who does not agree sends the finding back (退回重新核实); what is shown follows the true state."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.models import Complaint, FindingObjection, count_of
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import VISITOR, Capacity
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem
from tests.factories.cast import Cast
from tests.factories.complaints import CONCLUSION, TOLD, Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
WHY = "收据只有一张，请再核对银行流水。"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture
def on_the_day(story: Story, time_machine: Any) -> Callable[[], None]:
    def move() -> None:
        time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)

    return move


def unserved(story: Story) -> Complaint:
    """Return a complaint whose finding the base has not signed for."""
    complaint = story.verifying()
    record(story, complaint)
    return story.fresh(complaint)


def record(story: Story, complaint: Complaint) -> None:
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion=CONCLUSION,
        by=story.cast.city_caseworker,
        on=story.on,
    )


def letters(complaint: Complaint, kind: str) -> int:
    return Letter.objects.filter(kind=f"complaint.{kind}", subject_id=str(complaint.pk)).count()


def test_finding_that_is_sent_back_stays_on_record_and_counts_for_nothing(story: Story) -> None:
    complaint = story.confirmable()
    actions.send_back_finding(complaint, because=WHY, by=story.cast.city_approver, on=story.on)
    complaint = story.fresh(complaint)
    assert (complaint.status, complaint.decided_on, complaint.findings.count()) == (S.VERIFYING, None, 1)
    counted = count_of(story.base, story.on)
    assert counted is not None
    assert counted.number == 0
    item = WorkItem.objects.waiting().get(subject_type="complaints.complaint", subject_id=str(complaint.pk))
    assert item.kind == "complaints.verifying"
    told = Notification.objects.filter(kind="complaint.to_verify", recipient=story.cast.city_caseworker.user)
    assert WHY in told.order_by("-pk")[0].body
    assert AuditEvent.objects.get(verb="complaint.sent_back").facts["because"] == WHY


def test_base_that_was_served_is_told_and_served_anew(story: Story) -> None:
    complaint = story.confirmable()
    actions.send_back_finding(complaint, because=WHY, by=story.cast.city_approver, on=story.on)
    assert (letters(complaint, "sent_back"), letters(complaint, "sent_back_to_base")) == (1, 1)
    assert Notification.objects.filter(kind="complaint.sent_back", recipient=story.cast.wang.user).count() == 1
    record(story, story.fresh(complaint))
    with pytest.raises(DomainError, match="还没有送达基地"):
        actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on)
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    story.later(6)
    assert actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on).status == S.UPHELD


def test_base_that_was_not_served_is_told_nothing_and_has_nothing_to_sign(story: Story) -> None:
    complaint = unserved(story)
    actions.send_back_finding(complaint, because=WHY, by=story.cast.city_approver, on=story.on)
    assert (letters(complaint, "sent_back"), letters(complaint, "sent_back_to_base")) == (1, 0)
    assert not Notification.objects.filter(kind="complaint.sent_back").exists()
    assert not WorkItem.objects.waiting().filter(kind="complaints.finding_receipt").exists()


def test_what_was_objected_to_a_finding_that_is_sent_back_is_answered_with_it(story: Story) -> None:
    complaint = story.found()
    actions.object_to_finding(complaint, text="收据上写的是全额，不是减半。", by=VISITOR, on=story.on)
    actions.send_back_finding(complaint, because=WHY, by=story.cast.city_approver, on=story.on)
    objection = FindingObjection.objects.get()
    assert (objection.founded, objection.answered_on) == (None, story.on)
    assert "退回重新核实" in objection.answer
    assert not WorkItem.objects.waiting().filter(kind="complaints.finding_objection").exists()


@pytest.mark.parametrize("because", ["不对", TOLD])
def test_reason_for_sending_back_is_whole_and_in_own_words(story: Story, because: str) -> None:
    complaint = story.confirmable()
    with pytest.raises(InvalidInput) as refused:
        actions.send_back_finding(complaint, because=because, by=story.cast.city_approver, on=story.on)
    assert "because" in refused.value.problems


def test_caseworkers_and_strangers_send_nothing_back(story: Story, cast: Cast) -> None:
    complaint = story.confirmable()
    for by in (cast.city_caseworker, cast.approver, cast.county_caseworker):
        with pytest.raises(NotAllowed):
            actions.send_back_finding(complaint, because=WHY, by=by, on=story.on)


def test_page_on_which_a_finding_is_confirmed_leads_to_sending_it_back(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = story.confirmable()
    on_the_day()
    client, back = sign_in(story.cast.city_approver), reverse("complaints:send_back", args=[complaint.pk])
    assert f'href="{back}"' in client.get(reverse("complaints:confirm", args=[complaint.pk])).content.decode()
    case = client.get(reverse("complaints:case", args=[complaint.pk]))
    assert "退回重新核实" in [str(act.label) for act in case.context["acts"]]
    answer = client.post(back, {"because": WHY, "seen": story.fresh(complaint).revision})
    assert answer.status_code == 302
    assert story.fresh(complaint).status == S.VERIFYING


def test_steps_go_on_to_the_confirmation_when_the_days_for_an_objection_are_over(
    story: Story, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = story.found()
    address = reverse("complaints:case", args=[complaint.pk])

    def now() -> list[tuple[str, str]]:
        on_the_day()
        steps = sign_in(story.cast.city_approver).get(address).context["steps"]
        return [(str(step.label), step.note) for step in steps if step.state == "now"]

    assert [label for label, _note in now()] == ["送达、异议"]
    story.later(6)
    assert now() == [("确认", f"{story.fresh(complaint).due_on} 前")]
