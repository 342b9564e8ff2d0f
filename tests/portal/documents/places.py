"""Where files lie during a test, and what lies there."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.documents.models import Upload

MOMENT = datetime.datetime(2026, 11, 24, 10, 42, tzinfo=ZoneInfo("Asia/Shanghai"))


def everything(places: Path) -> list[Path]:
    """Return every file that is kept or in quarantine."""
    return sorted(path for path in places.rglob("*") if path.is_file() and path.name != "bomb.xlsx")


def stored(upload: Upload) -> bytes:
    """Return the content as it is kept."""
    with upload.file.open("rb") as file:
        content: bytes = file.read()
    return content
