"""Workbooks and documents that must not be kept, built in memory; and ones that must."""

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

import openpyxl

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MACRO_TYPES = TYPES.replace(
    b"/>", b'><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
)
RELS = (
    b'<Relationships><Relationship Type="http://x/attachedTemplate"'
    b' Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)
PLAIN = {"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>"}
DOCUMENT = {"[Content_Types].xml": TYPES, "word/document.xml": b"<document/>"}


def link(kind: str, target: str) -> bytes:
    """Return a list of one link of that kind; outside the file if its target is an address."""
    mode = ' TargetMode="External"' if "://" in target else ""
    head = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<Relationships><Relationship Id="r1" Type="{head}/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    )


HYPERLINK = link("hyperlink", "https://www.guizhou.gov.cn/")


class Part(NamedTuple):
    """An entry written byte by byte, so that sizes, places and flags can lie."""

    name: str
    packed: bytes
    size: int
    flags: int = 0
    attributes: int = 0
    at: int | None = None


def workbook() -> bytes:
    """Return an ordinary workbook."""
    book = openpyxl.Workbook()
    book.active.append(["基地", "户数"])
    book.active.append(["南明青创孵化基地", 32])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(parts: dict[str, bytes], **changes: bytes) -> bytes:
    """Return an archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in (parts | changes).items():
            kept.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes = b"x", base: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook with one part more."""
    return archive({**(base or PLAIN), name: content})


def with_links(links: bytes) -> bytes:
    """Return a document with that list of links, and a part they may mean."""
    return archive({**DOCUMENT, "word/media/a.bin": b"x", "word/_rels/document.xml.rels": links})


def more_than_stated() -> bytes:
    """Return a workbook of 301 parts whose end record states two."""
    content = archive(PLAIN | {f"p{n}": b"" for n in range(299)})
    return content[:-14] + struct.pack("<HH", 2, 2) + content[-10:]


def symlink() -> bytes:
    """Return a workbook in which a part is a symbolic link."""
    out = io.BytesIO(archive(PLAIN))
    with zipfile.ZipFile(out, "a") as kept:
        info = zipfile.ZipInfo("xl/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        kept.writestr(info, "/etc/passwd")
    return out.getvalue()


def raw(parts: list[Part]) -> bytes:
    """Return an archive written byte by byte."""
    body, directory = b"", b""
    for part in parts:
        place = len(body) if part.at is None else part.at
        name = part.name.encode()
        fields = struct.pack("<HHHHHIII", 20, part.flags, 8, 0, 0, zlib.crc32(b""), len(part.packed), part.size)
        if part.at is None:
            body += b"PK\x03\x04" + fields + struct.pack("<HH", len(name), 0) + name + part.packed
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHHH", len(name), 0, 0, 0, 0)
        directory += struct.pack("<II", part.attributes, place) + name
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def zeros(size: int) -> bytes:
    """Return the packed form of `size` zeros, never held unpacked as a whole."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = bytes(1024 * 1024)
    return b"".join(packer.compress(block) for _megabyte in range(size // len(block))) + packer.flush()


def bomb() -> bytes:
    """Return a workbook of about 3 MB that would unfold to 892 MB."""
    size = 48 * 1024 * 1024
    packed = zeros(size)
    head = [Part("[Content_Types].xml", b"\x03\x00", 0), Part("xl/workbook.xml", b"\x03\x00", 0)]
    sheets = [Part(f"xl/worksheets/sheet{n}.xml", packed, size) for n in range(18)]
    last = Part("xl/worksheets/last.xml", zeros(28 * 1024 * 1024), 28 * 1024 * 1024)
    return raw([*head, *sheets, last])


def one_huge_part() -> bytes:
    """Return a workbook with one part of 60 MB."""
    size = 60 * 1024 * 1024
    return raw([Part("[Content_Types].xml", b"\x03\x00", 0), Part("xl/workbook.xml", zeros(size), size)])


def steep() -> bytes:
    """Return a workbook with a compression ratio far over 100."""
    return with_part("xl/worksheets/sheet1.xml", bytes(20 * 1024 * 1024))


def overlapping() -> bytes:
    """Return a workbook in which entries share the same bytes."""
    parts = [Part("[Content_Types].xml", b"\x03\x00", 0), Part("xl/workbook.xml", b"\x03\x00", 0)]
    return raw([*parts, Part("xl/again.xml", b"\x03\x00", 0, at=0)])


def encrypted() -> bytes:
    """Return a workbook whose parts are marked as encrypted."""
    return raw([Part("[Content_Types].xml", b"\x03\x00", 0, flags=1), Part("xl/workbook.xml", b"\x03\x00", 0, flags=1)])
