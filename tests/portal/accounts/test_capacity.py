"""In what capacity: switched, resolved cheaply, lost at once; a stand-in has the hands of two."""

import datetime

import pytest
from django.urls import reverse

from portal.accounts.actions import delegate, end_delegations, revoke_delegation
from portal.accounts.capacity import Capacity, capacities, capacity_by_key
from portal.accounts.models import Delegation
from portal.accounts.people import people_representing
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from portal.errors import DomainError, NotAllowed
from tests.factories.cast import Cast
from tests.factories.people import officer, person, place, post, representative

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 23)
WEEK = datetime.timedelta(days=7)


@pytest.fixture
def colleague(cast: Cast) -> Capacity:
    return officer("钱同事", cast.county.code)


def stand_in(cast: Cast, colleague: Capacity, **changes: object) -> Delegation:
    given = {"to": colleague.user, "starts_on": DAY, "ends_on": DAY + WEEK, "reason": "出差"}
    return delegate(cast.county_caseworker.membership, **{**given, **changes}, by=cast.county_caseworker, on=DAY)


@pytest.mark.parametrize("part", ["county_caseworker", "wang"])
def test_the_chosen_capacity_costs_one_query(cast: Cast, part: str, django_assert_num_queries) -> None:
    capacity = cast.capacities()[part]
    capacity_by_key(capacity.user, capacity.key, DAY)
    with django_assert_num_queries(1):
        found = capacity_by_key(capacity.user, capacity.key, DAY)
        assert found.label
        assert found.title
        assert found.people
        if found.kind == "officer":
            assert found.jurisdiction.prefix


def test_a_stand_ins_capacity_costs_one_query_too(cast: Cast, colleague: Capacity, django_assert_num_queries) -> None:
    key = f"delegate:{stand_in(cast, colleague).pk}"
    with django_assert_num_queries(1):
        assert capacity_by_key(colleague.user, key, DAY).label == "钱同事（代赵县办） · 云岩区 经办岗"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "officer:",
        "officer:x",
        "officer:999999",
        "operator:1e9",
        "nonsense:1",
        "delegate:0",
        "officer:²",
        f"officer:{10**18}",
    ],
)
def test_a_made_up_key_gives_nothing(cast: Cast, key: str) -> None:
    assert capacity_by_key(cast.county_caseworker.user, key, DAY) is None


def test_one_persons_capacity_is_not_anothers(sign_in, cast: Cast) -> None:
    client = sign_in(cast.wang)
    for key in (cast.approver.key, "officer:²", f"officer:{10**30}"):
        assert client.post(reverse("accounts:switch"), {"capacity": key}).status_code == 404
    assert capacity_by_key(cast.wang.user, cast.approver.key, DAY) is None


def test_one_switches_between_posts(sign_in, cast: Cast) -> None:
    second = post(cast.county_caseworker.user, cast.city.code, Role.APPROVER)
    client = sign_in(cast.county_caseworker)
    page = client.get(reverse("accounts:choose")).content.decode()
    assert "贵阳市 · 审批岗" in page
    client.post(reverse("accounts:switch"), {"capacity": f"officer:{second.pk}"})
    assert client.session["capacity"] == f"officer:{second.pk}"


def test_an_officer_moved_to_another_county_finds_the_old_one_gone_in_the_same_session(sign_in, cast: Cast) -> None:
    client = sign_in(cast.system_admin)
    url = reverse("accounts:person", args=[cast.county_caseworker.user_id])
    assert client.get(url).status_code == 200
    membership = cast.system_admin.membership
    membership.jurisdiction = place("530000")
    membership.save()
    assert client.get(url).status_code == 404


def test_a_stand_in_acts_in_the_post_until_the_last_day(cast: Cast, colleague: Capacity) -> None:
    stand_in(cast, colleague)

    def posts(day: datetime.date) -> list[str]:
        return [capacity.title for capacity in capacities(colleague.user, day)]

    assert posts(DAY) == ["云岩区 · 经办岗", "云岩区 · 经办岗（代赵县办）"]
    assert posts(DAY + WEEK) == posts(DAY)
    assert posts(DAY + WEEK + datetime.timedelta(days=1)) == ["云岩区 · 经办岗"]
    assert posts(DAY - datetime.timedelta(days=1)) == ["云岩区 · 经办岗"]


def test_a_stand_in_has_the_hands_of_both(cast: Cast, colleague: Capacity) -> None:
    stand_in(cast, colleague)
    acting = capacities(colleague.user, DAY)[1]
    assert acting.people == {colleague.user_id, cast.county_caseworker.user_id}
    assert acting.user_id == colleague.user_id
    assert cast.wang.people == {cast.wang.user_id}


def test_a_delegation_taken_back_is_gone_at_once(sign_in, cast: Cast, colleague: Capacity) -> None:
    given = stand_in(cast, colleague)
    revoke_delegation(given, by=cast.county_caseworker, on=DAY)
    assert len(capacities(colleague.user, DAY)) == 1
    with pytest.raises(DomainError, match="已于"):
        revoke_delegation(given, by=cast.county_caseworker, on=DAY)


def test_a_post_that_ends_takes_its_delegation_along(cast: Cast, colleague: Capacity) -> None:
    stand_in(cast, colleague)
    membership = cast.county_caseworker.membership
    membership.valid_to = DAY - datetime.timedelta(days=1)
    membership.save()
    assert len(capacities(colleague.user, DAY)) == 1


def test_the_end_is_recorded_once_however_late_the_job_runs(cast: Cast, colleague: Capacity) -> None:
    stand_in(cast, colleague)
    assert end_delegations(on=DAY + WEEK) == []
    assert len(end_delegations(on=DAY + 3 * WEEK)) == 1
    assert end_delegations(on=DAY + 3 * WEEK) == []
    assert AuditEvent.objects.filter(verb="delegation.ended").count() == 1


def test_only_ones_own_post_is_delegated_and_never_onwards(cast: Cast, colleague: Capacity) -> None:
    post_of_zhao = cast.county_caseworker.membership
    with pytest.raises(NotAllowed):
        delegate(post_of_zhao, to=colleague.user, starts_on=DAY, ends_on=DAY, reason="x", by=colleague, on=DAY)
    stand_in(cast, colleague)
    acting = capacities(colleague.user, DAY)[1]
    third = officer("第三人", cast.county.code)
    with pytest.raises(NotAllowed, match="不能再转委托"):
        delegate(post_of_zhao, to=third.user, starts_on=DAY, ends_on=DAY, reason="x", by=acting, on=DAY)


def test_administrators_posts_are_not_delegated(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="管理员岗位不能委托"):
        delegate(
            cast.system_admin.membership,
            to=cast.approver.user,
            starts_on=DAY,
            ends_on=DAY,
            reason="x",
            by=cast.system_admin,
            on=DAY,
        )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"starts_on": DAY - WEEK}, "已过"),
        ({"ends_on": DAY - WEEK}, "早于起始日"),
        ({"ends_on": DAY + 14 * WEEK}, "最多委托 90 天"),
    ],
)
def test_wrong_days_are_refused_in_words(cast: Cast, colleague: Capacity, changes: dict, says: str) -> None:
    with pytest.raises(DomainError, match=says):
        stand_in(cast, colleague, **changes)
    assert not Delegation.objects.exists()


def test_a_stand_in_comes_from_the_same_bureau_and_days_do_not_overlap(cast: Cast, colleague: Capacity) -> None:
    with pytest.raises(DomainError, match="现任办件岗位的其他工作人员"):
        stand_in(cast, cast.neighbour)
    stand_in(cast, colleague)
    with pytest.raises(DomainError, match="日期有重叠"):
        stand_in(cast, officer("另一位", cast.county.code), starts_on=DAY + WEEK, ends_on=DAY + 2 * WEEK)
    later = DAY + WEEK + datetime.timedelta(days=1)
    stand_in(cast, officer("又一位", cast.county.code), starts_on=later, ends_on=later)


def test_the_screens_of_a_stand_in(sign_in, cast: Cast, colleague: Capacity, time_machine) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00")
    zhao, qian = sign_in(cast.county_caseworker), sign_in(colleague)
    url = reverse("accounts:delegate", args=[cast.county_caseworker.membership.pk])
    form = {"delegate": colleague.user_id, "starts_on": "2026-11-23", "ends_on": "2026-11-30", "reason": "出差"}
    assert qian.get(url).status_code == 404, "not somebody else's post"
    assert "早于" in zhao.post(url, {**form, "ends_on": "2026-11-01"}).content.decode()
    assert zhao.post(url, form).url == reverse("accounts:delegations")
    given = Delegation.objects.get()
    assert "代办中" in qian.get(reverse("accounts:delegations")).content.decode()
    qian.post(reverse("accounts:switch"), {"capacity": f"delegate:{given.pk}"})
    assert "代赵县办" in qian.get(reverse("accounts:me")).content.decode()
    assert sign_in(cast.neighbour).post(reverse("accounts:revoke_delegation", args=[given.pk])).status_code == 404
    zhao.post(reverse("accounts:revoke_delegation", args=[given.pk]))
    assert "代赵县办" not in qian.get(reverse("accounts:me")).content.decode()


def test_a_grant_to_represent_ends_with_its_cause(cast: Cast) -> None:
    someone = representative("临时", cast.operator)
    assert someone.user in people_representing(cast.operator)
    someone.user.is_active = False
    someone.user.save()
    assert someone.user not in people_representing(cast.operator)


def test_a_person_without_post_or_operator_is_told_so(sign_in, cast: Cast) -> None:
    nobody = Capacity(kind="visitor", user=person("无岗"))
    page = sign_in(nobody).get(reverse("accounts:me")).content.decode()
    assert "没有任何岗位" in page
