"""The conditions of every title of every pack: in Chinese on the officer's page, and the same as the call announces."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from applications import dossier
from applications.letters import call_notice
from applications.models import Application, Call, Submission
from applications.rules import ApplicationPolicy, conditions
from applications.views.conditions import Condition, conditions_of
from applications.views.for_public import conditions_to_meet
from bases.rules import BasePolicy
from portal.policies.packs import Pack, all_packs
from portal.policies.schema import Value
from tests.factories import dossiers
from tests.factories.people import place

pytestmark = pytest.mark.django_db


def _titles() -> Iterator[tuple[str, str]]:
    for pack in all_packs().values():
        for procedure in pack.section(ApplicationPolicy).procedures:
            yield pack.id, procedure.title


TITLES = sorted(_titles())
PACKS = {each.id: each for each in all_packs().values()}


def _answers(pack: Pack, *, met: bool) -> dict[str, dict[str, Any]]:
    """Return answers that meet every condition of the pack, or none."""
    lists = pack.section(ApplicationPolicy).lists
    rules = dossier.choices_of(dossier.section("team").field("rule_documents"), lists)
    has = {code: met for code in ("independent_operator", "service_team", "service_standard", "staff_listed")}
    return {
        "unit": {"government_developed": True},
        "team": has | {"rule_documents": [code for code, _name in rules] if met else []},
        "premises": {
            "built_area": "3000",
            "free_area": "1500" if met else "100",
            "facilities": [code for code, _name in dossier.FACILITIES] if met else [],
        },
        "tenants": {"tenants": 50, "student_founded": 25 if met else 1},
    }


def _lines(pack: Pack, title: str, *, met: bool) -> list[Condition]:
    """Return the lines of a case whose snapshot holds the findings of the whole pack, as those kept before do."""
    findings = conditions(dossier.facts(_answers(pack, met=met)), pack.section(ApplicationPolicy).eligibility)
    kept = [each._asdict() for each in findings]
    application = Application(policy=pack.id, title=title, first_submitted_on=dossiers.FILED)
    return conditions_of(application, Submission(findings={"findings": kept}), live=False)


@pytest.mark.parametrize("met", [True, False], ids=["met", "unmet"])
@pytest.mark.parametrize(("pack", "title"), TITLES)
def test_no_condition_shows_a_word_of_the_program(pack: str, title: str, met: bool) -> None:
    for line in _lines(PACKS[pack], title, met=met):
        assert not re.search("[A-Za-z_]", f"{line.name}{line.required}{line.found}{line.word}"), line


@pytest.mark.parametrize(("pack", "title"), TITLES)
def test_case_call_and_letter_name_the_same_conditions(pack: str, title: str) -> None:
    found, opens = PACKS[pack], dossiers.moment(dossiers.OPENED)
    at = {"opens_at": opens, "closes_at": opens, "published_on": dossiers.OPENED, "year": 2026}
    call = Call(title=title, policy=pack, jurisdiction=place(found.jurisdiction), **at)
    rules = found.section(ApplicationPolicy).eligibility
    named = {rule.name for rule in rules.shares} | {rule.name for rule in rules.checklists}
    case = {line.name for line in _lines(found, title, met=True)} & named
    page = "\n".join(row["text"] for row in conditions_to_meet(found, call))
    letter = "\n".join(block.text for block in call_notice(call).body)
    assert case == {name for name in named if name in page} == {name for name in named if name in letter}


def test_the_share_of_student_firms_is_a_condition_of_the_student_park_alone() -> None:
    asked = {
        title: [line.name for line in _lines(PACKS["ordos-2022"], title, met=True)]
        for title in ("park", "student_park")
    }
    students = "高校毕业生和在校生创办的在孵企业占比"  # ER-24
    assert students not in asked["park"]
    assert students in asked["student_park"]


def test_a_share_is_written_as_a_percentage_without_idle_zeros() -> None:
    (line,) = [each for each in _lines(PACKS["ordos-2022"], "park", met=True) if each.name == "免费场地占比"]
    assert (line.required, line.found) == ("不低于 30%", "50%")


def test_what_a_checklist_lacks_is_said_to_be_lacking() -> None:
    lines = {each.name: each for each in _lines(PACKS["tibet-2019"], "centre_region", met=False)}
    assert lines["独立运营机构和服务团队"].required == "独立运营机构、服务团队"
    assert lines["独立运营机构和服务团队"].found == "缺：独立运营机构、服务团队"


@pytest.mark.parametrize(("pack", "title"), TITLES)
def test_what_the_register_was_asked_is_told_with_what_was_found_and_never_as_a_rule_of_another_clause(
    pack: str, title: str
) -> None:
    lines = {line.name: line for line in _lines(PACKS[pack], title, met=True)}
    assert lines["暂停申报"].found == "没有查到现在有效的暂停申报"
    assert lines["已有称号"].found == "没有查到有效的同一称号"
    for line in (lines["暂停申报"], lines["已有称号"]):
        assumed = isinstance(line.clause, Value) and line.clause.assumed
        assert assumed == ("政策没有" in line.required), "a clause that only sets up the title rules nothing of it"
    if needed := lines.get("前置认定"):
        assert any(f"“{each.label}”" in needed.required for each in PACKS[pack].section(BasePolicy).titles)
