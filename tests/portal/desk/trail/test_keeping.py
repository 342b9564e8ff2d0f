"""Every night the trail is held against the newest checkpoint; a break is told and writes no new checkpoint."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from portal.audit.models import AuditEvent
from portal.audit.recording import record
from portal.celery import app
from portal.desk.tasks import keep_trail
from portal.desk.trail.keeping import check_trail
from portal.notifications.models import Notification
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
NIGHT = datetime.datetime(2026, 11, 24, 2, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = datetime.timedelta(days=1)


@pytest.fixture
def trail(cast: Cast) -> list[AuditEvent]:
    with transaction.atomic():
        return [record("base.registered", cast.base, by=cast.county_caseworker, on=NIGHT.date()) for _n in range(3)]


def cut_tail(event: AuditEvent) -> None:
    """Do what only the owner of the table can."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [event.pk])
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")


def test_a_whole_trail_gets_its_checkpoint_once_a_day(trail: list[AuditEvent], tmp_path: Path) -> None:
    for at in (NIGHT, NIGHT, NIGHT + DAY):
        assert check_trail(tmp_path, at=at) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "checkpoint-2026-11-24.json",
        "checkpoint-2026-11-25.json",
    ]
    assert not Notification.objects.exists()


def test_a_tail_cut_off_since_yesterday_is_told_to_the_audit_administrator_and_not_sealed(
    cast: Cast, trail: list[AuditEvent], tmp_path: Path
) -> None:
    check_trail(tmp_path, at=NIGHT)
    cut_tail(trail[-1])
    for _run in range(2):
        assert ["末尾被截去" in problem for problem in check_trail(tmp_path, at=NIGHT + DAY)] == [True]
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-2026-11-24.json"]
    told = Notification.objects.get()
    assert told.recipient == cast.audit_admin.user
    assert "末尾被截去" in told.body


def test_a_checkpoint_that_was_altered_is_told(cast: Cast, trail: list[AuditEvent], tmp_path: Path) -> None:
    check_trail(tmp_path, at=NIGHT)
    kept = tmp_path / "checkpoint-2026-11-24.json"
    kept.write_text(kept.read_text(encoding="utf-8").replace('"count": 3', '"count": 2'), encoding="utf-8")
    assert "被改动过" in check_trail(tmp_path, at=NIGHT + DAY)[0]
    assert Notification.objects.filter(recipient=cast.audit_admin.user).count() == 1


def test_the_job_runs_every_night_where_a_folder_is_named(settings, trail: list[AuditEvent], tmp_path: Path) -> None:
    assert "portal.desk.tasks.keep_trail" in {job["task"] for job in app.conf.beat_schedule.values()}
    settings.AUDIT_CHECKPOINTS = ""
    assert keep_trail() == 0
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "seals")
    assert keep_trail() == 0
    assert len(list((tmp_path / "seals").iterdir())) == 1
