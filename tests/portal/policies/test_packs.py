"""The five packs are whole; a broken file is refused whole, with every problem named."""

from datetime import date
from pathlib import Path

import pytest

from portal.policies.ambiguities import all_ambiguities
from portal.policies.entries import at, entries, replaced
from portal.policies.packs import PACKS_FOLDER, all_packs, compose, load_pack, parse
from portal.policies.problems import PackError

PROVINCES = {"52": "贵州", "65": "新疆", "54": "西藏", "33": "浙江", "15": "内蒙古"}

CLAUSE_IDS = (Path(__file__).parent / "clause_ids.txt").read_text().split()
JURISDICTIONS = {
    "guizhou-2022": "520000",
    "xinjiang-2015": "650000",
    "tibet-2019": "540000",
    "jiaxing-2013": "330400",
    "ordos-2022": "150600",
}


def test_the_five_source_policies_are_installed_for_their_territories():
    assert {pack.id: pack.jurisdiction for pack in all_packs().values()} == JURISDICTIONS


def test_the_packs_hold_exactly_the_170_clauses_of_the_sources():
    held = [clause for pack in all_packs().values() for clause in pack.clauses]
    assert len(CLAUSE_IDS) == 170
    assert sorted(held) == sorted(CLAUSE_IDS)


def test_every_cited_clause_exists_in_its_pack():
    for pack in all_packs().values():
        assert [entry.path for entry in entries(pack.tables) if entry.clause not in pack.citable()] == []


def test_every_assumption_says_why_and_names_a_known_question():
    for pack in all_packs().values():
        for entry in entries(pack.tables):
            if entry.assumed:
                assert entry.raw.get("because"), entry.path
            if "ambiguity" in entry.raw:
                assert entry.raw["ambiguity"] in all_ambiguities(), entry.path


def test_no_policy_rests_on_a_document_of_another_province_or_on_its_words():
    for pack in all_packs().values():
        others = tuple(name for code, name in PROVINCES.items() if not pack.jurisdiction.startswith(code))
        assert [law.title for law in pack.sources.values() if law.title.startswith(others)] == [], pack.id
        reasons = [entry.raw.get("because", "") for entry in entries(pack.tables)]
        assert ["市（州）" in reason and "贵州" in others for reason in reasons].count(True) == 0, pack.id


def test_document_numbers_that_the_sources_do_not_print_stay_empty():
    numbers = {pack.id: pack.head.doc_number.value for pack in all_packs().values()}
    assert numbers.pop("ordos-2022") == "鄂府办发〔2022〕151号"
    assert set(numbers.values()) == {None}
    assert all_packs()["tibet-2019"].issued_on.value is None


def test_a_plan_applies_from_its_date_and_ordos_to_the_end_of_2025():
    packs = all_packs()
    assert packs["guizhou-2022"].applies_from.value == date(2022, 7, 22)
    assert packs["xinjiang-2015"].applies_from.value == date(2015, 4, 16)
    ordos = packs["ordos-2022"]
    assert not ordos.applies_on(date(2022, 10, 23))
    assert ordos.applies_on(date(2022, 10, 24))
    assert ordos.applies_on(date(2025, 12, 31))
    assert not ordos.applies_on(date(2026, 1, 1))
    assert {pack.applies_from.assumed for pack in packs.values()} == {True}


def test_no_summary_repeats_a_sentence_of_a_source_with_its_quotation_marks():
    for pack in all_packs().values():
        for clause in pack.clauses.values():
            assert "「" not in clause.summary
            assert len(clause.summary) <= 90


def good() -> str:
    return (PACKS_FOLDER / "ordos-2022.toml").read_text(encoding="utf-8")


BROKEN = {
    "unclosed": (good() + '\nbad = "\n', "第"),
    "no_policy": (good().replace("[policy]", "[politics]"), "politics"),
    "unknown_top": (good() + "\n[subsidy]\n", "subsidy"),
    "clause_twice": (good().replace('id = "ER-02"', 'id = "ER-01"'), "clauses[1].id"),
    "clause_missing": (good().replace('id = "ER-34"', 'id = "ER-35"'), "clauses.ER-34"),
    "clause_shape": (good().replace('id = "ER-02"', 'id = "ER2"'), "clauses[1].id"),
    "no_summary": (good().replace("summary = ", "sumary = ", 1), "clauses[0].sumary"),
    "cited_nowhere": (
        good().replace('value = 3000, clause = "ER-02"', 'value = 3000, clause = "ER-99"'),
        "targets[0].goal.clause",
    ),
    "cited_in_head": (
        good().replace(
            'doc_number = { value = "鄂府办发〔2022〕151号", clause = "ER-01"',
            'doc_number = { value = "鄂府办发〔2022〕151号", clause = "XX-01"',
        ),
        "policy.doc_number.clause",
    ),
    "target_twice": (good().replace('"jobs_created"', '"startups_supported"'), "targets[1].indicator"),
    "dates_reversed": (
        good().replace('value = 2025-12-31, clause = "ER-01"', 'value = 2020-12-31, clause = "ER-01"'),
        "policy.applies_until",
    ),
    "bad_date": (good().replace("issued_on = { value = 2022-10-24", "issued_on = { value = 2022-13-24"), "第"),
    "quoted_date": (
        good().replace("issued_on = { value = 2022-10-24", 'issued_on = { value = "2022-10-24"'),
        "policy.issued_on.value",
    ),
    "short_code": (good().replace('"150600"', '"1506"'), "policy.jurisdiction"),
    "empty": ("", "policy"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pack_never_loads_half(tmp_path, name):
    text, place = BROKEN[name]
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert caught.value.source == "broken.toml"
    assert any(problem.path.startswith(place) for problem in caught.value.problems), caught.value.problems
    assert all(problem.found and problem.expected and problem.fix for problem in caught.value.problems)


def test_broken_toml_is_located_by_line_and_column():
    with pytest.raises(PackError) as caught:
        parse('[policy]\nid = "x\n')
    assert caught.value.path.startswith("第 2 行第")


def test_a_file_in_another_encoding_is_located_by_line(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes('[policy]\nid = "x"\ntitle = "方案"\n'.encode("gbk"))
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert caught.value.path == "第 3 行"
    assert "UTF-8" in caught.value.expected


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "bom.toml"
    path.write_text("\ufeff" + good(), encoding="utf-8")
    assert load_pack(path).id == "ordos-2022"


def test_a_folder_or_a_missing_file_is_said_in_words(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere.toml"):
        with pytest.raises(PackError) as caught:
            load_pack(path)
        assert caught.value.fix


def test_two_files_of_one_id_are_refused(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(good(), encoding="utf-8")
    with pytest.raises(PackError, match=r"a\.toml"):
        all_packs(tmp_path)


def test_a_missing_section_is_named():
    class Nothing:
        SECTION = "nothing"

    with pytest.raises(PackError, match="nothing"):
        all_packs()["guizhou-2022"].section(Nothing)


def test_a_value_can_be_found_and_replaced_by_its_path():
    pack = all_packs()["ordos-2022"]
    paths = [entry.path for entry in entries(pack.tables)]
    assert len(paths) == len(set(paths))
    other = replaced(pack.tables, "targets[0].goal", {"value": 1, "clause": "ER-02"})
    assert compose(other, pack.path).targets[0].goal.value == 1
    assert at(pack.tables, "targets[0].goal")["value"] == 3000
    with pytest.raises(KeyError):
        at(pack.tables, "targets[99].goal")
