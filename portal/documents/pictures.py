"""Photographs and scans: measured by their header, then drawn anew, so that only the picture itself is kept."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import Image, ImageFile, ImageOps

from portal.documents.refusals import Refused

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 20_000
PREVIEW_SIDE = 640
Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and is held before anything is decoded
FORMATS = {"jpg": "JPEG", "png": "PNG"}
MODES = {"JPEG": {"RGB", "L"}, "PNG": {"RGB", "RGBA", "L", "LA", "P", "1", "I;16"}}
# What a second format hidden behind a picture begins with: anywhere behind it, or right behind it.
FOREIGN = (b"%pdf-", b"<script", b"<?php", b"<html", b"<svg", b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
FOREIGN_AT_ONCE = (b"mz", b"\x7felf", b"#!", b"pk\x03\x04")
START_OF_SCAN = 0xDA


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, and a small copy to look at."""

    content: bytes
    preview: bytes


def redraw(path: Path, name: str, suffix: str) -> Picture:
    """Return the picture drawn anew without EXIF, position or hidden data, turned the right way up.

    Raises Refused for one that is too large, broken, or hides another format behind it.
    """
    _refuse_foreign(path, name, suffix)
    try:
        with _whole_only(), Image.open(path, formats=[FORMATS[suffix]]) as picture:
            _check_size(picture.size, name)
            return _drawn(picture, FORMATS[suffix])
    except Refused:
        raise
    except Exception:  # a decoder met with a made-up header raises whatever it likes, struct.error and KeyError too
        raise Refused(
            name, found="图片已损坏或不完整", expected="要能正常打开的图片", fix="请重新拍摄或另存为 JPG 后上传"
        ) from None


@contextmanager
def _whole_only() -> Iterator[None]:
    """Have Pillow refuse what ends too early: WeasyPrint, once imported, lets it pass in the whole process."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS or max(size) > LONGEST_SIDE:
        raise _too_large(name, f"图片为 {width:,} × {height:,} 像素")


def _too_large(name: str, found: str) -> Refused:
    return Refused(
        name,
        found=found,
        expected="不超过 4,000 万像素、长边不超过 20,000 像素",
        fix="请缩小后另存再上传",
    )


def _drawn(picture: Image.Image, form: str) -> Picture:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in MODES[form]:
        upright = upright.convert("RGBA" if form == "PNG" and "A" in upright.getbands() else "RGB")
    upright.info = {"transparency": upright.info["transparency"]} if "transparency" in upright.info else {}
    content = io.BytesIO()
    upright.save(content, form, **({"quality": 90} if form == "JPEG" else {}))
    small = upright.convert("RGB")
    small.info = {}
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    preview = io.BytesIO()
    small.save(preview, "JPEG", quality=80)
    return Picture(content.getvalue(), preview.getvalue())


def _refuse_foreign(path: Path, name: str, suffix: str) -> None:
    """Refuse a picture behind whose end another format begins. Harmless trailers of phones fall away when redrawn."""
    with path.open("rb") as file:
        try:
            (_skip_jpeg if suffix == "jpg" else _skip_png)(file)
        except (EOFError, ValueError):
            return  # truncated: Pillow says so
        behind = file.read().lower()
    hidden = any(sign in behind for sign in FOREIGN) or behind.lstrip(b"\0\r\n\t ").startswith(FOREIGN_AT_ONCE)
    if hidden or zipfile.is_zipfile(path):
        raise Refused(
            name,
            found="图片结尾之后夹带了其他格式的数据",
            expected="只能是一张图片",
            fix="请用看图软件打开另存一份再上传",
        )


def _skip_png(file: IO[bytes]) -> None:
    """Move to the end of the picture: the byte after chunk IEND."""
    file.seek(8)
    while True:
        head = file.read(8)
        if len(head) < 8:
            raise EOFError
        file.seek(int.from_bytes(head[:4]) + 4, io.SEEK_CUR)
        if head[4:] == b"IEND":
            return


def _skip_jpeg(file: IO[bytes]) -> None:
    """Move to the end of the picture: the byte after the first end marker that follows the start of the scan."""
    file.seek(2)
    while True:
        mark = file.read(4)
        if len(mark) < 4 or mark[0] != 0xFF:
            raise EOFError
        if mark[1] == START_OF_SCAN:
            break
        file.seek(int.from_bytes(mark[2:]) - 2, io.SEEK_CUR)
    start = file.tell()
    end = file.read().find(b"\xff\xd9")
    if end < 0:
        raise EOFError
    file.seek(start + end + 2)
