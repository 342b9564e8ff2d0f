"""The house's limits: files of 400 lines, functions of 40, functions of rules of 25, templates of 150."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_LINES, TEMPLATE_LINES = 400, 150
FUNCTION_LINES, RULE_LINES = 40, 25


def ours(suffix: str) -> list[Path]:
    """Return our files of one kind; migrations are written by Django, var/ and hidden folders are not ours."""
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(".") and top.name != "var"]
    files = [file for top in tops for file in ([top] if top.is_file() else top.rglob(f"*{suffix}"))]
    return [file for file in files if file.suffix == suffix and "migrations" not in file.parts]


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a file and its length in lines, from its `def` to its end."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name(file)}:{node.lineno} {node.name}", span(node)


def span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_python_file_is_longer_than_400_lines() -> None:
    assert {name(file): lines(file) for file in ours(".py") if lines(file) > FILE_LINES} == {}


def test_no_template_is_longer_than_150_lines() -> None:
    assert {name(file): lines(file) for file in ours(".html") if lines(file) > TEMPLATE_LINES} == {}


def test_no_function_is_longer_than_40_lines_and_no_rule_than_25() -> None:
    too_long = {}
    for file in ours(".py"):
        limit = RULE_LINES if file.name == "rules.py" and "tests" not in file.parts else FUNCTION_LINES
        too_long |= {where: length for where, length in functions(file) if length > limit}
    assert too_long == {}
