"""What the handbooks and the README say is what the screens and packs have."""

import re
import tomllib
from pathlib import Path

import pytest

from bases.states import PUBLIC, Standing
from portal.policies.entries import APP_SECTIONS
from portal.web.views import HANDBOOKS as HANDBOOKS_BY_ROLE
from tests.architecture.test_sizes import ROOT

HANDBOOKS = sorted((ROOT / "templates" / "web").glob("help_*.html"))
COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}


def awards_in(raw: object) -> list[str]:
    """Return the codes of all awards in the tables of a pack."""
    if isinstance(raw, dict):
        own = [raw["award"]] if "award" in raw else []
        return own + [code for item in raw.values() for code in awards_in(item)]
    return [code for item in raw for code in awards_in(item)] if isinstance(raw, list) else []


def test_the_states_of_a_certificate_are_those_a_verified_page_can_show() -> None:
    text = (ROOT / "templates" / "web" / "help_public.html").read_text(encoding="utf-8")
    said = re.search(r"今天的状态：([^。]+)。", text)
    assert said is not None
    assert said[1].split("、") == [str(Standing(state).label) for state in PUBLIC]


@pytest.mark.parametrize("file", HANDBOOKS, ids=lambda file: file.stem)
def test_a_handbook_sends_nobody_to_what_is_not_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    missing = ("同事是否正在看", "在“我的基地”里下载", "在哪里用", "从哪天起执行")
    assert [words for words in missing if words in text] == []


@pytest.mark.parametrize(
    ("handbook", "chapter", "pages"),
    [
        ("operator", "走到哪一步了", ["applications/overview", "applications/_letters"]),
        ("public", "反映服务没有兑现", ["applications/public_home", "bases/public_base"]),
    ],
)
def test_a_handbook_quotes_what_stands_on_the_page_it_speaks_of(handbook: str, chapter: str, pages: list[str]) -> None:
    templates = ROOT / "templates"
    said = (templates / "web" / f"help_{handbook}.html").read_text(encoding="utf-8").partition(chapter)[2]
    quoted = re.findall("“([^”]+)”", said.partition("</section>")[0])
    shown = "".join((templates / f"{page}.html").read_text(encoding="utf-8") for page in pages)
    assert quoted
    assert [words for words in quoted if words not in shown] == []


def test_the_handbook_lets_a_batch_go_on_notice_in_parts() -> None:
    """As the portal does: whoever is through the review need not wait for the rest (`publish_notice`)."""
    said = (ROOT / "templates" / "web" / "help_province.html").read_text(encoding="utf-8")
    assert "一次发布公示" not in said
    assert "同一批次可以分几次公示" in said


def test_the_readme_counts_the_subsidies_of_ordos() -> None:
    pack = tomllib.loads((ROOT / "fixtures" / "policies" / "ordos-2022.toml").read_text(encoding="utf-8"))
    awards = {code for section in APP_SECTIONS for code in awards_in(pack.get(section, {}))}
    assert f"{COUNTS[len(awards)]} subsidies" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_handbook_is_named_after_what_one_does_not_after_a_level() -> None:
    """Whether a city or a province grants a title is for its policy to say."""
    assert [str(title) for title in HANDBOOKS_BY_ROLE.values() if re.search("[省市县]", str(title))] == []


@pytest.mark.parametrize("file", ["web/home", "web/help_public", "applications/public_home", "bases/public_base"])
def test_whoever_types_the_number_of_a_certificate_is_told_that_the_name_goes_with_it(file: str) -> None:
    text = (ROOT / "templates" / f"{file}.html").read_text(encoding="utf-8")
    sentences = [said for said in re.findall(r'translate "([^"]+)"', text) if "证书编号" in said and "输入" in said]
    assert sentences
    assert [said for said in sentences if "证书编号和名称" not in said] == []
