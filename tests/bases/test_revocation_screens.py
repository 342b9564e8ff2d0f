"""Revocation on screen: officers act with proof, the holder signs and answers, strangers see the end alone."""

import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bases import actions
from bases.models import Ban, Revocation
from portal.accounts.capacity import Capacity
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
LIVES_IN = ("revocations", "revoking", "for_operators", "announcements")
MOMENTS = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?|csrf\w*\W+\w+|nonce\W+[\w+/=-]+")


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture(autouse=True)
def _today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    for module in LIVES_IN:
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


def picture(name: str = "回执.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def fresh(revocation: Revocation) -> Revocation:
    return Revocation.objects.get(pk=revocation.pk)


def public_pages(story: Story) -> dict[str, str]:
    """Return what strangers read of the base: register, base page, verify page, interface, open data."""
    code, slug, verify = "520000", story.base.slug, story.title.verify_code
    addresses = {
        "register": f"/{code}/register/?q={story.base.name}",
        "base": f"/base/{slug}/",
        "verify": f"/verify/{verify}/",
        "api": f"/api/v1/bases/{slug}/",
        "verify_api": f"/api/v1/verify/{verify}/",
        "csv": f"/{code}/register.csv",
        "json": f"/{code}/register.json",
    }
    pages = {}
    for name, address in addresses.items():
        answer = Client().get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        pages[name] = MOMENTS.sub("", body.decode())
    return pages


def test_strangers_see_nothing_before_the_decision_is_served_and_the_end_at_once(story: Story) -> None:
    before = public_pages(story)
    revocation = story.decided()
    assert public_pages(story) == before
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    after = public_pages(story)
    for name, page in after.items():
        assert page.count("已撤销") > before[name].count("已撤销"), name
    decision = fresh(revocation).decision
    assert decision is not None
    assert decision.reference in after["base"]
    assert f"{story.on}" in after["base"]
    assert f"{Ban.objects.get(base=story.base).ends_on}（含当日）" in after["base"]


def test_a_title_that_was_restored_is_valid_in_public_and_both_stay_on_record(story: Story) -> None:
    revocation = story.revoked()
    story.later(30)
    actions.set_aside_revocation(
        revocation, authority="贵州省人民政府", because="黔府行复〔2026〕1号，程序违法。", by=story.decider, on=story.on
    )
    page = public_pages(story)["base"]
    assert "今日有效" in page
    assert "贵州省人民政府撤销了原决定" in page
    assert "自 2026" not in page
