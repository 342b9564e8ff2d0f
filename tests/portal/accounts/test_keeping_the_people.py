"""Who keeps a bureau's people: never nobody; whom they find; what they and those concerned are told."""

import datetime

import pytest
from django.urls import reverse

from portal.accounts.actions import confirm_post, deactivate_person, delegate, end_post, propose_post
from portal.accounts.models import User
from portal.accounts.people import stand_ins_for
from portal.accounts.roles import Role
from portal.deadlines.today import business_today
from portal.errors import DomainError, NotAllowed
from portal.notifications.models import Notification
from tests.factories.cast import Cast
from tests.factories.people import officer, person, post

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 23)
WEEK = datetime.timedelta(days=7)


@pytest.mark.parametrize("part", ["system_admin", "security_admin"])
def test_the_last_who_appoints_at_a_bureau_cannot_go(cast: Cast, part: str) -> None:
    last = cast.capacities()[part].membership
    User.objects.filter(pk=last.user_id).update(region_code=cast.province.code)
    last.user.refresh_from_db()
    with pytest.raises(DomainError, match="最后一位"):
        end_post(last, because="调离", by=cast.system_admin, on=DAY)
    with pytest.raises(DomainError, match="最后一位"):
        deactivate_person(last.user, because="离职", by=cast.system_admin, on=DAY)
    officer("接任者", cast.province.code, last.role)
    assert end_post(last, because="调离", by=cast.system_admin, on=DAY).state(DAY) == "ended"


def test_whoever_is_covered_by_an_administrator_above_may_go(cast: Cast) -> None:
    below = post(person("县系统"), cast.county.code, Role.SYSTEM_ADMIN)
    assert end_post(below, because="调离", by=cast.system_admin, on=DAY).state(DAY) == "ended"


def test_one_whose_login_is_closed_keeps_nobody(cast: Cast) -> None:
    away = officer("已离职", cast.province.code, Role.SYSTEM_ADMIN).user
    User.objects.filter(pk=away.pk).update(is_active=False)
    with pytest.raises(DomainError, match="最后一位系统管理员"):
        end_post(cast.system_admin.membership, because="调离", by=cast.system_admin, on=DAY)


def test_an_administrator_finds_the_people_of_the_operators_of_the_territory(sign_in, cast: Cast) -> None:
    listed = sign_in(cast.system_admin).get(reverse("accounts:people"), {"of": "operators"}).content.decode()
    assert "王运营" in listed
    assert "陈旁人" not in listed  # their operator lies in another province
    assert sign_in(cast.system_admin).get(reverse("accounts:person", args=[cast.wang.user_id])).status_code == 200


def test_a_search_for_people_that_finds_nobody_says_so(sign_in, cast: Cast) -> None:
    page = sign_in(cast.system_admin).get(reverse("accounts:people"), {"q": "查无此人"}).content.decode()
    assert "没有“查无此人”" in page
    assert "<table" not in page


def test_a_post_that_ended_on_its_first_day_tells_who_ended_it_and_why(sign_in, cast: Cast) -> None:
    today = business_today()
    short = post(person("短任", region_code=cast.county.code), cast.county.code, Role.CASEWORKER, valid_from=today)
    end_post(short, because="提错了人", by=cast.system_admin, on=today)
    page = sign_in(cast.system_admin).get(reverse("accounts:person", args=[short.user_id])).content.decode()
    assert "当日结束" in page
    assert f"{cast.system_admin.label} 结束岗位" in page
    assert "原因：提错了人" in page


def test_security_administrators_are_told_of_a_post_that_waits(cast: Cast) -> None:
    nearer = officer("市安全", cast.city.code, Role.SECURITY_ADMIN)
    propose_post(person("新来"), at=cast.county, role=Role.CASEWORKER, valid_from=DAY, by=cast.system_admin, on=DAY)
    told = Notification.objects.filter(kind="post.proposed")
    assert [each.recipient for each in told] == [nearer.user]  # the nearest bureau that has one
    assert told[0].url == reverse("accounts:proposals")


def test_a_security_administrator_looks_up_posts_of_now_and_of_before(sign_in, cast: Cast) -> None:
    left = post(person("已调离"), cast.county.code, Role.CASEWORKER)
    end_post(left, because="调离", by=cast.system_admin, on=business_today())
    client = sign_in(cast.security_admin)
    held = client.get(reverse("accounts:proposals"), {"of": "held"}).content.decode()
    past = client.get(reverse("accounts:proposals"), {"of": "past"}).content.decode()
    assert "赵县办" in held
    assert "已调离" not in held
    assert "已调离" in past
    assert "赵县办" not in past


def test_whoever_is_asked_to_stand_in_is_told_and_sees_it_on_their_desk(sign_in, cast: Cast) -> None:
    colleague, today = officer("钱同事", cast.county.code), business_today()
    zhao = cast.county_caseworker
    delegate(
        zhao.membership, to=colleague.user, starts_on=today, ends_on=today + WEEK, reason="出差", by=zhao, on=today
    )
    told = Notification.objects.get(kind="delegation.given")
    assert told.recipient == colleague.user
    assert "出差" in told.body
    assert "您受托代赵县办" in sign_in(colleague).get(reverse("desk:worklist")).content.decode()
    assert "您受托代" not in sign_in(zhao).get(reverse("desk:worklist")).content.decode()


def test_whoever_only_supervises_neither_stands_in_nor_has_a_stand_in(sign_in, cast: Cast) -> None:
    watcher = officer("县监督", cast.county.code, Role.AUDITOR)
    zhao, watched = cast.county_caseworker, watcher.membership
    assert watcher.user not in stand_ins_for(zhao.membership, DAY)
    with pytest.raises(DomainError, match="办件岗位"):
        delegate(zhao.membership, to=watcher.user, starts_on=DAY, ends_on=DAY, reason="出差", by=zhao, on=DAY)
    with pytest.raises(NotAllowed, match="监督岗"):
        delegate(watched, to=zhao.user, starts_on=DAY, ends_on=DAY, reason="出差", by=watcher, on=DAY)
    page = sign_in(watcher).get(reverse("accounts:delegations")).content.decode()
    assert reverse("accounts:delegate", args=[watched.pk]) not in page


def test_a_confirmed_post_counts_towards_who_appoints(cast: Cast) -> None:
    new = propose_post(person(), at=cast.province, role=Role.SYSTEM_ADMIN, valid_from=DAY, by=cast.system_admin, on=DAY)
    with pytest.raises(DomainError, match="最后一位"):  # only proposed, it keeps nobody yet
        end_post(cast.system_admin.membership, because="换人", by=cast.system_admin, on=DAY)
    confirm_post(new, by=cast.security_admin, on=DAY)
    end_post(cast.system_admin.membership, because="换人", by=cast.system_admin, on=DAY)
