"""A city fills only what its province left open."""

import shutil
from datetime import date

import pytest

from complaints.rules import ComplaintPolicy
from portal.policies.inspection import inspect
from portal.policies.packs import PACKS_FOLDER, all_packs
from portal.policies.problems import PackError
from portal.policies.sections import surroundings
from portal.policies.timeline import pack_at
from subsidies.rules import SubsidyPolicy

DAY = date(2026, 11, 23)
CITY = """
[policy]
id = "guiyang-2024"
title = "贵阳市补充办法（示例）"
short_title = "贵阳市补充办法"
jurisdiction = "520100"
supplements = "guizhou-2022"
lead = { value = "人力资源和社会保障部门", clause = "GY-01" }
issuer = { unset = true, clause = "GY-01" }
doc_number = { unset = true, clause = "GY-01" }
issued_on = { unset = true, clause = "GY-01" }
applies_from = { value = 2024-01-01, clause = "GY-01" }
applies_until = { unset = true, clause = "GY-01" }
clause_count = 1

[[clauses]]
id = "GY-01"
article = "全文"
summary = "示例：市级另给一次性补助。"

[[subsidies.certifications]]
award = "city_award"
name = "市级一次性补助"
title = "city"
amount = { value = "100000.00", clause = "GY-01" }
stopped_by_revocation = { value = false, clause = "GY-01" }
"""
CONFLICT = """
[complaints.counting]
limit = { value = 5, clause = "GY-01" }
"""


@pytest.fixture
def folder(tmp_path, settings):
    copied = tmp_path / "policies"
    shutil.copytree(PACKS_FOLDER, copied)
    settings.POLICY_PACKS = copied
    return copied


def written(folder, text: str = CITY):
    path = folder / "guiyang-2024.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_city_adds_what_the_province_does_not_have_and_keeps_the_rest(folder):
    path = written(folder)
    assert inspect(path, surroundings()) == []
    pack = pack_at(all_packs(folder).values(), "520103", DAY)
    assert pack.id == "guiyang-2024"
    assert pack.section(ComplaintPolicy).counting.limit.value == 3
    awards = [award.award for award in pack.section(SubsidyPolicy).certifications]
    assert awards == ["provincial_award", "national_award", "city_award"]
    assert list(pack.clauses) == ["GY-01"]
    assert "GZ-27" in pack.sources


def test_other_cities_stay_under_the_province_alone(folder):
    written(folder)
    assert pack_at(all_packs(folder).values(), "520200", DAY).id == "guizhou-2022"


def test_a_value_that_both_set_is_an_error_that_names_both(folder):
    path = written(folder, CITY + CONFLICT)
    (problem,) = inspect(path, surroundings())
    assert problem.path == "complaints.counting.limit"
    assert "guiyang-2024 写 value = 5" in problem.found
    assert "guizhou-2022 已写 value = 3" in problem.found
    with pytest.raises(PackError, match="guiyang-2024"):
        all_packs(folder)


def test_the_same_value_again_is_no_conflict(folder):
    path = written(folder, CITY + CONFLICT.replace("value = 5", "value = 3"))
    assert inspect(path, surroundings()) == []


def test_what_the_province_left_unset_the_city_may_fill(folder):
    province = folder / "guizhou-2022.toml"
    text = province.read_text(encoding="utf-8")
    old = text[text.index("calls_per_year = {") :].split("\n")[0]
    province.write_text(text.replace(old, 'calls_per_year = { unset = true, clause = "GZ-31" }'), encoding="utf-8")
    filled = """
[[applications.procedures]]
title = "provincial"
calls_per_year = { value = 2, clause = "GY-01" }
"""
    path = written(folder, CITY + filled)
    assert inspect(path, surroundings()) == []
    procedure = all_packs(folder)["guiyang-2024"].tables["applications"]["procedures"][0]
    assert procedure["calls_per_year"]["value"] == 2


def test_a_supplement_needs_the_policy_of_a_place_above(folder):
    path = written(folder, CITY.replace('"guizhou-2022"', '"guizou-2022"'))
    problems = inspect(path, surroundings())
    assert problems[0].path == "policy.supplements"
    assert "guizhou-2022" in problems[0].fix


def test_a_whole_policy_below_one_of_the_same_days_is_an_error_that_names_both(folder):
    text = (folder / "template.toml").read_text(encoding="utf-8").replace("example = true\n", "")
    path = folder / "guiyang-2026.toml"
    path.write_text(text.replace('id = "template"', 'id = "guiyang-2026"').replace('"000000"', '"520100"'))
    (problem,) = inspect(path, surroundings())
    assert "guiyang-2026" in problem.found
    assert "guizhou-2022" in problem.found


def test_a_supplement_falls_with_the_policy_it_supplements(folder):
    written(folder)
    text = (folder / "guizhou-2022.toml").read_text(encoding="utf-8")
    text = text.replace('id = "guizhou-2022"', 'id = "guizhou-2027"')
    text = text.replace("applies_from = { value = 2022-07-22", "applies_from = { value = 2027-01-01")
    (folder / "guizhou-2027.toml").write_text(text, encoding="utf-8")
    packs = all_packs(folder).values()
    assert pack_at(packs, "520103", date(2026, 12, 31)).id == "guiyang-2024"
    assert pack_at(packs, "520103", date(2027, 1, 1)).id == "guizhou-2027"
