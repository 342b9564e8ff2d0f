"""Jobs that go through many rows: one bad row is logged and told at the end, and the others are done all the same."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import models, transaction

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=models.Model)


class PartlyDone(Exception):
    """A job did what it could; what it could not do is in the log."""


def one_by_one(rows: Iterable[M], act: Callable[[M], int]) -> int:
    """Do `act` with every row in a transaction of its own; return the sum of its results.

    Raises PartlyDone after the last row if some failed.
    """
    done, failed = 0, []
    for row in rows:
        try:
            with transaction.atomic():
                done += act(row)
        except Exception:
            failed.append(str(row.pk))
            logger.exception("%s %s failed", row._meta.label, row.pk)
    if failed:
        raise PartlyDone(f"{len(failed)} rows failed: {', '.join(failed)}; {done} done")
    return done


def all_of(*parts: Callable[[], object]) -> None:
    """Run every part of a job, whatever becomes of the others. Raises PartlyDone after the last if some failed."""
    failed = []
    for part in parts:
        try:
            part()
        except Exception as problem:
            failed.append(str(problem))
            if not isinstance(problem, PartlyDone):
                logger.exception("a part of a job failed")
    if failed:
        raise PartlyDone("; ".join(failed))
