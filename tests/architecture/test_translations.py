"""English is complete: no text without it, none half done, and what is compiled is what was written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from tests.architecture.test_sizes import ROOT, name, ours

ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES"
# A name filled in, a tag, a line break at either end: what a translation must have exactly as its original.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]+>|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A number with its measure word, and English that would speak of it as of several.
COUNTED = re.compile(r"%\(\w+\)[sd] (?:家|条|件|处|页|节|类|个字段)")
MANY = re.compile(r"%\(\w+\)[sd] [a-z]+s\b")
# A whole sentence, and right behind it, without a space, the next one.
FOLLOWED = re.compile(r'{% translate "([^"]*。)" %}(?:</b>)?(?={% (?:if|translate|blocktranslate))')
LITERAL = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
MARKED = re.compile(rf"\b(?:gettext|ngettext|_)\(\s*u?({LITERAL})", re.DOTALL)
MARKERS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(ENGLISH / "django.po"))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def originals(entry: polib.POEntry) -> list[str]:
    return [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]


def shape(text: str) -> tuple[set[str], bool, bool]:
    """Return what a text and its translation share: placeholders and tags, and line breaks at the ends."""
    return set(PLACEHOLDER.findall(text)), text.startswith("\n"), text.endswith("\n")


def in_templates() -> Iterator[tuple[str, str]]:
    """Yield every text that a template marks, as Django's own extraction reads templates, with its place."""
    for file in [*ours(".html"), *ours(".txt")]:
        if "templates" in file.parts:
            for literal in MARKED.findall(templatize(file.read_text(encoding="utf-8"), origin=name(file))):
                yield ast.literal_eval(literal), name(file)


def in_python() -> Iterator[tuple[str, str]]:
    """Yield every text that Python code marks, under whatever name the function was imported, with its place."""
    for file in ours(".py"):
        if "tests" in file.relative_to(ROOT).parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        marks = set(marks_of(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in marks:
                yield from ((text, f"{name(file)}:{node.lineno}") for text in constants(node.args[:1]))


def marks_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (alias.asname or alias.name for alias in node.names if alias.name in MARKERS)


def constants(args: list[ast.expr]) -> Iterator[str]:
    yield from (arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_every_text_has_its_english(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_a_translation_fills_in_what_its_original_fills_in(catalogue: polib.POFile) -> None:
    unlike = [
        (entry.msgid, text)
        for entry in catalogue
        for text in translations(entry)
        if shape(text) not in [shape(original) for original in originals(entry)]
    ]
    assert unlike == []


def test_english_quotes_chinese_only_as_an_example(catalogue: polib.POFile) -> None:
    chinese = [text for entry in catalogue for text in translations(entry) if CHINESE.search(text)]
    assert [text for text in chinese if "for example" not in text.lower()] == []


def test_english_counts_one_thing_as_one(catalogue: polib.POFile) -> None:
    counted = [entry for entry in catalogue if COUNTED.search(entry.msgid) and not entry.msgid_plural]
    assert counted, "the search itself has failed"
    assert [entry.msgid for entry in counted if MANY.search(entry.msgstr)] == []


def test_english_apostrophes_are_those_that_every_font_sets_narrow(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if "’" in entry.msgstr] == []


def test_english_sentences_that_stand_side_by_side_have_a_space_between_them(catalogue: polib.POFile) -> None:
    english = {entry.msgid: entry.msgstr for entry in catalogue}
    files = [file for file in ours(".html") if "templates" in file.parts]
    firsts = {text for file in files for text in FOLLOWED.findall(file.read_text(encoding="utf-8"))}
    assert firsts, "the search itself has failed"
    assert [text for text in firsts if not english[text].endswith(" ")] == []


def test_no_text_stands_in_the_catalogue_for_nothing(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


@pytest.mark.parametrize("marked", [in_templates, in_python])
def test_every_marked_text_stands_in_the_catalogue(marked, catalogue: polib.POFile) -> None:
    known = {entry.msgid for entry in catalogue}
    found = list(marked())
    assert len(found) > 100, "the extraction itself has failed"
    missing = {text: place for text, place in found if text and text not in known}
    assert missing == {}, "run `make messages`, translate what is new, and compile"


def test_what_is_compiled_is_what_was_written(catalogue: polib.POFile, tmp_path: Path) -> None:
    catalogue.save_as_mofile(str(tmp_path / "django.mo"))
    assert contents(tmp_path / "django.mo") == contents(ENGLISH / "django.mo")


def contents(compiled: Path) -> dict[str, list[str]]:
    return {entry.msgid: translations(entry) for entry in polib.mofile(str(compiled))}
