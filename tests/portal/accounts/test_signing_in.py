"""Signing in: user name or mail address, lockout, second factor, passwords, sessions that end."""

import datetime
import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.capacity import Capacity
from portal.accounts.devices import device_in_words
from portal.accounts.models import PasswordUsed, User
from portal.audit.models import AuditEvent
from portal.deadlines.today import CHINA, business_today, move_business_date
from tests.factories.cast import Cast
from tests.factories.people import person

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 23)
PASSWORD = "Shan-Jian 7 ming yue"


@pytest.fixture
def zhao(cast: Cast) -> User:
    user = cast.county_caseworker.user
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(client: Client, login: str, password: str):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("name", ["username", "email"])
def test_one_signs_in_with_user_name_or_mail_address(client: Client, zhao: User, name: str) -> None:
    answer = attempt(client, getattr(zhao, name), PASSWORD)
    assert answer.status_code == 302
    assert answer.url == reverse("accounts:arrived")
    assert client.session["capacity"].startswith("officer:")


def without_what_differs(page: str, name: str) -> str:
    """Return a page without the name that was typed and without the token of its form."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", page).replace(name, "X")


def test_a_wrong_password_tells_nothing_about_the_account(client: Client, zhao: User) -> None:
    known = attempt(client, zhao.username, "wrong-password-1").content.decode()
    unknown = attempt(client, "nobody-of-that-name", "wrong-password-1").content.decode()
    assert without_what_differs(known, zhao.username) == without_what_differs(unknown, "nobody-of-that-name")


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_a_page_of_no_bureau_names_none_and_leads_back_to_the_places(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert "主办单位" not in page
    assert f'<a href="{reverse("web:home")}">选择省、市</a>' in page


def test_the_fifth_wrong_password_locks_for_a_quarter_of_an_hour(client: Client, zhao: User, time_machine) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    for _ in range(4):
        assert attempt(client, zhao.username, "wrong").status_code == 200
    locked = attempt(client, zhao.username, "wrong")
    assert locked.status_code == 429
    assert "09:15" in locked.content.decode()
    assert attempt(client, zhao.email, PASSWORD).status_code == 429, "the mail address opens no second door"
    time_machine.move_to("2026-11-23T09:14:59+08:00", tick=False)
    assert attempt(client, zhao.username, PASSWORD).status_code == 429
    time_machine.move_to("2026-11-23T09:15:01+08:00", tick=False)
    assert attempt(client, zhao.username, PASSWORD).status_code == 302


def test_somebody_elses_tries_from_another_address_do_not_lock_me_out(client: Client, zhao: User) -> None:
    for _ in range(6):
        client.post(reverse("account_login"), {"login": zhao.username, "password": "wrong"}, REMOTE_ADDR="203.0.113.7")
    assert attempt(client, zhao.username, PASSWORD).status_code == 302


def test_a_closed_login_is_told_so_only_with_the_right_password(client: Client, zhao: User) -> None:
    User.objects.filter(pk=zhao.pk).update(is_active=False)
    assert attempt(client, zhao.username, PASSWORD).url == reverse("account_inactive")
    assert attempt(client, zhao.username, "wrong").status_code == 200


def test_an_officer_without_a_second_factor_is_led_to_set_one_up(settings, sign_in, cast: Cast) -> None:
    settings.OFFICERS_NEED_MFA = True
    answer = sign_in(cast.county_caseworker).get(reverse("accounts:delegations"))
    assert answer.status_code == 302
    assert answer.url == reverse("mfa_index")


def test_an_officer_sets_up_an_authenticator_and_signs_in_with_it(settings, client: Client, zhao: User) -> None:
    settings.OFFICERS_NEED_MFA = True
    attempt(client, zhao.username, PASSWORD)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate")), "the password once more before such a step"
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}).status_code == 302
    assert client.get(reverse("accounts:delegations")).status_code == 200
    assert secret not in str(zhao.authenticator_set.get(type="totp").data), "the secret is ciphertext in the database"

    again = Client()
    assert attempt(again, zhao.username, PASSWORD).url == reverse("mfa_authenticate")
    assert again.get(reverse("accounts:delegations")).status_code == 302, "half signed in is not signed in"
    time_ahead = hotp_value(secret, next(iter(yield_hotp_counters_from_time())) + 1)
    assert again.post(reverse("mfa_authenticate"), {"code": format_hotp_value(time_ahead)}).status_code == 302
    assert again.get(reverse("accounts:delegations")).status_code == 200


def test_an_officer_cannot_take_the_second_factor_away(client: Client, zhao: User) -> None:
    TOTP.activate(zhao, "JBSWY3DPEHPK3PXP")
    client.force_login(zhao, backend="allauth.account.auth_backends.AuthenticationBackend")
    from allauth.mfa.adapter import get_adapter  # noqa: PLC0415

    assert not get_adapter().can_delete_authenticator(zhao.authenticator_set.get(type="totp"))


@pytest.mark.parametrize(("kind", "minutes"), [("county_caseworker", 15), ("wang", 30)])
def test_a_session_ends_when_nobody_uses_it(sign_in, cast: Cast, time_machine, kind: str, minutes: int) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    client = sign_in(cast.capacities()[kind])
    here = reverse("accounts:me")
    assert client.get(here).status_code == 200
    time_machine.shift(minutes * 60 - 1)
    assert client.get(here).status_code == 200, "using it keeps it"
    time_machine.shift(minutes * 60 + 1)
    answer = client.get(here + "?a=1")
    assert answer.url == reverse("accounts:expired") + "?next=%2Faccount%2F%3Fa%3D1"
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "登录已过期" in page.content.decode()
    assert f"{reverse('account_login')}?next=/account/%3Fa%3D1" in page.content.decode()
    assert client.get(here).status_code == 302


@pytest.mark.slow
def test_a_session_ends_after_twelve_hours_however_busy(sign_in, cast: Cast, time_machine) -> None:
    time_machine.move_to("2026-11-23T06:00:00+08:00", tick=False)
    client = sign_in(cast.county_caseworker)
    for _ in range(12 * 6):
        assert client.get(reverse("accounts:me")).status_code == 200
        time_machine.shift(600)
    time_machine.shift(1)
    assert client.get(reverse("accounts:me")).url.startswith(reverse("accounts:expired"))


def test_autosave_and_parts_of_pages_are_told_in_their_own_way(sign_in, cast: Cast, time_machine) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    client, part = sign_in(cast.wang), sign_in(cast.wang)
    assert [each.get(reverse("accounts:me")).status_code for each in (client, part)] == [200, 200]
    time_machine.shift(31 * 60)
    assert client.post(reverse("accounts:edit"), {}, headers={"X-Autosave": "1"}).status_code == 401
    url = "http://testserver/desk/"
    answer = part.get(reverse("accounts:me"), headers={"HX-Request": "true", "HX-Current-URL": url})
    assert answer.headers["HX-Redirect"] == reverse("accounts:expired") + "?next=%2Fdesk%2F"


def test_a_link_sets_the_password_once(settings, client: Client, zhao: User) -> None:
    client.post(reverse("account_reset_password"), {"email": zhao.email})
    assert mail.outbox[0].subject == "设置密码的链接"
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    path = link.removeprefix(settings.SITE_URL)
    form = client.get(path, follow=True)
    new = "qing shan lv shui 9!"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done.url == reverse("account_reset_password_from_key_done")
    assert "链接已失效" in Client().get(path, follow=True).content.decode()
    assert attempt(Client(), zhao.username, new).status_code == 302
    assert PasswordUsed.objects.filter(user=zhao).count() == 2


def test_asking_for_a_link_answers_the_same_for_an_unknown_address(client: Client) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert answer.url == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_nobody_signs_up_alone(client: Client) -> None:
    page = client.get(reverse("account_signup"))
    assert "账号由管理员建立" in page.content.decode()
    client.post(reverse("account_signup"), {"username": "x1234", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(username="x1234").exists()


def test_signing_out_clears_what_the_browser_keeps(sign_in, cast: Cast) -> None:
    client = sign_in(cast.wang)
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("accounts:me")).status_code == 302


PAGES = [
    "account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn",
    "mfa_add_webauthn", "usersessions_list", "account_logout", "accounts:me", "accounts:edit", "accounts:notices",
    "accounts:choose", "accounts:delegations", "accounts:expired", "account_reset_password",
    "account_reset_password_done", "account_inactive", "account_reset_password_from_key_done",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_page_about_oneself_opens_and_holds_no_inline_script(sign_in, zhao: User, cast: Cast, name: str) -> None:
    client = Client()
    attempt(client, zhao.username, PASSWORD)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse(name))
    assert page.status_code == 200, name
    text = page.content.decode()
    assert "style=" not in text
    assert " onclick" not in text
    assert "<script>" not in text


def test_my_devices_are_listed_and_the_others_signed_out(client: Client, zhao: User) -> None:
    other = Client()
    attempt(other, zhao.username, PASSWORD)
    attempt(client, zhao.username, PASSWORD)
    assert "退出其他设备" in client.get(reverse("usersessions_list")).content.decode()
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("accounts:me")).status_code == 302
    assert client.get(reverse("accounts:me")).status_code == 200


@pytest.fixture
def demo_person(db: None, cast: Cast) -> Capacity:
    User.objects.filter(pk__in=[cast.wang.user_id, cast.county_caseworker.user_id, cast.approver.user_id]).update(
        demo=True
    )
    return cast.county_caseworker


def test_the_demo_signs_in_with_one_click(settings, client: Client, demo_person: Capacity) -> None:
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert "赵县办" in page
    assert "王运营" in page
    assert "贵州省" in page
    assert client.get(reverse("accounts:demo_sign_in")).status_code == 405
    client.post(reverse("accounts:demo_sign_in"), {"user": demo_person.user_id})
    assert client.get(reverse("accounts:me")).context["person"] == demo_person.user


def test_entering_the_demo_with_one_click_is_on_record_like_every_sign_in(
    settings, client: Client, demo_person: Capacity
) -> None:
    settings.DEMO = True
    client.post(reverse("accounts:demo_sign_in"), {"user": demo_person.user_id})
    assert AuditEvent.objects.get(verb="person.signed_in").actor_id == demo_person.user_id
    assert "这台设备" in client.get(reverse("usersessions_list")).content.decode()


def test_who_entered_the_demo_elsewhere_can_sign_the_other_device_out(
    settings, client: Client, demo_person: Capacity
) -> None:
    settings.DEMO = True
    other = Client()
    for one in (other, client):
        one.post(reverse("accounts:demo_sign_in"), {"user": demo_person.user_id})
    assert "退出其他设备" in client.get(reverse("usersessions_list")).content.decode()
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("accounts:me")).status_code == 302
    assert client.get(reverse("accounts:me")).status_code == 200


@pytest.mark.parametrize("demanded", [True, False])
def test_the_page_of_second_factors_says_that_work_waits_only_where_it_does(
    settings, sign_in, cast: Cast, demanded: bool
) -> None:
    settings.OFFICERS_NEED_MFA = demanded
    page = sign_in(cast.county_caseworker).get(reverse("mfa_index")).content.decode()
    assert ("启用之前不能办理业务" in page) is demanded
    assert ("工作人员必须启用" in page) is demanded
    assert ("现在不要求启用" in page) is not demanded


def test_the_one_click_door_opens_to_demo_people_only_and_not_outside_the_demo(
    settings, client: Client, demo_person: Capacity, cast: Cast
) -> None:
    assert client.post(reverse("accounts:demo_sign_in"), {"user": demo_person.user_id}).status_code == 404
    assert "演示账号" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    stranger = person("不是演示人员")
    assert client.post(reverse("accounts:demo_sign_in"), {"user": stranger.pk}).status_code == 404


CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome，Windows"),
        (f"{CHROME} Edg/140.0.0.0", "Edge，Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50", "微信，iPhone"),
        ("curl/8.5.0", "不认识的设备"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(agent: str, words: str) -> None:
    assert device_in_words(agent) == words


def test_pages_about_oneself_keep_the_menu_of_whoever_is_signed_in(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    for name in ("account_change_password", "mfa_index", "usersessions_list", "account_reauthenticate"):
        page = client.get(reverse(name)).content.decode()
        assert f'href="{reverse("desk:worklist")}"' in page, name
        assert f'href="{reverse("accounts:me")}"' in page.split("<main")[1] or name == "mfa_index", name


def test_a_changed_password_leads_back_to_ones_own_page(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    new = "Yun-Hai 9 qing chen"
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.url == reverse("accounts:me")


def test_an_officer_reads_before_switching_a_second_factor_on_that_it_stays(client: Client, zhao: User) -> None:
    attempt(client, zhao.username, PASSWORD)
    assert "工作人员启用以后不能再关闭" in client.get(reverse("mfa_index")).content.decode()
    TOTP.activate(zhao, "JBSWY3DPEHPK3PXP")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "唯一的双因素验证" in page
    assert reverse("mfa_deactivate_totp") not in page


def test_the_last_sign_in_is_told_by_the_clock_of_the_demo(settings, client: Client, demo_person: Capacity) -> None:
    settings.DEMO = True
    tomorrow = move_business_date(business_today() + datetime.timedelta(days=1))
    client.post(reverse("accounts:demo_sign_in"), {"user": demo_person.user_id})
    demo_person.person.refresh_from_db()
    assert demo_person.person.last_login.astimezone(CHINA).date() == tomorrow


def test_who_holds_no_post_of_that_kind_is_not_sent_to_switch(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    for who, address, said in (
        (cast.wang, "/desk/", "您的账号没有工作人员岗位。"),
        (cast.county_caseworker, reverse("applications:mine"), "您的账号没有代表任何运营机构。"),
    ):
        page = sign_in(who).get(address).content.decode()
        assert said in page
        assert "切换到" not in page
        assert "切换身份</a>" not in page


def test_what_was_typed_is_spoken_of_only_where_it_lies_in_the_browser(client: Client) -> None:
    page = client.get(reverse("accounts:expired"), {"next": "/my/applications/1/sections/unit/"}).content.decode()
    assert 'data-kept="/my/applications/1/sections/unit/" hidden' in page
