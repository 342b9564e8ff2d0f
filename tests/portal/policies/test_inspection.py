"""`policies check FILE` finds everything wrong with a pack at once: the corpus of bad packs."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.policies.inspection import Surroundings, inspect
from portal.policies.packs import PACKS_FOLDER, pack_files
from portal.policies.sections import surroundings

GUIZHOU = (PACKS_FOLDER / "guizhou-2022.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def around() -> Surroundings:
    return surroundings()


def swapped(old: str, new: str) -> str:
    assert GUIZHOU.count(old) >= 1, old
    return GUIZHOU.replace(old, new, 1)


CORPUS = {
    "a limit in words": (
        swapped("limit = { value = 3,", 'limit = { value = "三次",'),
        "complaints.counting.limit.value",
    ),
    "a limit of none": (swapped("limit = { value = 3,", "limit = { value = 0,"), "complaints.counting.limit.value"),
    "an amount as a float": (swapped('"500000.00"', "500000.00"), "subsidies.certifications[0].amount.value"),
    "an amount with a unit": (swapped('"500000.00"', '"50万元"'), "subsidies.certifications[0].amount.value"),
    "a negative amount": (swapped('"500000.00"', '"-500000.00"'), "subsidies.certifications[0].amount.value"),
    "a truth in quotes": (
        swapped("named_only = { value = true", 'named_only = { value = "true"'),
        "complaints.counting.named_only.value",
    ),
    "a mode nobody knows": (swapped('"certification_period"', '"certification"'), "complaints.counting.window.value"),
    "a value without a clause": (
        swapped('limit = { value = 3, clause = "GZ-27"', "limit = { value = 3"),
        "complaints.counting.limit.clause",
    ),
    "a bare value": (re.sub(r"limit = \{ value = 3.*", "limit = 3", GUIZHOU), "complaints.counting.limit"),
    "an unknown key": (swapped("limit = {", "limitt = {"), "complaints.counting.limitt"),
    "two titles of one name": (
        swapped('called = "市级创业孵化基地"', 'called = "县级创业孵化基地"'),
        "bases.titles[1].called",
    ),
    "a key missing": (re.sub(r"\nlimit = \{ value = 3.*", "", GUIZHOU), "complaints.counting.limit"),
    "an unknown section": (swapped("[complaints.counting]", "[complaint.counting]"), "complaint"),
    "a clause that does not exist": (
        swapped('clause = "GZ-36", assumed', 'clause = "GZ-63", assumed'),
        "assessments.cycle.rectification_days.clause",
    ),
    "a lone citation that does not exist": (
        swapped('renewal_clause = "GZ-35"', 'renewal_clause = "GZ-53"'),
        "assessments.cycle.renewal_clause",
    ),
    "a clause twice": (swapped('id = "GZ-02"', 'id = "GZ-01"'), "clauses[1].id"),
    "a clause left out": (re.sub(r'\[\[clauses\]\]\nid = "GZ-43"\n.*\n.*\n', "", GUIZHOU), "clauses.GZ-43"),
    "the last clause left out": (re.sub(r'\[\[clauses\]\]\nid = "GZ-45"\n.*\n.*\n', "", GUIZHOU), "clauses.GZ-45"),
    "an assumption without a reason": (
        re.sub(r'(rectification_days = .*?), because = ".*?"', r"\1", GUIZHOU),
        "assessments.cycle.rectification_days.because",
    ),
    "a question nobody asked": (
        swapped('ambiguity = "G-11"', 'ambiguity = "G-99"'),
        "assessments.cycle.rectification_days.ambiguity",
    ),
    "a title nobody has": (
        swapped('[assessments.cycle]\ntitle = "provincial"', '[assessments.cycle]\ntitle = "provincal"'),
        "assessments.cycle.title",
    ),
    "a ground twice": (swapped('ground = "fraud"', 'ground = "complaints"'), "bases.revocation.grounds[1].ground"),
    "a division nobody knows": (swapped('"520000"', '"529999"'), "policy.jurisdiction"),
    "a date in quotes": (
        swapped("issued_on = { value = 2022-07-22", 'issued_on = { value = "2022-07-22"'),
        "policy.issued_on.value",
    ),
    "a day that does not exist": (
        swapped("issued_on = { value = 2022-07-22", "issued_on = { value = 2022-02-30"),
        "第",
    ),
    "an unset value that must be set": (
        swapped("limit = { value = 3, clause", "limit = { unset = true, clause"),
        "complaints.counting.limit.unset",
    ),
    "a quotation mark forgotten": (
        swapped('title = "贵州省创业孵化示范基地质量提升实施方案"', 'title = "贵州省'),
        "第",
    ),
    "the same key twice": (swapped("clause_count = 45", "clause_count = 45\nclause_count = 45"), "第"),
    "the same territory and day": (swapped('id = "guizhou-2022"', 'id = "guizhou-2023"'), "policy.applies_from"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_each_bad_pack_is_told_at_its_place(tmp_path, around, name):
    text, place = CORPUS[name]
    path = tmp_path / "guizhou-2022.toml"
    path.write_text(text, encoding="utf-8")
    problems = inspect(path, around)
    assert any(problem.path.startswith(place) for problem in problems), problems
    assert all(problem.found and problem.expected and problem.fix for problem in problems)
    assert len(problems) <= 3, problems


def test_everything_wrong_is_told_at_once(tmp_path, around):
    text = GUIZHOU
    for name in ("a limit in words", "an amount as a float", "a lone citation that does not exist"):
        bad, _ = CORPUS[name]
        before, after = next(
            (old, new) for old, new in zip(GUIZHOU.splitlines(), bad.splitlines(), strict=True) if old != new
        )
        text = text.replace(before, after, 1)
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    assert {problem.path for problem in inspect(path, around)} == {
        "complaints.counting.limit.value",
        "subsidies.certifications[0].amount.value",
        "assessments.cycle.renewal_clause",
    }


def test_a_misspelt_key_is_told_with_the_word_that_was_meant(tmp_path, around):
    path = tmp_path / "bad.toml"
    path.write_text(CORPUS["an unknown key"][0], encoding="utf-8")
    assert "是否想写 limit？" in inspect(path, around)[0].fix


def test_the_overlap_names_both_packs(tmp_path, around):
    path = tmp_path / "bad.toml"
    path.write_text(CORPUS["the same territory and day"][0], encoding="utf-8")
    (problem,) = inspect(path, around)
    assert "guizhou-2022" in problem.found
    assert "guizhou-2023" in problem.found


def test_a_later_pack_of_the_same_territory_takes_over_and_is_no_error(tmp_path, around):
    text = CORPUS["the same territory and day"][0].replace(
        "applies_from = { value = 2022-07-22", "applies_from = { value = 2027-01-01", 1
    )
    path = tmp_path / "next.toml"
    path.write_text(text, encoding="utf-8")
    assert inspect(path, around) == []


def test_a_division_that_ended_before_the_policy_began_is_told(tmp_path):
    ended = Surroundings([], divisions={"520000": date(2020, 1, 1)})
    (problem,) = inspect(PACKS_FOLDER / "guizhou-2022.toml", ended)
    assert "2020-01-01" in problem.found


@pytest.mark.parametrize("path", pack_files(), ids=lambda path: path.stem)
def test_every_installed_pack_is_fit_to_load(path: Path, around):
    assert inspect(path, around) == []


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe[policy]", "政策".encode("gbk"), b"= = =", b"[policy", b"\x00"])
def test_rubbish_is_told_in_words(tmp_path, around, raw):
    path = tmp_path / "rubbish.toml"
    path.write_bytes(raw)
    problems = inspect(path, around)
    assert problems
    assert all(problem.found and problem.expected and problem.fix for problem in problems)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_no_change_of_a_line_makes_the_check_stumble(tmp_path, around, data):
    lines = GUIZHOU.splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.sampled_from(["", "[x", "[[clauses]]", "a = 1", "value", "{ value = 3 }"]))
    value = data.draw(
        st.sampled_from(["3", "[]", "{}", "true", "nan", "2022-07-22", "[{}]", "{ value = [], clause = 1 }"])
    )
    key, equals, _ = lines[place].partition(" = ")
    lines[place] = f"{key} = {value}" if equals and data.draw(st.booleans()) else other
    path = tmp_path / "changed.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert all(problem.found and problem.expected and problem.fix for problem in inspect(path, around))
