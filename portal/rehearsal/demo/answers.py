"""What the demo's operators write: plausible, different from base to base, labelled as demo data."""

import random
from typing import Any

from applications.choices import FACILITIES
from applications.rules import ApplicationPolicy

Lists = dict[str, list[str]]


def answers(name: str, policy: ApplicationPolicy) -> dict[str, dict[str, Any]]:
    """Return answers for a base that pass every check; the same name always gets the same ones."""
    draw = random.Random(name)
    listed: Lists = {each.list: [item.code for item in each.items] for each in policy.lists}
    tenants = draw.randint(32, 76)
    return {
        "unit": _unit(name, draw, listed),
        "team": _team(draw, listed),
        "premises": _premises(tenants, draw, listed),
        "tenants": _tenants(tenants, draw, listed),
    }


def _unit(name: str, draw: random.Random, listed: Lists) -> dict[str, Any]:
    return {
        "legal_form": "company",
        "established_on": f"{draw.randint(2016, 2020)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}",
        "main_business": "yes",
        "opened_on": f"{draw.randint(2021, 2022)}-0{draw.randint(1, 9)}-01",
        "host_park_type": _first(listed.get("host_park_types")),
        "formation_mode": _first(listed.get("formation_modes")),
        "owner_type": draw.choice(["state", "private", "school"]),
        "government_developed": "no",
        "contact_name": "演示联系人",
        "contact_phone": "13900000000",
        "summary": f"{name}依托周边院校和制造企业，为青年创业者提供场地、辅导和融资对接。演示数据。",
    }


def _team(draw: random.Random, listed: Lists) -> dict[str, Any]:
    return {
        "full_time_staff": str(draw.randint(6, 14)),
        "qualified_staff": str(draw.randint(3, 6)),
        "mentors": str(draw.randint(10, 24)),
        "independent_operator": "yes",
        "service_team": "yes",
        "service_standard": "yes",
        "staff_listed": "yes",
        "rule_documents": listed.get("rule_documents", []),
    }


def _premises(tenants: int, draw: random.Random, listed: Lists) -> dict[str, Any]:
    built = draw.randint(36, 90) * 100
    return {
        "premises_right": "lease",
        "lease_ends": "2031-12-31",
        "built_area": str(built),
        "incubation_area": str(round(built * draw.uniform(0.7, 0.9))),
        "free_area": str(round(built * 0.32)),
        "capacity": str(tenants + draw.randint(4, 20)),
        "facilities": [code for code, _name in FACILITIES],
        "services": listed.get("services", [])[:4],
        "features": "与本地职业院校共建实训区，入驻团队首年免设备使用费。",
    }


def _tenants(tenants: int, draw: random.Random, listed: Lists) -> dict[str, Any]:
    students = round(tenants * draw.uniform(0.5, 0.7))
    exited = draw.randint(14, 40)
    graduated = round(exited * draw.uniform(0.6, 0.85))
    return {
        "tenants": str(tenants),
        "student_founded": str(students),
        "key_group_founded": str(min(tenants, students + 6)),
        "jobs": str(tenants * draw.randint(4, 7)),
        "graduated": str(graduated),
        "exited": str(exited),
        "utilisation": f"{draw.uniform(82, 97):.1f}",
        "events": str(draw.randint(8, 30)),
        "key_groups": listed.get("beneficiary_groups", [])[:3],
    }


def _first(codes: list[str] | None) -> str:
    return codes[0] if codes else ""
