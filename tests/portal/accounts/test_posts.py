"""Posts: proposed by one, confirmed by another, ended at once; three administrators kept apart; idle logins closed."""

import datetime
import re

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from portal.accounts.actions import (
    Details,
    confirm_post,
    create_person,
    deactivate_person,
    disable_idle,
    end_post,
    propose_post,
    refuse_post,
)
from portal.accounts.models import Membership, Representative, User
from portal.accounts.roles import ADMINISTRATORS, GRANTS, Permission, Role
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.errors import DomainError, NotAllowed
from tests.factories.cast import Cast
from tests.factories.people import officer, person, post

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 23)


def proposed(cast: Cast, who: User, role: str = Role.CASEWORKER) -> Membership:
    return propose_post(who, at=cast.county, role=role, valid_from=DAY, by=cast.system_admin, on=DAY)


def test_a_post_holds_nothing_until_a_security_administrator_confirms_it(sign_in, cast: Cast) -> None:
    new = create_person(Details("新同事", "newcomer"), at=cast.county, by=cast.system_admin, on=DAY)
    waiting = proposed(cast, new)
    assert not Membership.objects.in_force(DAY).filter(user=new).exists()
    confirm_post(waiting, by=cast.security_admin, on=DAY)
    assert Membership.objects.in_force(DAY).get(user=new).jurisdiction == cast.county
    verbs = AuditEvent.objects.filter(region_code=cast.county.code).values_list("verb", flat=True)
    assert list(verbs.order_by("seq")) == ["person.created", "post.proposed", "post.confirmed"]


def test_nobody_appoints_alone(cast: Cast) -> None:
    new = person("新同事")
    waiting = proposed(cast, new)
    with pytest.raises(NotAllowed):
        confirm_post(waiting, by=cast.system_admin, on=DAY)
    with pytest.raises(NotAllowed):
        propose_post(new, at=cast.county, role=Role.AUDITOR, valid_from=DAY, by=cast.security_admin, on=DAY)
    with pytest.raises(DatabaseError, match="membership_confirmed_by_another"), transaction.atomic():
        Membership.objects.filter(pk=waiting.pk).update(confirmed_by=cast.system_admin.user)


def test_nobody_confirms_their_own_post(cast: Cast) -> None:
    waiting = propose_post(
        cast.security_admin.user, at=cast.county, role=Role.SECURITY_ADMIN, valid_from=DAY, by=cast.system_admin, on=DAY
    )
    with pytest.raises(NotAllowed, match="另一位安全管理员"):
        confirm_post(waiting, by=cast.security_admin, on=DAY)


@pytest.mark.parametrize("level", ["county", "other"])
def test_only_an_administrator_of_the_same_or_a_higher_bureau_confirms(cast: Cast, level: str) -> None:
    waiting = propose_post(person(), at=cast.city, role=Role.CASEWORKER, valid_from=DAY, by=cast.system_admin, on=DAY)
    code = cast.county.code if level == "county" else "530000"
    outsider = officer("别处安全", code, Role.SECURITY_ADMIN)
    with pytest.raises(NotAllowed):
        confirm_post(waiting, by=outsider, on=DAY)
    confirm_post(waiting, by=officer("本级安全", cast.city.code, Role.SECURITY_ADMIN), on=DAY)


def test_two_confirmations_of_one_proposal_are_one(cast: Cast) -> None:
    waiting = proposed(cast, person())
    confirm_post(waiting, by=cast.security_admin, on=DAY)
    with pytest.raises(DomainError, match="刚刚已由他人处理"):
        refuse_post(waiting, because="重复", by=cast.security_admin, on=DAY)


@pytest.mark.parametrize("held", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("wanted", list(Role.values))
def test_the_three_administrators_exclude_each_other_and_case_work(cast: Cast, held: str, wanted: str) -> None:
    who = post(person("管理员"), cast.county.code, held).user
    if held == wanted:
        propose_post(who, at=cast.city, role=wanted, valid_from=DAY, by=cast.system_admin, on=DAY)
        return
    with pytest.raises(NotAllowed, match="互不兼任"):
        propose_post(who, at=cast.city, role=wanted, valid_from=DAY, by=cast.system_admin, on=DAY)
    with pytest.raises(DatabaseError, match="membership_keeps_powers_apart"), transaction.atomic():
        post(who, cast.city.code, wanted)


@pytest.mark.parametrize(
    ("first", "second"), [(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN), (Role.CASEWORKER, Role.SECURITY_ADMIN)]
)
def test_powers_are_kept_apart_between_proposals_too(sign_in, cast: Cast, first: str, second: str) -> None:
    who = person("新同事", region_code=cast.county.code)
    waiting = proposed(cast, who, first)
    client = sign_in(cast.system_admin)
    form = {"jurisdiction": cast.city.code, "role": second, "valid_from": DAY.isoformat()}
    page = client.post(reverse("accounts:propose_post", args=[who.pk]), form).content.decode()
    assert f"已为新同事提出{cast.county.name}“{Role(first).label}”，正等核准，不能再提“{Role(second).label}”" in page
    assert list(Membership.objects.proposed()) == [waiting]
    end_post(waiting, because="改提", by=cast.system_admin, on=DAY)
    proposed(cast, who, second)


def test_a_post_is_proposed_at_a_place_of_the_administrators_own_territory(sign_in, cast: Cast) -> None:
    who = person("新同事", region_code=cast.county.code)
    client = sign_in(officer("本市系统", cast.city.code, Role.SYSTEM_ADMIN))
    address = reverse("accounts:propose_post", args=[who.pk])
    page = client.get(address).content.decode()
    assert f'<option value="{cast.city.code}" selected>{cast.city.name}</option>' in page
    assert f'<option value="{cast.county.code}">{cast.county.name}</option>' in page
    assert f'value="{cast.province.code}"' not in page
    outside = {"jurisdiction": cast.province.code, "role": "caseworker", "valid_from": "2026-11-23"}
    assert client.post(address, outside).status_code == 200
    assert not Membership.objects.filter(user=who).exists()


@pytest.mark.parametrize(("phone", "made"), [("abc", False), ("12345", False), ("0851-85555555", True), ("", True)])
def test_a_new_persons_telephone_is_one_that_can_be_rung(sign_in, cast: Cast, phone: str, made: bool) -> None:
    new = {"name": "新同事", "username": "newcomer", "email": "new@example.org", "phone": phone}
    page = sign_in(cast.system_admin).post(reverse("accounts:add_person"), new).content.decode()
    assert User.objects.filter(username="newcomer").exists() is made
    assert ("不是能拨通的电话号码" in page) is not made


@pytest.mark.parametrize(("query", "shown"), [({}, "工作人员"), ({"of": "operators"}, "运营机构人员")])
def test_the_list_of_people_shows_which_kind_is_open(sign_in, cast: Cast, query: dict[str, str], shown: str) -> None:
    page = sign_in(cast.system_admin).get(reverse("accounts:people"), query).content.decode()
    tabs = re.search(r'<nav class="tabs" aria-label="人员类别">(.*?)</nav>', page, re.DOTALL)
    assert tabs
    assert re.findall(r'aria-current="page">([^<]+)<', tabs[1]) == [shown]


def test_a_county_is_named_after_its_city_where_a_province_proposes(sign_in, cast: Cast) -> None:
    who = person("新同事", region_code=cast.county.code)
    page = sign_in(cast.system_admin).get(reverse("accounts:propose_post", args=[who.pk])).content.decode()
    assert f'<option value="{cast.county.code}">{cast.city.name} {cast.county.name}</option>' in page
    assert f'<option value="{cast.city.code}">{cast.city.name}</option>' in page


def test_with_a_closed_login_nothing_stays_proposed_and_no_post_is_shown_as_served(sign_in, cast: Cast) -> None:
    who = post(person("离职的人", region_code=cast.county.code), cast.county.code, Role.CASEWORKER).user
    waiting = proposed(cast, who, Role.APPROVER)
    client = sign_in(cast.system_admin)
    here = reverse("accounts:person", args=[who.pk])
    assert "在岗" in client.get(here).content.decode()
    deactivate_person(who, because="离职", by=cast.system_admin, on=DAY)
    waiting.refresh_from_db()
    assert (waiting.state(DAY), waiting.because) == ("withdrawn", "账号停用：离职")
    page = client.get(here).content.decode()
    assert "在岗" not in page
    assert "账号已停用" in page
    assert "已撤回" in page


def test_case_posts_may_be_held_together_and_an_ended_post_bars_nothing(cast: Cast) -> None:
    who = post(person("多面手"), cast.county.code, Role.CASEWORKER).user
    post(who, cast.city.code, Role.APPROVER)
    Membership.objects.filter(user=who).update(valid_to=DAY - datetime.timedelta(days=1))
    post(who, cast.county.code, Role.AUDIT_ADMIN, valid_from=DAY)


def test_administrators_hold_no_case_permission() -> None:
    case = {Permission.READ_CASES, Permission.GIVE_OPINION, Permission.APPROVE, Permission.PUBLICISE}
    for role in ADMINISTRATORS:
        assert not GRANTS[role] & case
    for one in ADMINISTRATORS:
        for other in ADMINISTRATORS - {one}:
            assert not GRANTS[one] & GRANTS[other]


def test_an_ended_post_is_gone_with_the_next_click(sign_in, cast: Cast) -> None:
    client = sign_in(cast.county_caseworker)
    here = reverse("accounts:delegations")
    assert client.get(here).status_code == 200
    end_post(cast.county_caseworker.membership, because="调离", by=cast.system_admin, on=business_today())
    assert client.get(here).status_code == 403


def test_a_closed_login_is_out_with_the_next_click(sign_in, cast: Cast) -> None:
    client = sign_in(cast.county_caseworker)
    User.objects.filter(pk=cast.county_caseworker.user_id).update(region_code=cast.county.code)
    cast.county_caseworker.user.refresh_from_db()
    deactivate_person(cast.county_caseworker.user, because="离职", by=cast.system_admin, on=DAY)
    assert client.get(reverse("accounts:me")).status_code == 302


def test_logins_that_nobody_uses_are_closed_after_ninety_days(cast: Cast) -> None:
    User.objects.update(active_since=datetime.date(2026, 1, 1))
    used = cast.county_caseworker.user
    User.objects.filter(pk=used.pk).update(
        last_login=datetime.datetime(2026, 8, 25, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    )
    on = datetime.date(2026, 11, 23)
    closed = disable_idle(days=90, on=on)
    assert closed == User.objects.filter(is_active=False).count() > 0
    used.refresh_from_db()
    assert used.is_active, "the ninetieth day is still one of the ninety"
    assert disable_idle(days=90, on=on) == 0
    assert disable_idle(days=90, on=on + datetime.timedelta(days=1)) == 1


def test_an_operators_people_keep_their_logins_between_two_yearly_reports(cast: Cast) -> None:
    User.objects.update(active_since=datetime.date(2025, 1, 1))
    disable_idle(days=90, on=DAY)
    cast.wang.user.refresh_from_db()
    assert cast.wang.user.is_active
    Representative.objects.filter(user=cast.wang.user).update(ended_on=DAY)
    disable_idle(days=90, on=DAY)
    cast.wang.user.refresh_from_db()
    assert not cast.wang.user.is_active, "whose part has ended has no use for it any more"


def test_an_officer_who_also_acts_for_an_operator_is_closed_as_an_officer(cast: Cast) -> None:
    post(cast.wang.user, cast.county.code, Role.CASEWORKER)
    User.objects.update(active_since=datetime.date(2025, 1, 1))
    disable_idle(days=90, on=DAY)
    cast.wang.user.refresh_from_db()
    assert not cast.wang.user.is_active


def test_a_proposal_that_was_withdrawn_cannot_be_confirmed(cast: Cast) -> None:
    waiting = proposed(cast, person())
    end_post(waiting, because="不再需要", by=cast.system_admin, on=DAY)
    with pytest.raises(DomainError, match="已由他人处理"):
        confirm_post(waiting, by=cast.security_admin, on=DAY)
    waiting.refresh_from_db()
    assert waiting.state(DAY) == "withdrawn"
    assert AuditEvent.objects.filter(verb="post.withdrawn").count() == 1
    assert not Membership.objects.proposed().exists()


@pytest.mark.parametrize(
    ("first", "last", "word", "may_end"),
    [(0, None, "在岗", True), (0, 9, "在岗", True), (5, None, "未到任", True), (-9, -1, "已结束", False)],
)
def test_a_post_is_shown_as_it_stands_today_and_a_temporary_one_can_be_ended(
    sign_in, cast: Cast, first: int, last: int | None, word: str, may_end: bool
) -> None:
    today = business_today()
    day = datetime.timedelta(days=1)
    who = person("某人", region_code=cast.county.code)
    held = post(
        who, cast.county.code, Role.CASEWORKER,
        valid_from=today + first * day, valid_to=None if last is None else today + last * day,
    )  # fmt: skip
    client = sign_in(cast.system_admin)
    page = client.get(reverse("accounts:person", args=[who.pk])).content.decode()
    assert word in page
    address = reverse("accounts:end_post", args=[held.pk])
    assert (address in page) is may_end
    assert client.post(address, {"reason": "调离"}).status_code == (302 if may_end else 422)


def test_who_left_the_territory_long_ago_is_not_kept_there_any_more(sign_in, cast: Cast) -> None:
    left, came = person("离开的人", region_code="530102"), person("来的人", region_code="530102")
    post(left, cast.county.code, Role.CASEWORKER, valid_to=DAY - datetime.timedelta(days=999))
    post(came, cast.county.code, Role.CASEWORKER)
    post(came, "530102", Role.APPROVER)
    client = sign_in(cast.system_admin)
    assert "离开的人" not in client.get(reverse("accounts:people")).content.decode()
    assert client.get(reverse("accounts:person", args=[left.pk])).status_code == 404
    page = client.get(reverse("accounts:person", args=[came.pk])).content.decode()
    assert "审批岗" not in page, "a post of another territory is none of its business"
    assert reverse("accounts:deactivate_person", args=[came.pk]) not in page


def test_administrators_find_an_operators_people_and_can_open_their_logins(sign_in, cast: Cast) -> None:
    User.objects.filter(pk=cast.wang.user_id).update(region_code=cast.county.code, is_active=False)
    client = sign_in(cast.system_admin)
    here = reverse("accounts:people")
    assert "王运营" not in client.get(here).content.decode()
    assert "王运营" in client.get(here, {"of": "operators"}).content.decode()
    client.post(reverse("accounts:reactivate_person", args=[cast.wang.user_id]), {"reason": "来电申请"})
    assert User.objects.get(pk=cast.wang.user_id).is_active


def test_the_administrators_screens_do_all_of_it(sign_in, cast: Cast) -> None:
    system, security = sign_in(cast.system_admin), sign_in(cast.security_admin)
    new = {"name": "新同事", "username": "newcomer", "email": "new@example.org", "phone": "13800000000"}
    made = system.post(reverse("accounts:add_person"), new)
    who = User.objects.get(username="newcomer")
    assert made.url == reverse("accounts:person", args=[who.pk])
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "newcomer" in mail.outbox[-1].body
    form = {"jurisdiction": cast.county.code, "role": "caseworker", "valid_from": "2026-11-01"}
    system.post(reverse("accounts:propose_post", args=[who.pk]), form)
    waiting = Membership.objects.get(user=who)
    assert "新同事" in security.get(reverse("accounts:proposals")).content.decode()
    security.post(reverse("accounts:confirm_post", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.confirmed_by_id == cast.security_admin.user_id
    assert "新同事" in system.get(reverse("accounts:people"), {"q": "newc"}).content.decode()
    assert system.post(reverse("accounts:end_post", args=[waiting.pk]), {"reason": ""}).status_code == 422
    system.post(reverse("accounts:end_post", args=[waiting.pk]), {"reason": "调离"})
    waiting.refresh_from_db()
    assert waiting.valid_to is not None
    system.post(reverse("accounts:deactivate_person", args=[who.pk]), {"reason": "离职"})
    assert "已停用" in system.get(reverse("accounts:person", args=[who.pk])).content.decode()
    system.post(reverse("accounts:reactivate_person", args=[who.pk]), {"reason": "返岗"})
    who.refresh_from_db()
    assert who.is_active


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("username", "somebody@example.org", "不带 @|去掉 @"),
        ("email", "wang@old.example.org", "已由另一位人员使用"),
        ("username", "WANG", "已有人使用"),
        ("email", "TAKEN@example.org", "已由另一位人员使用"),
        ("username", "a b", "用户名"),
        ("email", "not-an-address", "邮"),
    ],
)
def test_a_new_person_with_wrong_details_is_refused_in_words(
    sign_in, cast: Cast, field: str, value: str, says: str
) -> None:
    taken = person("已有")
    User.objects.filter(pk=taken.pk).update(username="wang", email="taken@example.org")
    User.objects.filter(pk=person("旧账号").pk).update(username="wang@old.example.org")
    form = {"name": "新同事", "username": "newcomer", "email": "new@example.org", field: value}
    page = sign_in(cast.system_admin).post(reverse("accounts:add_person"), form)
    assert re.search(says, page.content.decode())
    assert not User.objects.filter(name="新同事").exists()


@pytest.mark.parametrize("code", ["530103", "999999", "", "52"])
def test_a_post_outside_the_territory_cannot_be_proposed(sign_in, cast: Cast, code: str) -> None:
    who = post(person("某人"), cast.county.code, Role.CASEWORKER).user
    form = {"jurisdiction": code, "role": "auditor", "valid_from": "2026-11-01"}
    page = sign_in(cast.system_admin).post(reverse("accounts:propose_post", args=[who.pk]), form)
    assert page.status_code == 200
    assert Membership.objects.filter(user=who).count() == 1


def test_a_post_that_may_not_be_confirmed_is_said_beside_it_and_keeps_waiting(sign_in, cast: Cast) -> None:
    who = person("双岗的人", region_code=cast.county.code)
    waiting = propose_post(who, at=cast.county, role=Role.CASEWORKER, valid_from=DAY, by=cast.system_admin, on=DAY)
    post(who, cast.county.code, Role.AUDIT_ADMIN)
    answer = sign_in(cast.security_admin).post(reverse("accounts:confirm_post", args=[waiting.pk]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "三类管理员互不兼任" in page.split("双岗的人", 1)[1]
    assert reverse("accounts:refuse_post", args=[waiting.pk]) in page, "the way on stands on the same page"
    assert Membership.objects.get(pk=waiting.pk).confirmed_by_id is None


def test_a_reason_that_is_too_long_is_given_back_to_be_shortened(sign_in, cast: Cast) -> None:
    who = person("待退的人", region_code=cast.county.code)
    waiting = propose_post(who, at=cast.county, role=Role.CASEWORKER, valid_from=DAY, by=cast.system_admin, on=DAY)
    typed = "岗位职责不清，" * 40
    answer = sign_in(cast.security_admin).post(reverse("accounts:refuse_post", args=[waiting.pk]), {"reason": typed})
    assert answer.status_code == 422
    assert "请写明原因，不超过 200 字" in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_a_post_that_somebody_else_handled_first_is_said_on_top_of_the_list(sign_in, cast: Cast) -> None:
    who = person("已办的人", region_code=cast.county.code)
    waiting = propose_post(who, at=cast.county, role=Role.CASEWORKER, valid_from=DAY, by=cast.system_admin, on=DAY)
    client = sign_in(cast.security_admin)
    confirm_post(waiting, by=cast.security_admin, on=DAY)
    answer = client.post(reverse("accounts:refuse_post", args=[waiting.pk]), {"reason": "重复"})
    assert answer.status_code == 422
    assert "这项授权刚刚已由他人处理" in answer.content.decode()
    assert "没有待核准的授权" in answer.content.decode()
