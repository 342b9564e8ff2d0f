"""What an officer reads of calls, and of a post in the demo, is what the level really does under its policy."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from portal.rehearsal.demo.posts import note_of
from tests.factories.cast import cast_at
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
PUBLISHES = "起草后出现在您的待我办理，由您审核发布"
COUNTIES = {  # each with the levels that publish calls under its policy, and the county's step
    "540102": ("自治区级、市级", "县（区）推荐"),
    "650102": ("自治区级", "县（市、区）推荐"),
    "520103": ("省级、市级", "县（市、区）推荐"),
    "150602": ("市级", "旗（区）推荐"),
    "330402": ("市级", "县（市、区）推荐"),
}


def _calls(sign_in: SignIn, capacity: Capacity) -> str:
    return sign_in(capacity).get(reverse("applications:calls")).content.decode()


@pytest.mark.parametrize("code", COUNTIES)
def test_a_county_that_never_certifies_is_not_told_that_its_approver_publishes_calls(
    code: str, sign_in: SignIn
) -> None:
    county = cast_at(code).county
    levels, step = COUNTIES[code]
    shown = _calls(sign_in, officer("李县审", county, Role.APPROVER))
    assert PUBLISHES not in shown
    assert f"{county.name}不认定称号，也不发布申报通知；{levels}主管部门发布的，这里可以看到。" in shown
    assert f"到了“{step}”，由经办岗办理" in shown
    assert "由您同意后才发出" in shown
    assert "由您同意后才发出" not in _calls(sign_in, officer("李县办", county, Role.CASEWORKER))


def test_where_a_level_certifies_its_approver_reads_that_calls_are_published_there(sign_in: SignIn) -> None:
    shown = _calls(sign_in, cast_at("540102").city_approver)
    assert PUBLISHES in shown
    assert "不认定称号" not in shown


@pytest.mark.parametrize("code", COUNTIES)
def test_a_demo_approver_of_a_county_is_not_said_to_certify(code: str) -> None:
    found = cast_at(code)
    assert note_of(found.county, Role.APPROVER) == "同意再次补正的清单、维护机关信息和地方节假日"
    assert COUNTIES[code][1] in note_of(found.county, Role.CASEWORKER)
    assert "公示" not in note_of(found.county, Role.CASEWORKER)
    certifying = found.province if code in {"540102", "650102", "520103"} else found.city
    assert note_of(certifying, Role.APPROVER).startswith("发布申报通知、批准或不予认定、")
    assert "确认或变更政策里标“假定”的内容" in note_of(certifying, Role.APPROVER)
    assert note_of(certifying, Role.AUDITOR) == ""


def test_no_note_of_a_post_is_longer_than_the_sign_in_page_holds() -> None:
    for code in COUNTIES:
        found = cast_at(code)
        for place in (found.county, found.city):
            assert all(len(note_of(place, role)) <= 120 for role in (Role.CASEWORKER, Role.APPROVER))
