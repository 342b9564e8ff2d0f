"""The nightly invariant: what the tables say of every base is what the rules make of what happened to it."""

import logging

from celery import shared_task

from portal.deadlines.today import business_today
from portal.rehearsal.facts_of import differences
from portal.rehearsal.replays import to_check

logger = logging.getLogger(__name__)


@shared_task
def check_tables() -> int:
    """Replay every base through the rules; return how many differences there are. Each is logged as an error."""
    on, found = business_today(), 0
    for base in to_check():
        for sentence in differences(base, on):
            found += 1
            logger.error("tables and rules differ: %s", sentence)
    return found
