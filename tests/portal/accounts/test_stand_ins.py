"""A stand-in acts from a post of their own: without one the delegation gives nothing."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.actions import confirm_post, delegate, end_post, propose_post
from portal.accounts.capacity import Capacity, capacities, capacity_by_key
from portal.accounts.models import Delegation, Membership, User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission, Role
from portal.errors import DomainError, NotAllowed
from tests.factories.cast import Cast
from tests.factories.people import officer, person, post

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 23)
WEEK = datetime.timedelta(days=7)


@pytest.fixture
def colleague(cast: Cast) -> Capacity:
    return officer("钱同事", cast.county.code)


@pytest.fixture
def given(cast: Cast, colleague: Capacity) -> Delegation:
    zhao = cast.county_caseworker
    return delegate(
        zhao.membership, to=colleague.user, starts_on=DAY, ends_on=DAY + WEEK, reason="出差", by=zhao, on=DAY
    )


def test_who_lost_their_own_post_stands_in_for_nobody(cast: Cast, colleague: Capacity, given: Delegation) -> None:
    Membership.objects.filter(pk=colleague.membership.pk).update(valid_to=DAY - datetime.timedelta(days=1))
    assert capacities(colleague.user, DAY) == []
    assert capacity_by_key(colleague.user, f"delegate:{given.pk}", DAY) is None
    assert officers_at(cast.county, Permission.GIVE_OPINION, DAY) == [cast.county_caseworker.user]


def test_a_stand_in_may_not_do_what_the_holder_of_the_post_may_not_either(
    cast: Cast, colleague: Capacity, given: Delegation
) -> None:
    zhao = cast.county_caseworker
    Membership.objects.filter(pk=colleague.membership.pk).update(role=Role.APPROVER)
    assert officers_at(cast.county, Permission.RECORD_VISIT, DAY) == [zhao.user, colleague.user]
    assert officers_at(cast.county, Permission.RECORD_VISIT, DAY, without={zhao.user_id}) == []


def test_a_post_at_another_bureau_does_not_make_a_stand_in(cast: Cast, colleague: Capacity, given: Delegation) -> None:
    Membership.objects.filter(pk=colleague.membership.pk).update(jurisdiction=cast.city)
    assert capacity_by_key(colleague.user, f"delegate:{given.pk}", DAY) is None


def test_ending_a_post_ends_the_delegations_its_holder_received(
    cast: Cast, colleague: Capacity, given: Delegation
) -> None:
    end_post(colleague.membership, because="调离", by=cast.system_admin, on=DAY)
    given.refresh_from_db()
    assert given.revoked_on == DAY


def test_a_delegation_stays_while_its_stand_in_keeps_another_post_at_the_bureau(
    cast: Cast, colleague: Capacity, given: Delegation
) -> None:
    post(colleague.user, cast.county.code, Role.APPROVER)
    end_post(colleague.membership, because="换岗", by=cast.system_admin, on=DAY)
    given.refresh_from_db()
    assert given.revoked_on is None
    assert capacity_by_key(colleague.user, f"delegate:{given.pk}", DAY) is not None


def test_nobody_becomes_an_administrator_while_standing_in_for_case_work(
    cast: Cast, colleague: Capacity, given: Delegation
) -> None:
    Membership.objects.filter(pk=colleague.membership.pk).update(valid_to=DAY - datetime.timedelta(days=1))
    wanted = {"at": cast.county, "role": Role.AUDIT_ADMIN, "by": cast.system_admin, "on": DAY}
    with pytest.raises(NotAllowed, match="代赵县办办理"):
        propose_post(colleague.user, valid_from=DAY, **wanted)
    propose_post(colleague.user, valid_from=given.ends_on + datetime.timedelta(days=1), **wanted)


def test_who_is_to_be_an_administrator_in_that_time_cannot_be_asked_to_stand_in(
    cast: Cast, colleague: Capacity
) -> None:
    Membership.objects.filter(pk=colleague.membership.pk).update(valid_to=DAY)
    post(colleague.user, cast.county.code, Role.AUDIT_ADMIN, valid_from=DAY + WEEK)
    zhao = cast.county_caseworker
    days = {"starts_on": DAY, "reason": "出差", "by": zhao, "on": DAY}
    with pytest.raises(NotAllowed, match="管理员不能代办"):
        delegate(zhao.membership, to=colleague.user, ends_on=DAY + WEEK, **days)
    delegate(zhao.membership, to=colleague.user, ends_on=DAY + datetime.timedelta(days=6), **days)


def test_a_post_whose_time_has_passed_cannot_be_confirmed(cast: Cast) -> None:
    waiting = propose_post(
        person(), at=cast.county, role=Role.CASEWORKER, valid_from=DAY, valid_to=DAY, by=cast.system_admin, on=DAY
    )
    with pytest.raises(DomainError, match="期间已过"):
        confirm_post(waiting, by=cast.security_admin, on=DAY + WEEK)


def test_an_absent_officer_chooses_among_those_who_may_stand_in_each_with_their_posts(
    sign_in, cast: Cast, colleague: Capacity
) -> None:
    post(colleague.user, cast.county.code, Role.APPROVER)
    officer("孔系统", cast.county.code, Role.SYSTEM_ADMIN)
    away = officer("曹停用", cast.county.code)
    User.objects.filter(pk=away.user_id).update(is_active=False)
    url = reverse("accounts:delegate", args=[cast.county_caseworker.membership.pk])
    page = sign_in(cast.county_caseworker).get(url).content.decode()
    chosen = re.findall(r"<option[^>]*>([^<]+)</option>", page)
    assert chosen == ["请选择", "钱同事（审批岗、经办岗）"]


def test_an_administrator_of_the_same_bureau_is_refused_for_being_one(cast: Cast) -> None:
    admin = officer("孔系统", cast.county.code, Role.SYSTEM_ADMIN)
    zhao = cast.county_caseworker
    with pytest.raises(NotAllowed, match=f"孔系统在这段时间任{cast.county.name}“系统管理员”"):
        delegate(zhao.membership, to=admin.user, starts_on=DAY, ends_on=DAY, reason="出差", by=zhao, on=DAY)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_the_page_proposes_is_written_so_that_a_date_field_takes_it(
    sign_in, cast: Cast, time_machine, language: str
) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00")
    client = sign_in(cast.county_caseworker)
    client.cookies["django_language"] = language
    page = client.get(reverse("accounts:delegate", args=[cast.county_caseworker.membership.pk])).content.decode()
    assert re.search(r'<input type="text" name="starts_on" value="2026-11-23"', page)


def test_an_empty_delegation_is_answered_on_the_page_like_any_other_form(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    assert cast.county_caseworker.membership is not None
    client = sign_in(cast.county_caseworker)
    address = reverse("accounts:delegate", args=[cast.county_caseworker.membership.pk])
    empty = client.get(address).content.decode()
    assert 'type="date"' not in empty
    assert re.search(r'<form[^>]* method="post" novalidate', empty)
    page = client.post(address, {"starts_on": "明天"}).content.decode()
    summary = page.partition('id="errors-title"')[2].partition("</ul>")[0]
    assert [part.partition('"')[0] for part in summary.split('href="#id_')[1:]] == [
        "delegate",
        "starts_on",
        "ends_on",
        "reason",
    ]
    assert "没有“明天”这一天，写成 2026-11-30 这样。" in summary
    assert "请填写结束日期（含当日）。" in summary
