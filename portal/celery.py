"""The Celery application and the one list of recurring jobs."""

import logging
import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import after_setup_logger, after_setup_task_logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@after_setup_logger.connect
@after_setup_task_logger.connect
def keep_logs_discreet(logger: logging.Logger, **kwargs: Any) -> None:
    """Mask numbers and addresses of persons in what worker and beat write: Celery lays its logs out itself."""
    import_module("portal.discreet_logs").make_discreet(logger)  # needs the settings, which are read later


# Every job finds its work in the database and calls the same actions a person would;
# each is safe to run twice and catches up after missed days. Times are Asia/Shanghai.
app.conf.beat_schedule = {
    "show-that-jobs-run": {
        "task": "portal.web.tasks.beat",
        "schedule": crontab(minute="*"),
    },
    "deliver-unsent-notifications": {
        "task": "portal.notifications.tasks.sweep_unsent",
        "schedule": crontab(minute="*"),
    },
    "render-unrendered-letters": {
        "task": "portal.documents.tasks.sweep_unrendered",
        "schedule": crontab(minute="*"),
    },
    "scan-unscanned-uploads": {
        "task": "portal.documents.tasks.sweep_unscanned",
        "schedule": crontab(minute="*/5"),
    },
    "remove-orphaned-files": {
        "task": "portal.documents.tasks.sweep_orphans",
        "schedule": crontab(hour="3", minute="40"),
    },
    "daily-digest": {
        "task": "portal.notifications.tasks.send_daily_digest",
        "schedule": crontab(hour="8", minute="30"),
    },
    "enter-entitlements": {
        "task": "subsidies.tasks.enter_entitlements",
        "schedule": crontab(minute="*/2"),
    },
    "close-calls-and-notices": {
        "task": "applications.tasks.run_daily",
        "schedule": crontab(hour="0", minute="20"),
    },
    "let-complaints-run": {
        "task": "complaints.tasks.run_daily",
        "schedule": crontab(hour="0", minute="30"),
    },
    "let-revocations-run": {
        "task": "bases.tasks.run_daily",
        "schedule": crontab(hour="0", minute="40"),
    },
    "remind-of-due-work": {
        "task": "portal.worklist.tasks.remind_due",
        "schedule": crontab(hour="6", minute="0"),
    },
    "disable-idle-people": {
        "task": "portal.accounts.tasks.disable_idle",
        "schedule": crontab(hour="0", minute="15"),
    },
    "check-tables-against-rules": {
        "task": "portal.rehearsal.tasks.check_tables",
        "schedule": crontab(hour="2", minute="50"),
    },
    "keep-trail": {
        "task": "portal.desk.tasks.keep_trail",
        "schedule": crontab(hour="2", minute="30"),
    },
    "clear-sessions": {
        "task": "portal.accounts.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="40"),
    },
    "end-delegations": {
        "task": "portal.accounts.tasks.end_delegations",
        "schedule": crontab(hour="0", minute="10"),
    },
}
