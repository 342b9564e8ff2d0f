"""Who is told: officers of a desk with a permission, people behind an operator."""

import datetime

import pytest

from portal.accounts.models import Delegation
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission, Role
from tests.factories.cast import Cast
from tests.factories.people import officer

DAY = datetime.date(2026, 11, 23)


def test_officers_of_a_desk_are_those_with_the_permission_at_that_very_bureau(cast: Cast) -> None:
    assert officers_at(cast.county, Permission.GIVE_OPINION, DAY) == [cast.county_caseworker.user]
    assert officers_at(cast.county, Permission.APPROVE, DAY) == []
    assert officers_at(cast.province, Permission.APPROVE, DAY) == [cast.approver.user]


def test_a_stand_in_is_told_during_the_absence_only(cast: Cast) -> None:
    colleague = officer("代办人", cast.county.code, Role.APPROVER).user
    Delegation.objects.create(
        membership=cast.county_caseworker.membership,
        delegate=colleague,
        starts_on=DAY,
        ends_on=DAY + datetime.timedelta(days=2),
        reason="出差",
        created_by=cast.county_caseworker.user,
    )
    assert colleague in officers_at(cast.county, Permission.GIVE_OPINION, DAY)
    assert colleague not in officers_at(cast.county, Permission.GIVE_OPINION, DAY + datetime.timedelta(days=3))


def test_nobody_who_left_or_is_disabled_is_told(cast: Cast) -> None:
    post = cast.county_caseworker.membership
    post.valid_to = DAY - datetime.timedelta(days=1)
    post.save()
    assert officers_at(cast.county, Permission.GIVE_OPINION, DAY) == []
    cast.approver.user.is_active = False
    cast.approver.user.save()
    assert officers_at(cast.province, Permission.APPROVE, DAY) == []


def test_people_of_an_operator_are_those_granted_to_represent_it(cast: Cast) -> None:
    assert people_representing(cast.operator) == [cast.wang.user]


@pytest.mark.parametrize("part", ["county_caseworker", "approver", "auditor"])
def test_every_part_of_the_cast_has_one_capacity(cast: Cast, part: str) -> None:
    assert cast.capacities()[part].kind == "officer"
