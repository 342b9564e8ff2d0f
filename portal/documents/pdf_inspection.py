"""What a PDF carries besides pages. Run as a program of its own with little memory and time, on one file.

A PDF can be built to swell without end or to loop; whatever happens here ends this process and nothing else. Prints
one line of JSON: pages, and what was found. Needs neither Django nor the portal.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf

MEMORY = 1024**3
SECONDS = 20
MOST_OBJECTS = 300_000
ACTIVE = {
    "/JavaScript": "JavaScript 脚本",
    "/JS": "JavaScript 脚本",
    "/Launch": "启动外部程序的动作（Launch）",
    "/EmbeddedFile": "嵌入的附件",
    "/EmbeddedFiles": "嵌入的附件",
    "/FileAttachment": "嵌入的附件",
    "/RichMedia": "富媒体（RichMedia）",
    "/XFA": "动态表单（XFA）",
    "/ImportData": "导入数据的动作",
    "/SubmitForm": "向外提交表单的动作",
    "/GoToE": "跳转到嵌入文件的动作",
    "/GoToR": "跳转到外部文件的动作",
}
CARRIED = {"/EF", "/AF"}  # keys of embedded and associated files; the same words may name a font or a colour
DEEPEST = 20


def inspect(path: str) -> dict[str, Any]:
    """Return `pages` and `found` (names of active parts), or `error`: encrypted, broken or crowded."""
    try:
        with pikepdf.open(path) as document:
            if document.is_encrypted:
                return {"error": "encrypted"}
            if len(document.objects) > MOST_OBJECTS:
                return {"error": "crowded"}
            found = sorted({ACTIVE[key] for thing in document.objects for key in _active(thing)})
            return {"pages": len(document.pages), "found": found}
    except pikepdf.PasswordError:
        return {"error": "encrypted"}
    except (pikepdf.PdfError, RuntimeError, ValueError, OSError, RecursionError, MemoryError):
        return {"error": "broken"}


def _active(thing: Any, depth: int = 0) -> Iterator[str]:
    """Yield the names of active parts in an object and what is written directly inside it.

    Raises ValueError for what is written deeper than any program would: nothing may hide there.
    """
    if depth > DEEPEST:
        raise ValueError("written too deep")
    within: list[Any] = []
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in thing.items():
            yield from _said(key, value)
            within.append(value)
    elif isinstance(thing, pikepdf.Array):
        within = list(thing)
    for value in within:
        if not (isinstance(value, pikepdf.Object) and value.is_indirect):
            yield from _active(value, depth + 1)


def _said(key: str, value: Any) -> Iterator[str]:
    """Yield what one entry of a dictionary says to be there: by its key, or as kind of the whole."""
    if key in ACTIVE:
        yield key
    if key in CARRIED and _carries(value):
        yield "/EmbeddedFile"
    if key in {"/S", "/Subtype", "/Type"} and isinstance(value, pikepdf.Name) and str(value) in ACTIVE:
        yield str(value)


def _carries(value: Any) -> bool:
    """Whether the value of such a key holds files: streams by name, or descriptions of files."""
    things = value if isinstance(value, pikepdf.Array) else [value]
    for thing in things:
        if isinstance(thing, pikepdf.Dictionary) and (
            "/EF" in thing or any(isinstance(part, pikepdf.Stream) for part in thing.values())
        ):
            return True
    return False


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.write(json.dumps(inspect(sys.argv[1])))
