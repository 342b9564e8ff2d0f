"""What is left behind by a lost scanner, a killed process or an undone act, found and mended."""

import datetime
import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage, default_storage

from portal.documents import scanner
from portal.documents.models import Letter, ScanState, Upload

BATCH = 100
MOST_ATTEMPTS = 10
OLD_ENOUGH = datetime.timedelta(hours=24)
QUARANTINE_HOURS = 1
log = logging.getLogger("portal.documents")


def scan_waiting(*, moment: datetime.datetime) -> int:
    """Scan uploads that wait, and those kept before there was a scanner; return how many got a verdict.

    A file at which the scanner fails holds up no other: it is tried again after those that were tried less often, and
    after `MOST_ATTEMPTS` it is called failed.
    """
    if not scanner.configured():
        return 0
    waiting = Upload.objects.filter(scan__in=[ScanState.PENDING, ScanState.UNSCANNED])
    done = 0
    for upload in waiting.order_by("scan_attempts", "pk")[:BATCH]:
        verdict = _scanned(upload)
        if verdict.away:
            break  # the next run tries again
        state, attempts = verdict.state, upload.scan_attempts + 1
        if state == ScanState.PENDING and attempts >= MOST_ATTEMPTS:
            state = ScanState.FAILED
        settled = state not in {ScanState.PENDING, ScanState.FAILED}
        Upload.objects.filter(pk=upload.pk, scan=upload.scan).update(
            scan=state,
            scan_finding=verdict.finding,
            scan_attempts=attempts,
            scanned_at=moment if settled else None,
        )
        done += settled
    return done


def _scanned(upload: Upload) -> scanner.Verdict:
    try:
        with upload.file.open("rb") as file:
            return scanner.scan(file)
    except OSError as error:
        log.warning("upload %s cannot be read for scanning: %s", upload.pk, error)
        return scanner.Verdict(ScanState.PENDING, "文件读不出来")


def remove_orphans(*, now: datetime.datetime) -> int:
    """Remove files of uploads and letters that no record names, a day after they were written; return how many.

    `now` is the time of the machine, as the files are stamped by it. Quarantine is emptied after an hour.
    """
    removed = _empty_quarantine(now)
    for folder, model, field in (
        ("uploads", Upload, "file"),
        ("uploads", Upload, "preview"),
        ("letters", Letter, "pdf"),
    ):
        names = [name for name in _files(default_storage, folder) if _is_of(name, field)]
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            known = set(model._default_manager.filter(**{f"{field}__in": batch}).values_list(field, flat=True))
            for name in set(batch) - known:
                if default_storage.get_modified_time(name) < now - OLD_ENOUGH:
                    default_storage.delete(name)
                    removed += 1
    return removed


def _is_of(name: str, field: str) -> bool:
    return name.endswith("-preview.jpg") == (field == "preview")


def _files(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files(storage, f"{folder}/{name}")


def _empty_quarantine(now: datetime.datetime) -> int:
    folder: Path = settings.VAR / "quarantine"
    oldest = (now - datetime.timedelta(hours=QUARANTINE_HOURS)).timestamp()
    old = [path for path in folder.iterdir() if path.stat().st_mtime < oldest] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
