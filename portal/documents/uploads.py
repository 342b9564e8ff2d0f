"""Uploads."""

import datetime


def scan_waiting(*, moment: datetime.datetime) -> int:
    return 0


def remove_orphans() -> int:
    return 0
