"""A file in quarantine, held against what its name promises. What passes is safe to keep; what is kept is returned."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from portal.documents.archives import inspect_archive
from portal.documents.films import inspect_film
from portal.documents.names import suffix_of
from portal.documents.pdf_uploads import inspect_pdf
from portal.documents.pictures import redraw
from portal.documents.refusals import Refused

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "mp4": "video/mp4",
}
KNOWN_AS = {
    "pdf": "PDF",
    "jpg": "JPG 图片",
    "png": "PNG 图片",
    "xlsx": "Excel（xlsx）",
    "docx": "Word（docx）",
    "mp4": "MP4 视频",
}
SIGNS = (
    (0, b"%PDF-", "pdf"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"PK\x03\x04", "zip"),
    (4, b"ftyp", "mp4"),
)
OTHERS = (
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（doc、xls）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"GIF8", "GIF 图片"),
    (b"<", "网页或 XML 文件"),
)
INSTEAD = {
    "xls": "请用 Excel 另存为 xlsx 再上传",
    "xlsm": "请另存为不带宏的 xlsx 再上传",
    "doc": "请用 Word 另存为 docx，或打印为 PDF 再上传",
    "docm": "请另存为不带宏的 docx，或打印为 PDF 再上传",
    "zip": "请解压后逐个上传",
    "rar": "请解压后逐个上传",
    "7z": "请解压后逐个上传",
    "heic": "请在手机相册导出为 JPG 再上传",
    "webp": "请另存为 JPG 再上传",
    "svg": "请导出为 PNG 或 PDF 再上传",
}


@dataclass(frozen=True)
class Inspected:
    """What may be kept: `content` replaces the file where it was drawn anew; pages of a PDF, preview of a picture."""

    media_type: str
    content: bytes | None = None
    preview: bytes | None = None
    pages: int | None = None


def allowed_suffix(name: str, types: Collection[str]) -> str:
    """Return the ending of a name. Raises Refused if this place does not take it."""
    suffix = suffix_of(name)
    allowed = [each for each in MEDIA_TYPES if each in {suffix_of(f"x.{kind}") for kind in types}]
    if suffix in allowed:
        return suffix
    found = f"文件类型是 {suffix}" if suffix else "文件名没有扩展名"
    listed = "、".join(KNOWN_AS[each] for each in allowed)
    raise Refused(name, found=found, expected=f"这里只收 {listed}", fix=INSTEAD.get(suffix, "请转换格式后再上传"))


def inspect(path: Path, name: str, suffix: str) -> Inspected:
    """Hold a quarantined file against its ending. Raises Refused with what was found and how to mend it."""
    with path.open("rb") as file:
        _check_signature(file.read(64), name, suffix)
    pages, content, preview = None, None, None
    if suffix == "pdf":
        pages = inspect_pdf(path, name)
    elif suffix in {"jpg", "png"}:
        picture = redraw(path, name, suffix)
        content, preview = picture.content, picture.preview
    elif suffix == "mp4":
        inspect_film(path, name)
    else:
        inspect_archive(path, name, suffix)
    return Inspected(MEDIA_TYPES[suffix], content, preview, pages)


def _check_signature(head: bytes, name: str, suffix: str) -> None:
    if not head:
        raise Refused(name, found="文件是空的（0 字节）", expected="要有内容的文件", fix="请重新导出或选择正确的文件")
    kind = next((kind for place, sign, kind in SIGNS if head[place:].startswith(sign)), None)
    if kind == suffix or (kind == "zip" and suffix in {"xlsx", "docx"}):
        return
    raise Refused(
        name,
        found=f"内容是{_described(head, kind)}，与扩展名 {suffix} 不符",
        expected="扩展名要与内容一致",
        fix=f"请用相应软件另存为{KNOWN_AS[suffix]}再上传，不要只改扩展名",
    )


def _described(head: bytes, kind: str | None) -> str:
    if kind == "zip":
        return "压缩包或 Office 文件"
    if kind:
        return KNOWN_AS[kind]
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    return next((what for sign, what in OTHERS if start.startswith(sign)), "不能识别的数据")
