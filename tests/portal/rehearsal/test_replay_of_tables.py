"""`manage.py histories`: what happened to every base, judged by the evaluator, is what the tables say of it."""

import datetime
import io
import json
import logging

import pytest
from django.core.management import call_command

from bases.actions import close_revocation, set_aside_revocation
from bases.models import Ban, Revocation
from complaints import actions
from complaints.models import Complaint
from portal.rehearsal import tasks
from portal.rehearsal.evaluate import evaluate_line
from portal.rehearsal.facts_of import differences, history_of, kept_of
from tests.factories import titles
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.register import base as make_base

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def exported(*arguments: str, on: datetime.date) -> list[str]:
    out = io.StringIO()
    call_command("histories", *arguments, "--on", on.isoformat(), stdout=out)
    return out.getvalue().splitlines()


def test_export_is_what_the_evaluator_reads(story: Story) -> None:
    story.upheld(anonymous=True)
    story.revoked()
    (line,) = exported(on=story.on)
    answer = json.loads(evaluate_line(line.encode()))
    assert answer["id"] == story.base.slug
    assert [row["standing"] for row in answer["titles"]] == ["revoked"]
    assert answer["bans"][0]["until"] == Ban.objects.get(base=story.base).ends_on.isoformat()
    kinds = [event["type"] for event in json.loads(line)["events"]]
    assert kinds == [
        "certified",
        *["complaint_upheld"] * 4,
        "prior_notice_served",
        "revocation_decided",
        "revocation_served",
    ]


def test_what_happened_later_is_not_told(story: Story) -> None:
    story.upheld()
    day = story.on - datetime.timedelta(days=1)
    told = history_of(story.base, day)
    assert told is not None
    assert [event["type"] for event in told["events"]] == ["certified"]


def test_tables_and_evaluator_agree_after_a_closed_case_an_overturned_complaint_and_a_case_set_aside(
    story: Story,
) -> None:
    revocation = story.weighed()
    close_revocation(revocation, because="其中一件事实存疑，决定不予撤销。", by=story.decider, on=story.on)
    first = Complaint.objects.filter(base=story.base).earliest("pk")
    story.upheld(same_as=first)  # the fact was spent
    second = story.upheld("partly")
    actions.overturn_finding(second, because="复核认为事实不清，凭证无关。", by=story.cast.approver, on=story.on)
    assert differences(story.base, story.on) == []
    assert kept_of(story.base, story.on)["complaints"] == {"counted": 0, "limit": 3}
    last = story.revoked()
    assert differences(story.base, story.on) == []
    texts = {"authority": "贵州省人民政府", "because": "黔府行复〔2026〕1号，程序违法。"}
    set_aside_revocation(last, **texts, by=story.decider, on=story.on)
    assert differences(story.base, story.on) == []
    assert kept_of(story.base, story.on)["bans"] == []


def test_a_renewed_title_is_told_with_its_renewal(story: Story) -> None:
    base = make_base("520103")
    titles.certification(
        base, certified_on=datetime.date(2019, 5, 6), period_ends=datetime.date(2029, 5, 6), number="GZ-1"
    )
    assert differences(base, story.on) == []


@pytest.mark.parametrize("wrong", ["standing", "ban", "case"])
def test_check_finds_what_was_changed_behind_the_acts(story: Story, wrong: str) -> None:
    if wrong == "case":
        opened = story.opened()
        Revocation.objects.filter(pk=opened.pk).update(status="lapsed")
    else:
        story.revoked()
    if wrong == "standing":
        story.base.certifications.update(status="certified", ended_on=None)
    if wrong == "ban":
        Ban.objects.update(ends_on=datetime.date(2030, 1, 1))
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("histories", "--check", "--on", story.on.isoformat(), stdout=out)
    assert story.base.slug in out.getvalue()


def test_nightly_job_logs_what_differs(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    story.revoked()
    monkeypatch.setattr(tasks, "business_today", lambda: story.on)
    assert tasks.check_tables() == 0
    Ban.objects.update(ends_on=datetime.date(2030, 1, 1))
    with caplog.at_level(logging.ERROR):
        assert tasks.check_tables() == 1
    assert story.base.slug in caplog.text
