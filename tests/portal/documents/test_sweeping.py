"""Files that no record names go after a day; files in use and young ones stay."""

import datetime
import os
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.documents.sweeping import remove_orphans
from portal.documents.uploads import accept
from tests.factories.cast import Cast
from tests.portal.documents import hostile_papers as papers
from tests.portal.documents.places import MOMENT, everything

NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


def aged(path: Path, hours: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"x")
    stamp = (NOW - datetime.timedelta(hours=hours)).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def test_orphans_go_after_a_day_and_what_is_named_stays(cast: Cast, places: Path, settings: Any) -> None:
    upload = accept(SimpleUploadedFile("a.jpg", papers.picture()), at=cast.county, by=cast.wang, moment=MOMENT)
    media = Path(settings.MEDIA_ROOT)
    kept = [aged(media / upload.file.name, 999), aged(media / upload.preview.name, 999)]
    young = aged(media / "uploads/52/ab/young.pdf", 23)
    old = [aged(media / "uploads/52/ab/old.pdf", 25), aged(media / "letters/old.pdf", 25)]
    left = aged(settings.VAR / "quarantine/killed", 2)

    assert remove_orphans(now=NOW) == 3
    assert everything(places) == sorted([*kept, young])
    assert not any(path.exists() for path in [*old, left])
    assert remove_orphans(now=NOW) == 0
