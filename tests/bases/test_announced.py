"""While a paper is announced nobody is late: the desk waits for the last day, and the holder reads which it is."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bases import actions
from bases.models import Revocation
from bases.tasks import end_announcements
from portal.accounts.capacity import Capacity
from portal.documents.models import Service
from portal.worklist.models import WorkItem
from tests.factories import dossiers
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


def announced(story: Story) -> tuple[Revocation, Service]:
    """Return proceedings whose decision is announced, on a day after its service was due."""
    revocation, by = story.decided(), story.cast.province_caseworker
    proof = dossiers.upload(by, story.base, "退信.pdf")
    because = "邮寄退回，上门两次无人。"
    running = actions.announce_paper(revocation, because=because, evidence=[proof], by=by, on=story.on)
    story.later(15)
    assert revocation.due_on is not None
    assert running.ends_on is not None
    assert revocation.due_on < story.on <= running.ends_on
    return revocation, running


def test_the_desk_waits_until_an_announcement_is_over(story: Story, sign_in: SignIn, time_machine: Any) -> None:
    revocation, running = announced(story)
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1), datetime.UTC), tick=False)
    item = WorkItem.objects.waiting().get(kind="bases.revocation_decision_service")
    assert (item.due_on, item.due) == (running.ends_on, running.term)
    assert item.task.startswith("公告送达中")
    page = sign_in(story.cast.province_caseworker)
    for address in ("/desk/revocations/", f"/desk/revocations/{revocation.pk}/"):
        shown = page.get(address).content.decode()
        assert "逾期" not in shown
        assert f"{running.ends_on}" in shown
    assert f"公告送达中，{running.ends_on}（含当日）期满" in shown
    end_announcements(story.later(30))
    assert not WorkItem.objects.waiting().filter(kind="bases.revocation_decision_service").exists()


def test_the_holder_reads_from_when_until_when_its_paper_is_announced(story: Story, sign_in: SignIn) -> None:
    revocation, running = announced(story)
    page = sign_in(story.cast.wang).get(f"/my/revocations/{revocation.pk}/").content.decode()
    assert f"{running.began_on} 起公告送达，{running.ends_on}（含当日）期满" in page


def test_a_paper_that_was_signed_for_opens(story: Story, sign_in: SignIn) -> None:
    revocation = story.decided()
    wang, mine = sign_in(story.cast.wang), f"/my/revocations/{revocation.pk}/"
    assert revocation.decision is not None
    letter = f"/letters/{revocation.decision.key}/"
    answer = wang.post(f"{mine}sign/", follow=True)
    assert answer.redirect_chain[-1][0] == letter
    assert "三次有效投诉，事实清楚，证据充分。" in answer.content.decode()
    shown = wang.get(mine).content.decode()
    box = shown[shown.index('id="h-state"') : shown.index('id="h-remedy"')]
    assert f'href="{letter}"' in box
    assert "<h1>撤销程序：" in shown


def test_the_home_leads_to_the_decision(story: Story, sign_in: SignIn) -> None:
    revocation = story.revoked()
    assert revocation.decision is not None
    answer = sign_in(story.cast.wang).get("/my/")
    lines = [line for line in answer.context["agenda"] if line.act == "看撤销决定"]
    hrefs = {answer.context["first"].href, *(line.href for line in lines)}
    assert hrefs == {f"/letters/{revocation.decision.key}/"}
