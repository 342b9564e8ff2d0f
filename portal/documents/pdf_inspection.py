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
    "/RichMedia": "富媒体（RichMedia）",
    "/XFA": "动态表单（XFA）",
    "/ImportData": "导入数据的动作",
    "/SubmitForm": "向外提交表单的动作",
    "/GoToE": "跳转到嵌入文件的动作",
    "/GoToR": "跳转到外部文件的动作",
}


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
    """Yield the names of active parts in an object and what is written directly inside it."""
    if depth > 20:
        return
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in thing.items():
            if key in ACTIVE:
                yield key
            if key in {"/S", "/Subtype", "/Type"} and isinstance(value, pikepdf.Name) and str(value) in ACTIVE:
                yield str(value)
            if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                yield from _active(value, depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                yield from _active(value, depth + 1)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.write(json.dumps(inspect(sys.argv[1])))
