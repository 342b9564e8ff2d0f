"""Rules are plain Python and know no policy: what differs between policies comes from the packs."""

import ast
from pathlib import Path

import pytest

from portal.rehearsal.laws import known_awards, laws

ROOT = Path(__file__).resolve().parents[3]
APPS = ("bases", "applications", "assessments", "complaints", "subsidies")
RULES = [path for app in APPS for path in sorted([*ROOT.glob(f"{app}/rules.py"), *ROOT.glob(f"{app}/rules/*.py")])]
# Words that are also facts, columns or kinds, not only titles: `base` is the object of the whole law.
PLAIN_WORDS = {"base", "platform"}


def strings_of(tree: ast.Module) -> set[str]:
    """Return every string constant that is no docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


def test_every_app_has_rules() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in RULES} == set(APPS)


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_rule_knows_a_policy_a_title_or_a_clause(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    strings = strings_of(ast.parse(source))
    titles = {title for law in laws().values() for title in law.titles} - PLAIN_WORDS
    regions = {pack.split("-")[0] for pack in laws()}
    clauses = {clause for law in laws().values() for clause in law.pack.clauses}
    # "county" and "city" are levels of administration as well as titles; a level is no title.
    levels = {"county", "city"}
    assert not strings & ((titles - levels) | known_awards() | set(laws()))
    assert not [word for word in regions | clauses if any(word in text for text in strings)]
    assert not [region for region in regions if region in source.lower()]


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_import_neither_django_nor_the_clock_nor_the_database(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in imported if name.split(".")[0] in {"django", "celery", "time", "msgspec"}]
    assert not [name for name in imported if name in {"portal.deadlines.today", "portal.deadlines.calendar"}]
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not calls & {"today", "now", "objects"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_function_of_the_law_fits_on_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 25, f"{path.name}: {node.name}"
