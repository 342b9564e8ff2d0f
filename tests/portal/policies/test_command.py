"""`manage.py policies`, and the system check behind it."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from django.utils.module_loading import import_string

from portal.policies.checks import packs_are_sound
from portal.policies.coverage import Declared, coverage, read_declared
from portal.policies.entries import entries
from portal.policies.packs import PACKS_FOLDER, all_packs
from portal.policies.problems import PackError
from portal.policies.wording import wording

CLAUSE_IDS = (Path(__file__).parent / "clause_ids.txt").read_text().split()


def run(*words: str) -> str:
    out = StringIO()
    call_command("policies", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    copied = tmp_path / "policies"
    shutil.copytree(PACKS_FOLDER, copied)
    settings.POLICY_PACKS = copied
    return copied


def test_list_names_every_pack():
    assert [line.split("\t")[0] for line in run("list").splitlines()] == sorted(all_packs())


def test_show_prints_every_clause_and_owns_up_to_assumptions():
    page = run("show", "guizhou-2022")
    assert all(f"{clause}  " in page for clause in all_packs()["guizhou-2022"].clauses)
    assert "assessments.cycle.rectification_days = 90（假定 G-11）" in page


def test_show_of_an_unknown_pack_lists_the_known_ones():
    with pytest.raises(CommandError, match="guizhou-2022"):
        run("show", "guizhou")


def test_targets_lists_the_codes():
    lines = run("targets", "jiaxing-2013").splitlines()
    assert len(lines) == 23
    assert lines[0].startswith("city_bases\t≥ 100 家\t2015-12-31\tJX-16\t")


def test_check_passes_the_installed_packs_and_the_template():
    paths = [str(path) for path in PACKS_FOLDER.glob("*-20*.toml")] + [str(PACKS_FOLDER / "template.toml")]
    assert run("check", *paths).count("通过") == 6


def test_check_prints_each_problem_and_fails(folder):
    path = folder / "ordos-2022.toml"
    path.write_text(path.read_text().replace('"5000.00"', '"五千元"'))
    out = StringIO()
    with pytest.raises(CommandError, match="2 处问题"):
        call_command("policies", "check", str(path), stdout=out)
    assert "subsidies.incubation.amount.value" in out.getvalue()
    assert "现为：“五千元”" in out.getvalue()
    assert "应为：加引号的十进制数" in out.getvalue()
    assert "办法：只写数字和小数点" in out.getvalue()


def test_check_of_a_missing_file_says_so():
    with pytest.raises(CommandError, match="1 处问题"):
        run("check", "nowhere.toml")


def test_coverage_accounts_for_exactly_the_170_clauses():
    lines = [line.split("\t") for line in run("coverage").splitlines()]
    assert sorted(line[0] for line in lines if len(line) == 3) == sorted(CLAUSE_IDS)
    assert "共 170 条" in lines[-1][0]
    assert "没有着落 0 条" in lines[-1][0]


def test_coverage_fails_while_a_clause_is_unaccounted_for(folder):
    path = folder / "coverage.toml"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "GZ-13" not in line))
    with pytest.raises(CommandError, match="GZ-13"):
        run("coverage")


def test_coverage_refuses_a_clause_that_no_policy_has():
    with pytest.raises(PackError, match="GZ-99"):
        coverage(all_packs().values(), {"GZ-99": Declared(open="某项能力")})


def test_coverage_refuses_an_empty_declaration(folder):
    (folder / "coverage.toml").write_text("[clauses]\nGZ-01 = { by = [] }\n")
    with pytest.raises(PackError, match="GZ-01"):
        read_declared(folder)


def url_names(resolver, prefix: str = "") -> set[str]:
    names = {f"{prefix}{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    for namespace, (_, inner) in resolver.namespace_dict.items():
        names |= url_names(inner, f"{prefix}{namespace}:")
    return names


@pytest.mark.parametrize("named", sorted({name for said in read_declared(PACKS_FOLDER).values() for name in said.by}))
def test_what_is_said_to_implement_a_clause_exists(named):
    if ":" in named:
        assert named in url_names(get_resolver())
    else:
        assert import_string(named)


def test_the_system_check_passes_and_names_what_is_wrong(folder):
    assert packs_are_sound() == []
    path = folder / "tibet-2019.toml"
    path.write_text(path.read_text().replace('clause = "XZ-13"', 'clause = "XZ-93"', 1))
    messages = packs_are_sound()
    assert messages
    assert "tibet-2019.toml" in messages[0].msg


def test_every_value_of_every_pack_has_a_chinese_label():
    for pack in all_packs(with_template=True).values():
        bare = [entry.path for entry in entries(pack.tables) if wording().label(entry.path).isascii()]
        assert bare == [], bare


def test_a_broken_pack_loads_nothing_at_all(folder):
    path = folder / "ordos-2022.toml"
    path.write_text(path.read_text().replace("[policy]", "[polcy]"))
    with pytest.raises(CommandError):
        run("list")
