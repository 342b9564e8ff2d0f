"""Passwords under both profiles."""

import datetime
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import PasswordUsed, User
from portal.accounts.passwords import classes_in, password_is_old
from tests.factories.cast import Cast
from tests.factories.people import person

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("password", "dengbao3", "asvs"),
    [
        ("Qing-Shan lv shui 9", True, True),
        ("qing shan lv shui zai", False, True),
        ("Short-1a", False, False),
        ("123456789012", False, False),
        ("password1234", False, False),
        ("Renshe-Fuhua1", False, False),
        ("Guizhou@2026!", False, False),
        ("人社厅孵化基地密码Aa1", False, False),
        ("明月松间照清泉石上流Aa1", True, True),
        ("Aa1!" * 33, False, False),
    ],
)
def test_a_password_is_judged_by_the_profile(settings, password: str, dengbao3: bool, asvs: bool) -> None:
    for profile, good in (("dengbao3", dengbao3), ("asvs", asvs)):
        settings.PASSWORD_PROFILE = profile
        try:
            validate_password(password, User(username="zhao", name="赵县办"))
            accepted = True
        except ValidationError:
            accepted = False
        assert accepted == good, (profile, password)


def test_ones_own_name_is_no_password(settings) -> None:
    settings.PASSWORD_PROFILE = "asvs"
    with pytest.raises(ValidationError, match="太容易猜到"):
        validate_password("zhaoxianban2026", User(username="zhaoxianban", name="赵"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "password", ["1234567", "a" * 129, "123456789012", "password1234", "Guizhou@2026!", "aaaaaaaaaaaa"]
)
def test_what_a_password_lacks_is_said_in_the_readers_language(settings, language: str, password: str) -> None:
    settings.PASSWORD_PROFILE = "dengbao3"
    with translation.override(language), pytest.raises(ValidationError) as refusal:
        validate_password(password)
    for sentence in refusal.value.messages:
        assert bool(CHINESE.search(sentence)) is (language == "zh-hans"), sentence


@pytest.mark.parametrize(
    ("password", "names", "left"),
    [("Jiaxing2026!!", "jiaxing", 4), ("Shenxiaoyu89!@", "shenxiaoyu89", 0), ("Fuhua-jidi-2026", "fuhua、jidi", 4)],
)
def test_what_is_left_beside_a_common_word_is_counted_as_the_rule_counts_it(
    password: str, names: str, left: int
) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, User(username="shenxiaoyu89", email="shenxiaoyu@example.cn", name="沈小雨"))
    assert f"“{names}”太容易猜到，除去它和符号，字母和数字只有 {left} 个，至少要 6 个" in "".join(
        refusal.value.messages
    )


def test_the_last_five_are_refused_and_the_sixth_is_free_again(settings) -> None:
    settings.PASSWORD_PROFILE = "dengbao3"
    who = person()
    olds = [f"Qing-Shan lv shui {n}" for n in range(6)]
    for old in olds:
        who.set_password(old)
        who.save()
    assert PasswordUsed.objects.filter(user=who).count() == 5
    for old in olds[1:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            validate_password(old, who)
    validate_password(olds[0], who)


def test_after_ninety_days_an_officer_is_led_to_a_new_password(settings, sign_in, cast: Cast) -> None:
    who = cast.county_caseworker.user
    who.set_password("Qing-Shan lv shui 9")
    who.save()
    client = sign_in(cast.county_caseworker)
    assert client.get(reverse("accounts:delegations")).status_code == 200
    old = who.password_changed_at - datetime.timedelta(days=91)
    User.objects.filter(pk=who.pk).update(password_changed_at=old)
    assert client.get(reverse("accounts:delegations")).url.startswith(reverse("account_change_password"))
    settings.PASSWORD_PROFILE = "asvs"
    assert client.get(reverse("accounts:delegations")).status_code == 200


def test_the_ninetieth_day_is_still_good(settings) -> None:
    settings.PASSWORD_PROFILE = "dengbao3"
    who = person()
    who.set_password("Qing-Shan lv shui 9")
    who.save()
    assert not password_is_old(who, who.password_changed_at + datetime.timedelta(days=90))
    assert password_is_old(who, who.password_changed_at + datetime.timedelta(days=90, seconds=1))


@given(st.text(max_size=40))
def test_classes_are_between_none_and_four(text: str) -> None:
    assert 0 <= classes_in(text) <= 4
