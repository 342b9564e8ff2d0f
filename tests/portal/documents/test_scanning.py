"""The scanner over its socket, with a stand-in that knows one virus; and what happens while it is away."""

import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from portal.documents import sweeping
from portal.documents.models import ScanState, Upload
from portal.documents.refusals import Refused
from portal.documents.uploads import accept, serve
from portal.errors import DomainError
from tests.factories.cast import Cast
from tests.portal.documents import hostile_papers as papers
from tests.portal.documents.places import MOMENT, everything

# The test virus every scanner knows, in two halves so that no scanner finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def serve_one(listener: socket.socket) -> None:
    """Answer as clamd does, until the listener is closed."""
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        with connection:
            assert received(connection, 10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", received(connection, 4))[0]:
                content += received(connection, length)
            connection.sendall(answer_to(content))


def answer_to(content: bytes) -> bytes:
    if b"TOO LARGE FOR IT" in content:
        return b"INSTREAM size limit exceeded. ERROR\0"
    if b"IT CHOKES ON THIS" in content:
        return b"stream: Can't allocate memory ERROR\0"
    return b"stream: Eicar-Test FOUND\0" if EICAR in content else b"stream: OK\0"


def received(connection: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        content += connection.recv(length - len(content))
    return content


@pytest.fixture
def clamd(settings: Any) -> Iterator[str]:
    """Run the stand-in and name it in the settings."""
    folder = tempfile.mkdtemp(dir="/tmp")  # the address of a socket may not be longer than some hundred characters
    path = f"{folder}/clamd.sock"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen()
    thread = threading.Thread(target=serve_one, args=(listener,), daemon=True)
    thread.start()
    settings.CLAMD_SOCKET = path
    yield path
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
    shutil.rmtree(folder)


def take(cast: Cast, content: bytes, name: str = "申报表.pdf") -> Upload:
    return accept(SimpleUploadedFile(name, content), at=cast.county, by=cast.wang, moment=MOMENT)


def infected() -> bytes:
    """Return a whole PDF that carries the test virus as a comment."""
    return papers.pdf().replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF")


def test_infected_file_is_refused_and_gone(cast: Cast, places: Path, clamd: str) -> None:
    with pytest.raises(Refused, match="查毒发现病毒（Eicar-Test）"):
        take(cast, infected())
    assert everything(places) == []


def test_clean_file_is_marked_as_scanned(cast: Cast, places: Path, clamd: str) -> None:
    upload = take(cast, papers.pdf())
    assert (upload.scan, upload.scanned_at) == (ScanState.CLEAN, MOMENT)


def test_file_waits_while_the_scanner_is_away_and_is_scanned_by_the_sweep(
    cast: Cast, places: Path, settings: Any, clamd: str
) -> None:
    settings.CLAMD_SOCKET = str(places / "nobody.sock")
    good, bad = take(cast, papers.pdf()), take(cast, infected())
    assert good.scan == bad.scan == ScanState.PENDING
    with pytest.raises(DomainError, match="还没有查毒"):
        serve(good, RequestFactory().get("/"))
    assert sweeping.scan_waiting(moment=MOMENT) == 0

    settings.CLAMD_SOCKET = clamd
    assert sweeping.scan_waiting(moment=MOMENT) == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan, bad.scan) == (ScanState.CLEAN, ScanState.INFECTED)
    with pytest.raises(DomainError, match="含病毒，已隔离"):
        serve(bad, RequestFactory().get("/"))


def commented(words: bytes) -> bytes:
    """Return a whole PDF with these words as a comment."""
    return papers.pdf().replace(b"%%EOF", b"%" + words + b"\n%%EOF")


def test_one_file_the_scanner_fails_at_holds_up_no_other_and_is_called_failed_in_the_end(
    cast: Cast, places: Path, settings: Any, clamd: str
) -> None:
    settings.CLAMD_SOCKET = ""
    choking, lost, good = (
        take(cast, commented(b"IT CHOKES ON THIS")),
        take(cast, papers.pdf()),
        take(cast, papers.pdf(2)),
    )
    (Path(settings.MEDIA_ROOT) / lost.file.name).unlink()
    settings.CLAMD_SOCKET = clamd
    assert sweeping.scan_waiting(moment=MOMENT) == 1
    good.refresh_from_db()
    assert good.scan == ScanState.CLEAN
    for _run in range(sweeping.MOST_ATTEMPTS):
        sweeping.scan_waiting(moment=MOMENT)
    for failed in (choking, lost):
        failed.refresh_from_db()
        assert (failed.scan, failed.scan_attempts) == (ScanState.FAILED, sweeping.MOST_ATTEMPTS)
        with pytest.raises(DomainError, match="多次查毒都没有成功"):
            serve(failed, RequestFactory().get("/"))


def test_a_file_above_the_scanners_limit_is_refused_and_one_kept_earlier_says_so(
    cast: Cast, places: Path, settings: Any, clamd: str
) -> None:
    large = commented(b"TOO LARGE FOR IT")
    with pytest.raises(Refused, match="超过查毒程序能查的大小"):
        take(cast, large)
    settings.CLAMD_SOCKET = ""
    kept = take(cast, large)
    settings.CLAMD_SOCKET = clamd
    sweeping.scan_waiting(moment=MOMENT)
    kept.refresh_from_db()
    assert kept.scan == ScanState.OVERSIZED
    with pytest.raises(DomainError, match="超过查毒程序的上限"):
        serve(kept, RequestFactory().get("/"))


def test_files_kept_before_there_was_a_scanner_are_scanned_later(
    cast: Cast, places: Path, settings: Any, clamd: str
) -> None:
    settings.CLAMD_SOCKET = ""
    upload = take(cast, papers.pdf())
    settings.CLAMD_SOCKET = clamd
    sweeping.scan_waiting(moment=MOMENT)
    upload.refresh_from_db()
    assert upload.scan == ScanState.CLEAN


def test_download_is_an_attachment_that_no_browser_runs_or_keeps(cast: Cast, places: Path) -> None:
    response = serve(take(cast, papers.pdf(), "推荐（申报）表.pdf"), RequestFactory().get("/"))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%8E%A8")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")  # type: ignore[arg-type]


def test_small_view_of_a_photo_is_a_picture_for_the_page_and_papers_have_none(cast: Cast, places: Path) -> None:
    small = RequestFactory().get("/", {"view": "small"})
    response = serve(take(cast, papers.picture(size=(900, 900)), "现场.jpg"), small)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert serve(take(cast, papers.pdf()), small)["Content-Disposition"].startswith("attachment")
