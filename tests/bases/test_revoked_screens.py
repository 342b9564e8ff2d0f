"""After the notice and after the end: what officers weigh and see fall away, what holder and public read by name."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bases import actions
from bases.models import Certification, Revocation
from bases.states import RevocationStatus as R
from bases.states import Standing
from complaints.actions import overturn_finding
from portal.accounts.capacity import Capacity
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
    for module in ("revocations", "revoking"):
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


def test_the_public_page_of_a_revoked_title_states_each_title_by_name(story: Story) -> None:
    story.revoked()
    page = Client().get(f"/base/{story.base.slug}/").content.decode()
    name = story.title.category_name
    assert re.search(rf"<h1>.*{name}</span><span[^>]*>[^<]*(<[^>]*>)*\s*已撤销", page)
    assert f"暂停申报“{name}”" in page


def test_the_certificate_of_a_revoked_title_says_since_when_and_promises_nothing(story: Story) -> None:
    address = f"/verify/{story.title.verify_code}/"
    assert "复评认定期至" in Client().get(address).content.decode()
    revocation = story.revoked()
    assert revocation.decision is not None
    assert revocation.ban is not None
    page = Client().get(address).content.decode()
    assert "这张证书已撤销" in page
    for word in (f"{revocation.served_on}", revocation.decision.reference, f"{revocation.ban.ends_on}（含当日）"):
        assert word in page
    for promise in ("复评认定期", f"{story.title.period_ends}", "逐项对照"):
        assert promise not in page


@pytest.mark.parametrize("status", [Standing.NOT_RENEWED, Standing.SURRENDERED])
def test_the_certificate_of_a_title_that_ended_says_since_when(story: Story, status: Standing) -> None:
    Certification.objects.filter(pk=story.title.pk).update(status=status, ended_on=story.on)
    page = Client().get(f"/verify/{story.title.verify_code}/").content.decode()
    assert f"终止日期</dt><dd>{story.on}" in page
    assert "复评认定期" not in page


def test_who_weighs_reads_what_was_said_and_sees_the_decision_it_goes_into(story: Story, sign_in: SignIn) -> None:
    revocation, by = story.in_defence(), story.cast.province_caseworker
    actions.file_defence(
        revocation, statement="三件投诉说的是同一件事。", asks_hearing=True, uploads=(), by=story.cast.wang, on=story.on
    )
    story.heard(revocation, "双方到场，当庭质证。")
    client, address = sign_in(by), f"/desk/revocations/{revocation.pk}/weighing/"
    page = client.get(address).content.decode()
    assert page.index("三件投诉说的是同一件事。") < page.index("当庭质证") < page.index("<form method")
    typed = {
        "opinion": "三件投诉事实各不相同，不予采纳。",
        "seen": Revocation.objects.get(pk=revocation.pk).revision,
        "act": "preview",
    }
    assert "复核意见：三件投诉事实各不相同" in client.post(address, typed).content.decode()
    assert Revocation.objects.get(pk=revocation.pk).status == R.DEFENCE


def test_the_case_marks_a_complaint_it_rests_on_as_overturned(story: Story, sign_in: SignIn) -> None:
    revocation = story.in_defence()
    first = story.base.complaints.order_by("pk")[0]
    because = "上级复查发现票据与投诉无关。"
    overturn_finding(first, because=because, by=story.cast.approver, on=story.on)
    page = sign_in(story.cast.province_caseworker).get(f"/desk/revocations/{revocation.pk}/").content.decode()
    assert f"?q={first.number}" in page
    assert page.count("已推翻") == 1


def test_the_home_of_the_former_holder_says_what_to_hand_back_by_which_day(
    story: Story, sign_in: SignIn, time_machine: Any
) -> None:
    revocation = story.revoked()
    Certification.objects.filter(pk=story.title.pk).update(certificate=revocation.decision)
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1), datetime.UTC), tick=False)
    answer = sign_in(story.cast.wang).get("/my/")
    first, page = answer.context["first"], answer.content.decode()
    name = story.title.category_name
    assert first.title == f"交回牌匾和证书：{name}"
    assert revocation.served_on is not None
    assert first.on > revocation.served_on
    assert {"行政复议", "行政诉讼"} <= {line.name for line in answer.context["agenda"]}
    assert name in page[: page.index('id="now"')]
    assert "下载证书" not in page
