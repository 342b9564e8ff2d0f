"""Excel and Word files are ZIP archives. Their directory alone is judged: nothing is unpacked to find a bomb."""

import struct
import zipfile
from pathlib import Path

from portal.documents.office_links import active_in
from portal.documents.refusals import Refused

MOST_ENTRIES = 200
ENTRY_BYTES = 50 * 1024**2
TOTAL_BYTES = 200 * 1024**2
MOST_RATIO = 100
SMALL_PART = 256 * 1024  # relationship and type lists are read up to this size, other parts never
SYMLINK = 0o120000
END = b"PK\x05\x06"
HEADER = 30  # bytes of a local header without its name

MAIN_PART = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
KIND = {"xlsx": "Excel 工作簿（xlsx）", "docx": "Word 文档（docx）"}
ACTIVE = {
    "vbaproject.bin": "宏（VBA）",
    "vbadata.xml": "宏（VBA）",
    "externallinks/": "指向其他文件的外部链接",
    "oleobject": "嵌入的 OLE 对象",
    "embeddings/": "嵌入的其他文件",
    "activex/": "ActiveX 控件",
    "ctrlprops/": "控件",
    "customui/": "自定义功能区代码",
}


def inspect_archive(path: Path, name: str, suffix: str) -> None:
    """Raise Refused unless the file is a plain, moderately sized workbook or document without active content."""
    _check_end(path, name, suffix)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, name)
            _check_layout(entries, path, name)
            _check_parts(entries, name, suffix)
            _check_links(archive, entries, name, suffix)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, EOFError, RuntimeError, OSError):
        raise _broken(name, suffix) from None


def _broken(name: str, suffix: str) -> Refused:
    return Refused(
        name,
        found="文件已损坏或不完整",
        expected=f"要能打开的{KIND[suffix]}",
        fix="请用 Excel 或 Word 打开另存一份再上传",
    )


def _bomb(name: str, found: str) -> Refused:
    return Refused(
        name,
        found=found,
        expected="解开后总共不超过 200 MB、单个部件不超过 50 MB、压缩比不超过 100",
        fix="这可能是压缩炸弹；如确是正常文件，请删去大图和空白行列后另存再上传",
    )


def _check_end(path: Path, name: str, suffix: str) -> None:
    """Look at the end record before the directory is read: how many entries, nothing after it, nothing before it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < 22:
        raise _broken(name, suffix)
    count, directory, offset, comment = struct.unpack("<HIIH", tail[place + 10 : place + 22])
    if count > MOST_ENTRIES:
        raise _bomb(name, f"压缩包里有 {count} 个部件，上限 {MOST_ENTRIES} 个")
    end = size - len(tail) + place
    if comment or end + 22 != size or offset + directory != end:
        raise Refused(
            name,
            found="文件头尾夹带了其他数据（一个文件里有两种格式）",
            expected=f"只能是一个{KIND[suffix]}",
            fix="请用 Excel 或 Word 打开另存一份再上传",
        )


def _check_sizes(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MOST_ENTRIES:  # the end record may state fewer
        raise _bomb(name, f"压缩包里有 {len(entries)} 个部件，上限 {MOST_ENTRIES} 个")
    total = sum(entry.file_size for entry in entries)
    if total > TOTAL_BYTES:
        raise _bomb(name, f"解开后有 {total // 1024**2:,} MB")
    packed = sum(entry.compress_size for entry in entries)
    for entry in entries:
        if entry.file_size > ENTRY_BYTES:
            raise _bomb(name, f"部件 {clipped(entry.filename)} 解开后有 {entry.file_size // 1024**2:,} MB")
    if total > 1024**2 and total > MOST_RATIO * max(1, packed):
        raise _bomb(name, f"压缩比达 {total // max(1, packed):,} 倍")


def _check_layout(entries: list[zipfile.ZipInfo], path: Path, name: str) -> None:
    """Entries must follow each other from the first byte on: none hidden, none overlapping, none pointing out."""
    place = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith("/") or ":" in parts[0]:
            raise _unsafe(name, f"部件路径 {clipped(entry.filename)} 指向文件之外")
        if entry.external_attr >> 16 & 0o170000 == SYMLINK:
            raise _unsafe(name, f"部件 {clipped(entry.filename)} 是符号链接")
        if entry.flag_bits & 0x1:
            raise _unsafe(name, "内容加了密")
        if entry.header_offset < place:
            raise _unsafe(name, "部件互相重叠")
        place = entry.header_offset + HEADER + entry.compress_size
    if entries and min(entry.header_offset for entry in entries) > 0 or place > path.stat().st_size:
        raise _unsafe(name, "文件开头夹带了其他数据")


def _unsafe(name: str, found: str) -> Refused:
    return Refused(
        name, found=found, expected="要不加密、不带路径和链接的普通文件", fix="请用 Excel 或 Word 打开另存一份再上传"
    )


def _check_parts(entries: list[zipfile.ZipInfo], name: str, suffix: str) -> None:
    names = [entry.filename.lower() for entry in entries]
    if "[content_types].xml" not in names or MAIN_PART[suffix] not in names:
        raise Refused(
            name,
            found=f"内容不是{KIND[suffix]}",
            expected="扩展名要与内容一致",
            fix=f"请用相应软件另存为{KIND[suffix]}再上传，不要只改扩展名",
        )
    for part in names:
        for sign, what in ACTIVE.items():
            if sign in part:
                raise _active(name, suffix, what, part)


def _active(name: str, suffix: str, what: str, part: str) -> Refused:
    return Refused(
        name,
        found=f"文件带有{what}（{clipped(part)}）",
        expected=f"只收不带宏、外部链接和嵌入对象的{KIND[suffix]}",
        fix="请删除后另存，或打印为 PDF 再上传",
    )


def _check_links(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str, suffix: str) -> None:
    """Read the small lists of types and links: a macro type, an embedded object, a part from elsewhere is refused."""
    for entry in entries:
        part = entry.filename.lower()
        if not part.endswith(".rels") and part != "[content_types].xml":
            continue
        if entry.file_size > SMALL_PART:
            raise _bomb(name, f"部件 {clipped(entry.filename)} 大得不正常")
        if what := active_in(archive.read(entry)):
            raise _active(name, suffix, what, part)


def clipped(text: str) -> str:
    """Return a name from inside a file, fit for a sentence."""
    shown = "".join(char for char in text if char.isprintable())
    return shown if len(shown) <= 60 else shown[:57] + "…"
