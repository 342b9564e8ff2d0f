"""PDFs as they come in: whole, readable by everybody, and nothing but pages."""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from portal.documents import pdf_inspection
from portal.documents.refusals import Refused

MOST_PAGES = 500
SECONDS = 30
MOST_KNOWN = 512
_known: dict[bytes, dict[str, Any]] = {}  # the same file brought in again is not opened again
TAIL = 64 * 1024
REPRINT = "请打开文件，选“打印”并存为 PDF 后再上传"


def inspect_pdf(path: Path, name: str) -> int:
    """Return the number of pages. Raises Refused for a PDF that is broken, encrypted, active, or hides another file."""
    _check_end(path, name)
    answer = _asked(path)
    if answer.get("error") == "encrypted":
        raise Refused(
            name, found="PDF 加了密码", expected="要不用密码就能打开的 PDF", fix="请去掉密码或重新打印为 PDF 再上传"
        )
    if "error" in answer:
        raise Refused(name, found="PDF 已损坏或结构异常，打不开", expected="要能正常打开的 PDF", fix=REPRINT)
    if answer["found"]:
        what = "、".join(answer["found"])
        raise Refused(name, found=f"PDF 里有{what}", expected="只收不带脚本、动作和附件的 PDF", fix=REPRINT)
    pages: int = answer["pages"]
    if not 1 <= pages <= MOST_PAGES:
        raise Refused(name, found=f"PDF 有 {pages} 页", expected=f"要有 1 至 {MOST_PAGES} 页", fix="请拆分后分别上传")
    return pages


def _check_end(path: Path, name: str) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        tail = file.read()
    place = tail.rfind(b"%%EOF")
    if place < 0:
        raise Refused(name, found="PDF 不完整，缺少结尾", expected="要完整的 PDF", fix="请重新导出或下载完整后再上传")
    if tail[place + 5 :].strip(b"\0\r\n\t \x1a") or zipfile.is_zipfile(path):
        raise Refused(name, found="PDF 结尾之后夹带了其他数据", expected="只能是一份 PDF", fix=REPRINT)


def _asked(path: Path) -> dict[str, Any]:
    """Return what the inspecting program says; a crash or a time-out counts as broken."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    if digest in _known:
        return _known[digest]
    command = [sys.executable, "-I", pdf_inspection.__file__, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"error": "broken"}
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[digest] = answer
    return answer
