"""A newcomer operator registers itself, signs in at once, and invites its own people."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from bases.models import Operator
from portal.accounts.actions import end_representation
from portal.accounts.models import Representative, User
from portal.accounts.people import people_representing
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.errors import DomainError, NotAllowed
from tests.factories.cast import Cast
from tests.factories.people import officer, place, representative
from tests.factories.register import fresh_uscc
from tests.factories.titles import DAY, published_call

pytestmark = pytest.mark.django_db

PASSWORD = "Qing-Shan lv shui 9"


@pytest.fixture
def form() -> dict[str, str]:
    return {
        "name": "新来创业服务有限公司",
        "uscc": fresh_uscc().lower(),
        "county": "520103",
        "legal_representative": "",
        "phone": "0851-12345678",
        "person": "何新来",
        "email": "He@example.org",
        "username": "hexinlai",
        "password": PASSWORD,
        "again": PASSWORD,
    }


def register(form: dict[str, str], client: Client | None = None):
    return (client or Client()).post(reverse("register_operator") + "?place=520000", form)


def test_a_newcomer_chooses_the_place_first(client: Client) -> None:
    page = client.get(reverse("register_operator")).content.decode()
    for name in ("贵州省", "新疆", "西藏", "嘉兴", "鄂尔多斯"):
        assert name in page
    assert client.get(reverse("register_operator") + "?place=110000").status_code == 404
    assert "南明区" in client.get(reverse("register_operator") + "?place=520000").content.decode()


def test_who_begins_on_the_site_of_a_place_is_not_asked_for_it_again(client: Client) -> None:
    call = published_call(opens=business_today() - DAY, closes=business_today() + DAY)
    start = re.search(r'href="(/my/calls/[^"]+)"', client.get(f"/520103/calls/{call.pk}/").content.decode())
    assert start is not None
    sign_in = client.get(start[1], follow=True)
    registration = re.search(rf'href="({reverse("register_operator")}[^"]*)"', sign_in.content.decode())
    assert registration is not None
    assert registration[1].endswith("?at=520103")
    page = client.get(registration[1]).content.decode()
    assert "基地在哪个地区？" not in page
    assert "第 2 步，共 2 步" in page
    assert "贵州省" in page
    assert re.search(r'<option value="520103" selected', page)
    refused = client.post(reverse("account_login"), {"login": "nobody", "password": "x", "at": "520103"})
    assert "?at=520103" in refused.content.decode()
    for elsewhere in ("110000", "000000", "999999", "abc", "520103/"):
        assert "基地在哪个地区？" in client.get(reverse("register_operator"), {"at": elsewhere}).content.decode()


def test_the_demo_opens_on_the_people_of_the_place_one_came_from(client: Client, settings: Any) -> None:
    settings.DEMO = True
    for name, code in (("赵一", "520103"), ("钱二", "520103"), ("孙三", "540102")):
        User.objects.filter(pk=officer(name, place(code)).user_id).update(demo=True)
    groups = {at: client.get(reverse("account_login"), {"at": at}).context["demo_groups"] for at in ("", "540000")}
    assert [group.name for group in groups[""]] == ["贵州省", "西藏自治区"]
    assert [group.name for group in groups["540000"]] == ["西藏自治区", "贵州省"]


def test_a_newcomer_is_signed_in_as_its_operator_at_once(client: Client, form: dict[str, str]) -> None:
    assert register(form, client).status_code == 302
    made = Operator.objects.get(name="新来创业服务有限公司")
    assert made.uscc == form["uscc"].upper()
    assert made.region_code == "520103"
    assert [person.name for person in people_representing(made)] == ["何新来"]
    assert client.session["capacity"] == f"operator:{made.pk}"
    assert client.get(reverse("accounts:colleagues")).status_code == 200
    verbs = AuditEvent.objects.filter(region_code="520103").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["person.created", "representative.granted", "operator.registered", "person.signed_in"]
    assert "这台设备" in client.get(reverse("usersessions_list")).content.decode()
    again = Client()
    again.post(reverse("account_login"), {"login": "he@example.org", "password": PASSWORD})
    assert again.get(reverse("accounts:colleagues")).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("uscc", "91520103MA0000001I", "不会出现"),
        ("uscc", "9152", "应为 18 位"),
        ("county", "530102", "列出"),
        ("again", "different", "两次写的密码不一样"),
        ("again", "", "请再写一次密码。"),
        ("password", "short", "密码"),
        ("person", "", "经办人姓名"),
        ("phone", "abc", "“abc”不是能拨通的电话号码"),
        ("phone", "1234", "座机是区号加 7 或 8 位"),
        ("email", "nothing", "邮箱"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_kept(
    form: dict[str, str], field: str, value: str, says: str
) -> None:
    page = register({**form, field: value})
    assert page.status_code == 200
    assert says in page.content.decode()
    assert not Operator.objects.exists()
    assert not User.objects.exists()


def test_all_that_is_wrong_with_a_registration_is_told_at_once_in_the_order_of_the_form(form: dict[str, str]) -> None:
    register(form)
    taken = {"email": "he@example.org", "username": "HeXinlai", "password": "123456", "again": ""}
    page = register({**form, **taken}).content.decode()
    summary = page.partition('id="errors-title"')[2].partition("</ul>")[0]
    told = [part.partition('"')[0] for part in summary.split('href="#id_')[1:]]
    assert list(dict.fromkeys(told)) == ["uscc", "email", "username", "password", "again"]
    assert "密码至少 12 个字符" in summary
    assert "请再写一次密码。" in summary
    assert "两次写的密码不一样" in register({**form, "password": "short", "again": "other"}).content.decode()
    assert "密码至少 12 个字符" in register({**form, "password": "short", "again": "other"}).content.decode()


def test_a_code_is_registered_once(form: dict[str, str]) -> None:
    register(form)
    page = register({**form, "username": "other", "email": "other@example.org"})
    assert "已经登记" in page.content.decode()
    assert Operator.objects.count() == 1
    assert User.objects.count() == 1


def test_the_manager_invites_a_colleague_and_ends_their_part(client: Client, form: dict[str, str]) -> None:
    register(form, client)
    made = Operator.objects.get()
    new = {"name": "新同事", "username": "colleague", "email": "colleague@example.org", "phone": ""}
    client.post(reverse("accounts:invite_colleague"), new)
    assert mail.outbox[-1].to == ["colleague@example.org"]
    assert {person.name for person in people_representing(made)} == {"何新来", "新同事"}
    row = Representative.objects.get(user__username="colleague")
    assert not row.manager
    client.post(reverse("accounts:end_colleague", args=[row.pk]), {"reason": "离职"})
    assert {person.name for person in people_representing(made)} == {"何新来"}


def test_the_last_manager_cannot_go(client: Client, form: dict[str, str]) -> None:
    register(form, client)
    row = Representative.objects.get()
    assert client.post(reverse("accounts:end_colleague", args=[row.pk]), {"reason": "x"}).status_code == 422
    row.refresh_from_db()
    assert row.ended_on is None


def test_only_the_operators_own_manager_keeps_its_people(
    client: Client, form: dict[str, str], cast: Cast, sign_in
) -> None:
    register(form, client)
    row = Representative.objects.get(operator_name="新来创业服务有限公司")
    operator = Operator.objects.get(pk=row.operator_id)
    other = sign_in(cast.wang)
    assert other.post(reverse("accounts:end_colleague", args=[row.pk]), {"reason": "x"}).status_code == 404
    helper = representative("帮手", operator)
    assert sign_in(helper).post(reverse("accounts:invite_colleague"), {}).status_code == 403
    with pytest.raises(NotAllowed):
        end_representation(row, operator, because="x", by=helper, on=row.granted_on)
    with pytest.raises(DomainError):
        end_representation(row, operator, because="x", by=cast.wang, on=row.granted_on)
