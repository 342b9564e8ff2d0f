"""What people upload: taken in through quarantine, kept under random names, handed out by permission.

Order of checks after the OWASP File Upload Cheat Sheet. `accept` is called inside the act the file belongs to; if that
act is undone, the file goes with it.
"""

import datetime
import hashlib
import uuid
import weakref
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Count, ManyToOneRel, Sum
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest
from django.utils import timezone

from portal.accounts.capacity import Capacity
from portal.documents import scanner
from portal.documents.inspection import Inspected, allowed_suffix, inspect
from portal.documents.models import ScanState, Upload
from portal.documents.names import clean_name
from portal.documents.refusals import Refused
from portal.errors import DomainError
from portal.jurisdictions.models import Jurisdiction

CHUNK = 1024 * 1024
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'"


def accept(
    file: "UploadedFile[bytes]",
    *,
    at: Jurisdiction,
    by: Capacity,
    types: Collection[str] = ("pdf", "jpg", "png"),
    megabytes: int = 20,
    moment: datetime.datetime,
) -> Upload:
    """Take a file in: checked, drawn anew if it is a picture, scanned, kept. Return its record.

    `at` is the place it belongs to, `types` and `megabytes` what this slot takes. Raises Refused (a DomainError) with
    a sentence that names the file, what was found, what is expected and how to mend it; then nothing is kept.
    """
    name = clean_name(file.name or "")
    suffix = allowed_suffix(name, types)
    _check_size(file.size or 0, megabytes, name)
    _check_quota(by, at, file.size or 0, moment, name)
    with _quarantined(file, megabytes, name) as path:
        inspected = inspect(path, name, suffix)
        verdict = _scanned(path, name)
        upload = Upload(
            jurisdiction=at,
            region_code=at.code,
            original_name=name,
            suffix=f".{suffix}",
            media_type=inspected.media_type,
            pages=inspected.pages,
            scan=verdict.state,
            scan_finding=verdict.finding,
            scanned_at=None if verdict.state == ScanState.PENDING else moment,
            uploaded_by=by.user,
            uploaded_at=moment,
        )
        _keep(upload, path, inspected)
    return upload


def _check_size(size: int, megabytes: int, name: str) -> None:
    if size > megabytes * 1024**2:
        raise Refused(
            name,
            found=f"文件有 {size / 1024**2:.1f} MB",
            expected=f"这里每个文件不超过 {megabytes} MB",
            fix="请压缩图片、降低扫描分辨率（200 DPI 即可）或拆分后再上传",
        )


def _check_quota(by: Capacity, at: Jurisdiction, size: int, moment: datetime.datetime, name: str) -> None:
    """Hold the person to what one may bring in a day; visitors of a place share one measure."""
    start = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Upload.objects.filter(uploaded_by=by.user, uploaded_at__gte=start)
    if by.user is None:
        today = today.filter(region_code=at.code)
    used = today.aggregate(files=Count("pk"), size=Sum("size"))
    files, total = used["files"] + 1, (used["size"] or 0) + size
    if files > settings.UPLOADS_PER_DAY or total > settings.UPLOAD_BYTES_PER_DAY:
        raise Refused(
            name,
            found=f"今天已上传 {used['files']} 个文件、{(used['size'] or 0) / 1024**2:.0f} MB",
            expected=f"每天不超过 {settings.UPLOADS_PER_DAY} 个、{settings.UPLOAD_BYTES_PER_DAY / 1024**2:.0f} MB",
            fix="请明天再传，或联系主管部门",
        )


@contextmanager
def _quarantined(file: "UploadedFile[bytes]", megabytes: int, name: str) -> Iterator[Path]:
    """Stream the file under a random name into a folder nobody is served from; gone when the checks are over."""
    folder = settings.VAR / "quarantine"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    size = 0
    try:
        with path.open("xb") as kept:
            for chunk in file.chunks(CHUNK):
                size += len(chunk)
                _check_size(size, megabytes, name)  # the size that was announced is not believed
                kept.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _scanned(path: Path, name: str) -> scanner.Verdict:
    with path.open("rb") as file:
        verdict = scanner.scan(file)
    if verdict.state == ScanState.OVERSIZED:
        raise Refused(
            name,
            found="文件超过查毒程序能查的大小",
            expected="只收查过毒的文件",
            fix="请压缩图片或拆分后分别上传",
        )
    if verdict.state == ScanState.INFECTED:
        raise Refused(
            name,
            found=f"查毒发现病毒（{verdict.finding}）",
            expected="只收不带病毒的文件",
            fix="请对本机查毒，从可靠的来源重新取得文件后再上传",
        )
    return verdict


def _keep(upload: Upload, path: Path, inspected: Inspected) -> None:
    """Put the file in its place and save the record; without the record the file does not stay."""
    with path.open("rb") as original:
        kept: File[bytes] = ContentFile(inspected.content) if inspected.content is not None else File(original)
        upload.size = kept.size
        upload.sha256 = _digest(kept)
        upload.file.save(upload.key.hex, kept, save=False)
        _tie_to_transaction(upload.file)
    if inspected.preview is not None:
        upload.preview.save(upload.key.hex, ContentFile(inspected.preview), save=False)
        _tie_to_transaction(upload.preview)
    upload.save()


def _digest(file: File[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class _Bond:
    """Lives in the callbacks of the transaction; if they are dropped uncalled, so is the file."""

    def __init__(self, file: FieldFile) -> None:
        self._undo = weakref.finalize(self, _remove, file.storage, str(file.name))
        self._undo.atexit = False  # a process that ends knows nothing of its transaction

    def __call__(self) -> None:
        self._undo.detach()


def _remove(storage: Storage, name: str) -> None:
    """Remove the file of an act that was undone. Where the connection is lost, the act may stand: the sweep decides."""
    lost = connection.connection is None or connection.connection.closed
    if not lost:
        storage.delete(name)


def _tie_to_transaction(file: FieldFile) -> None:
    """Remove the file again unless the transaction under way is committed (Django has no hook for a rollback)."""
    transaction.on_commit(_Bond(file))


def discard(uploads: Iterable[Upload]) -> int:
    """Delete uploads that hang on nothing any more, record and files; return how many. Others hold on to the rest.

    The files go when the transaction stands. The caller has taken them off the case they belonged to.
    """
    gone = 0
    for upload in uploads:
        if any(_holds(link, upload) for link in Upload._meta.get_fields(include_hidden=True)):
            continue
        for file in (upload.file, upload.preview):
            if file:
                transaction.on_commit(partial(file.storage.delete, str(file.name)))
        upload.delete()
        gone += 1
    return gone


def _holds(link: object, upload: Upload) -> bool:
    """Whether a row on the other side of a foreign key, or of a list of files, still names the upload."""
    if not isinstance(link, ManyToOneRel) or link.field.model is None:
        return False
    return bool(link.field.model._base_manager.filter(**{link.field.name: upload}).exists())


def serve(upload: Upload, request: HttpRequest) -> FileResponse:
    """Return the upload as a download. The caller has checked that the person may read the case it hangs on.

    With `?view=small` a picture comes as its small copy, to be shown in a page. Raises DomainError while the file is
    not cleared by the scanner.
    """
    _require_readable(upload)
    if request.GET.get("view") == "small" and upload.preview:
        return _response(upload.preview, "image/jpeg", as_attachment=False, filename="preview.jpg")
    return _response(upload.file, upload.media_type, as_attachment=True, filename=upload.original_name)


def _require_readable(upload: Upload) -> None:
    if upload.scan == ScanState.INFECTED:
        raise DomainError(f"“{upload.original_name}”含病毒，已隔离，不能下载。请重新上传没有病毒的文件。")
    if upload.scan in {ScanState.OVERSIZED, ScanState.FAILED}:
        why = "太大，超过查毒程序的上限" if upload.scan == ScanState.OVERSIZED else "多次查毒都没有成功"
        raise DomainError(f"“{upload.original_name}”{why}，不能下载。请压缩、拆分或重新导出后再上传。")
    if not upload.readable:
        raise DomainError(f"“{upload.original_name}”还没有查毒，暂时不能下载。查毒一般几分钟内完成，请稍后再试。")


def _response(file: FieldFile, media_type: str, *, as_attachment: bool, filename: str) -> FileResponse:
    """Return a response a browser will neither sniff, run, frame nor keep; the name after RFC 6266."""
    response = FileResponse(file.open("rb"), as_attachment=as_attachment, filename=filename, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
