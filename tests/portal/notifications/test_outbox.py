"""Promises are kept: none lost, none twice, whatever dies: the worker, the broker, the mail server."""

import dataclasses
import datetime
import os
import signal
import subprocess
import sys
import threading
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from bases.models import Base
from portal.accounts.models import User
from portal.notifications import channels, tasks
from portal.notifications.channels import MOST_ATTEMPTS, send, wait_after
from portal.notifications.models import Digest, Notification
from portal.notifications.notify import Notice, notify
from portal.notifications.tasks import deliver, send_daily_digest, sweep_unsent
from tests.factories.cast import Cast
from tests.factories.people import person
from tests.factories.register import base

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 23)
URGENT = Notice(kind="correction", subject="请补正", body="两处要补正。", url="/my/1/", urgent=True)
QUIET = Notice(kind="progress", subject="已转市级", body="县级已推荐。", url="/my/1/")


class DeafServer(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages: object) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def promise(cast: Cast, notice: Notice = URGENT) -> Notification:
    with transaction.atomic():
        return notify(notice, to=[cast.wang.user], about=cast.base, on=DAY)[0]


def test_an_urgent_message_is_mailed_after_commit(cast: Cast, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = promise(cast)
        assert mail.outbox == [], "not before the act is certain"
    assert [sent.subject for sent in mail.outbox] == ["请补正"]
    assert "王运营，您好" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/my/1/" in mail.outbox[0].body
    row.refresh_from_db()
    assert row.sent_at is not None


def test_messages_that_must_wait_do_not_keep_new_ones_from_their_turn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 3)
    waiting = [promise(cast) for _n in range(3)]
    Notification.objects.filter(pk__in=[row.pk for row in waiting]).update(tried_at=timezone.localtime(), attempts=20)
    fresh = promise(cast)
    assert sweep_unsent() == 1
    fresh.refresh_from_db()
    assert fresh.sent_at is not None


@pytest.mark.parametrize("attempts", [0, 1, 2, 5, 9, 10, 29])
def test_the_sweep_waits_as_long_as_the_attempts_say(cast: Cast, attempts: int) -> None:
    row = promise(cast)
    now = timezone.localtime()
    tried = Notification.objects.filter(pk=row.pk)
    tried.update(attempts=attempts, tried_at=now - wait_after(attempts) + datetime.timedelta(seconds=1))
    assert not tried.filter(channels.due(now)).exists()
    tried.update(tried_at=now - wait_after(attempts))
    assert tried.filter(channels.due(now)).exists()


def test_a_message_that_cannot_be_written_as_a_mail_counts_its_attempts_and_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = promise(cast), promise(cast)
    mailed = channels._mail

    def choosy(reader: User, subject: str, rows: list[Notification], key: str) -> None:
        if rows[0].pk == bad.pk:
            raise ValueError("cannot be written")
        mailed(reader, subject, rows, key)

    monkeypatch.setattr(channels, "_mail", choosy)
    assert sweep_unsent() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.attempts, bad.last_error) == (1, "ValueError: cannot be written")
    assert good.sent_at is not None


def test_a_title_with_a_line_break_is_mailed_on_one_line(cast: Cast) -> None:
    promise(cast, dataclasses.replace(URGENT, subject="请补正\r\nBcc: x@example.org"))
    assert sweep_unsent() == 1
    assert mail.outbox[0].subject == "请补正 Bcc: x@example.org"


def test_one_digest_that_fails_does_not_keep_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    other = person("另一位")
    with transaction.atomic():
        notify(QUIET, to=[cast.wang.user, other], about=cast.base, on=DAY)
    mailed = channels._mail

    def choosy(reader: User, subject: str, rows: list[Notification], key: str) -> None:
        if reader == cast.wang.user:
            raise ValueError("cannot be written")
        mailed(reader, subject, rows, key)

    monkeypatch.setattr(channels, "_mail", choosy)
    assert send_daily_digest() == 1
    assert [letter.to for letter in mail.outbox] == [[other.email]]


def test_a_digest_asks_once_for_its_reader_however_many_messages_it_holds(
    cast: Cast, django_assert_max_num_queries
) -> None:
    for _n in range(20):
        promise(cast, QUIET)
    with django_assert_max_num_queries(10):
        channels.send_digest(cast.wang.user_id, DAY)


def test_what_was_rolled_back_is_told_to_nobody(cast: Cast, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        notify(URGENT, to=[cast.wang.user], about=cast.base, on=DAY)
        transaction.set_rollback(True)
    assert Notification.objects.count() == 0
    assert mail.outbox == []


def test_a_broker_that_is_down_breaks_no_act_and_the_sweep_delivers(
    cast: Cast, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    def down(*args: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(deliver, "delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        row = promise(cast)
    row.refresh_from_db()
    assert row.sent_at is None
    assert sweep_unsent() == 1
    assert len(mail.outbox) == 1
    assert sweep_unsent() == 0
    assert len(mail.outbox) == 1


def test_a_deaf_mail_server_is_tried_again_later_and_later(cast: Cast, settings, time_machine) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    row = promise(cast)
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"
    assert not send(row.pk)
    row.refresh_from_db()
    assert (row.attempts, row.sent_at) == (1, None)
    assert "SMTPServerDisconnected" in row.last_error
    time_machine.shift(30)
    sweep_unsent()
    row.refresh_from_db()
    assert row.attempts == 1, "not before its minute has passed"
    time_machine.shift(31)
    sweep_unsent()
    row.refresh_from_db()
    assert row.attempts == 2
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.shift(121)
    assert sweep_unsent() == 1
    assert len(mail.outbox) == 1


def test_waiting_grows_to_six_hours_and_lasts_for_days() -> None:
    waits = [wait_after(n) for n in range(1, MOST_ATTEMPTS + 1)]
    assert waits[:4] == [datetime.timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert max(waits) == datetime.timedelta(hours=6)
    assert sum(waits, datetime.timedelta()) > datetime.timedelta(days=4)


def test_the_same_key_tells_a_person_once(cast: Cast) -> None:
    once = Notice(kind="due", subject="今日到期", body="…", urgent=True, dedupe="due:1:2026-11-23")
    for _ in range(3):
        with transaction.atomic():
            notify(once, to=[cast.wang.user, cast.approver.user, cast.wang.user], about=cast.base, on=DAY)
    assert Notification.objects.count() == 2


def test_a_reminder_of_what_was_done_meanwhile_is_dropped(cast: Cast, monkeypatch) -> None:
    row = promise(cast, Notice(kind="due", subject="快到期", body="…", urgent=True, while_status=("returned",)))

    class Moved:
        class _base_manager:  # noqa: N801  stands for Django's
            @staticmethod
            def filter(**_wanted: object) -> "type[Moved._base_manager]":
                return Moved._base_manager

            @staticmethod
            def values_list(*_names: str, flat: bool) -> "type[Moved._base_manager]":
                return Moved._base_manager

            @staticmethod
            def first() -> str:
                return "approved"

    monkeypatch.setattr(channels.apps, "get_model", lambda label: Moved)
    assert send(row.pk)
    row.refresh_from_db()
    assert row.dropped_because
    assert mail.outbox == []
    assert sweep_unsent() == 0


def test_nobody_who_left_is_mailed(cast: Cast) -> None:
    row = promise(cast)
    cast.wang.user.is_active = False
    cast.wang.user.save()
    send(row.pk)
    assert mail.outbox == []
    with transaction.atomic():
        assert notify(QUIET, to=[cast.wang.user], about=cast.base, on=DAY) == []


def test_the_digest_is_one_mail_a_day_however_often_the_job_runs(cast: Cast, time_machine) -> None:
    time_machine.move_to("2026-11-23T08:30:00+08:00", tick=False)
    promise(cast, QUIET)
    promise(cast, Notice(kind="progress", subject="已发布公示", body="公示 5 个工作日。"))
    assert send_daily_digest() == 1
    assert send_daily_digest() == 0
    assert mail.outbox[0].subject == "今日消息 2 条"
    assert "1. 已转市级" in mail.outbox[0].body
    promise(cast, Notice(kind="progress", subject="又有一条", body="…"))
    assert send_daily_digest() == 0, "what comes later waits for tomorrow"
    time_machine.shift(86400)
    assert send_daily_digest() == 1
    assert "又有一条" in mail.outbox[1].body
    assert "已转市级" not in mail.outbox[1].body


def test_the_digest_catches_up_after_missed_days_but_mails_nothing_stale(cast: Cast, time_machine) -> None:
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    promise(cast, QUIET)
    time_machine.move_to("2026-11-23T08:30:00+08:00", tick=False)
    assert send_daily_digest() == 1
    promise(cast, QUIET)
    time_machine.move_to("2026-12-10T08:30:00+08:00", tick=False)
    assert send_daily_digest() == 0


def test_the_digest_leaves_out_what_was_read_and_people_who_do_not_want_it(cast: Cast) -> None:
    row = promise(cast, QUIET)
    Notification.objects.filter(pk=row.pk).update(read_at=row.created_at)
    assert send_daily_digest() == 0
    promise(cast, QUIET)
    cast.wang.user.daily_digest = False
    cast.wang.user.save()
    assert send_daily_digest() == 0


def test_a_digest_that_fails_is_not_lost_and_does_not_stop_the_others(cast: Cast, monkeypatch) -> None:
    other = person("另一位")
    with transaction.atomic():
        notify(QUIET, to=[cast.wang.user, other], about=cast.base, on=DAY)
    real = channels._mail

    def deaf_for_wang(who: object, *args: object) -> None:
        if who == cast.wang.user:
            raise SMTPServerDisconnected("closed")
        real(who, *args)

    monkeypatch.setattr(channels, "_mail", deaf_for_wang)
    assert send_daily_digest() == 1
    monkeypatch.setattr(channels, "_mail", real)
    assert send_daily_digest() == 1
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([cast.wang.user.email, other.email])
    assert Digest.objects.count() == 2


@pytest.fixture
def committed(transactional_db: None) -> Base:
    return base()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_mail_it_once(committed: Base) -> None:
    who = person("收件人")
    with transaction.atomic():
        row = notify(URGENT, to=[who], about=committed, on=DAY)[0]
    Notification.objects.update(sent_at=None)
    mail.outbox.clear()
    gate = threading.Barrier(4)

    def work() -> None:
        try:
            gate.wait()
            send(row.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail.outbox) == 1


KILLED = """
import os, signal, sys, django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from portal.notifications import channels
def die(*args): os.kill(os.getpid(), signal.SIGKILL)
channels._mail = die
channels.send(int(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_loses_nothing(committed: Base, monkeypatch) -> None:
    who = person("收件人")
    monkeypatch.setattr(deliver, "delay", lambda pk: None)
    with transaction.atomic():
        row = notify(URGENT, to=[who], about=committed, on=DAY)[0]
    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(row.pk), name], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    row.refresh_from_db()
    assert row.sent_at is None
    assert sweep_unsent() == 1
    assert sweep_unsent() == 0
    assert [sent.to for sent in mail.outbox] == [[who.email]]
