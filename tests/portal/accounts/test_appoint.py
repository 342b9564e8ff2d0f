"""A bureau's first administrators come from the console; everybody after them from the screens."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership, User
from portal.deadlines.today import business_today

pytestmark = pytest.mark.django_db

THREE = (
    "--system",
    "xt:甲系统:xt@example.org",
    "--security",
    "aq:乙安全:aq@example.org",
    "--audit",
    "sj:丙审计:sj@example.org",
)


def test_three_people_are_made_and_each_gets_a_link_that_works() -> None:
    out = StringIO()
    call_command("appoint", "520000", *THREE, stdout=out)
    posts = Membership.objects.in_force(business_today())
    assert {(post.user.username, post.role) for post in posts} == {
        ("xt", "system_admin"),
        ("aq", "security_admin"),
        ("sj", "audit_admin"),
    }
    assert all(post.confirmed_by_id != post.user_id for post in posts)
    link = next(line.partition("http")[2] for line in out.getvalue().splitlines() if "甲系统" in line)
    client = Client()
    form = client.get(
        "/" + link.partition("/account/")[1].strip("/") + "/" + link.partition("/account/")[2], follow=True
    )
    new = "Qing-Shan lv shui 9"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    client.post(reverse("account_login"), {"login": "xt", "password": new})
    assert client.get(reverse("accounts:people")).status_code == 200


def test_it_is_done_once_per_bureau() -> None:
    call_command("appoint", "520000", *THREE, stdout=StringIO())
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("appoint", "520000", *THREE, stdout=StringIO())
    with pytest.raises(CommandError, match="已有人使用"):
        call_command("appoint", "520100", *THREE, stdout=StringIO())
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("code", "system", "says"), [("999999", THREE[1], "现行区划"), ("520000", "only-a-name", "应写作")]
)
def test_wrong_words_on_the_console_are_said(code: str, system: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("appoint", code, "--system", system, *THREE[2:], stdout=StringIO())
    assert not User.objects.exists()
