"""A complaint that proceedings rest on was overturned: it is counted anew, said to both, and put before who decides."""

from collections.abc import Callable

import pytest
from django.test import Client

from bases import actions
from bases.models import Revocation
from complaints.actions import overturn_finding
from portal.accounts.capacity import Capacity
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture(autouse=True)
def _today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    for module in ("revocations", "revoking", "for_operators"):
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


def overturn(story: Story, number: int) -> None:
    complaint = story.base.complaints.order_by("pk")[number]
    overturn_finding(complaint, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)


def waiting() -> list[WorkItem]:
    return list(WorkItem.objects.waiting().filter(kind="bases.revocation_basis"))


def test_the_case_counts_what_is_left_of_its_basis(story: Story, sign_in: SignIn) -> None:
    revocation = story.in_defence()
    page, case = sign_in(story.cast.province_caseworker), f"/desk/revocations/{revocation.pk}/"
    assert "有效投诉 3 次，达到 3 次。</p>" in page.get(case).content.decode()
    overturn(story, 0)
    shown = page.get(case).content.decode()
    assert "有效投诉 3 次，达到 3 次。</p>" not in shown
    assert "其中 1 次的认定后来被推翻，现计 2 次。" in shown


def test_the_holder_reads_which_complaint_no_longer_counts(story: Story, sign_in: SignIn) -> None:
    revocation = story.in_defence()
    overturn(story, 1)
    number = story.base.complaints.order_by("pk")[1].number
    page = sign_in(story.cast.wang).get(f"/my/revocations/{revocation.pk}/").content.decode()
    assert f"据以立案的投诉 {number} 的认定已于 {story.on} 被上级机关推翻" in page


def test_a_basis_that_fell_waits_for_who_decides_until_the_next_step(story: Story) -> None:
    revocation = story.in_defence()
    assert waiting() == []
    overturn(story, 0)
    overturn(story, 1)  # asked once, whatever falls
    (item,) = waiting()
    assert (item.desk, item.permission) == (revocation.decider, "revocations.decide")
    because = "据以立案的投诉有两件被推翻，不足三次。"
    actions.close_revocation(Revocation.objects.get(), because=because, by=story.decider, on=story.on)
    assert waiting() == []


def test_going_on_in_spite_of_a_fallen_basis_is_an_answer_too(story: Story) -> None:
    revocation = story.in_defence()
    overturn(story, 0)
    story.later(6)
    opinion = "其余两件情节严重，另有一件新近确认，继续办理。"
    actions.weigh_defence(revocation, opinion=opinion, by=story.cast.province_caseworker, on=story.on)
    assert waiting() == []
