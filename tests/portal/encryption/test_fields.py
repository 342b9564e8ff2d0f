"""Personal data at rest: sealed, bound to its key id, moved to a new key without a pause, found by a keyed hash."""

import base64
import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.encryption import rotation
from portal.encryption.blind_index import blind_index
from portal.encryption.fields import decrypt, encrypt
from tests.architecture.test_sizes import ROOT
from tests.factories.people import person

OLD, NEW = base64.b64encode(b"o" * 32).decode(), base64.b64encode(b"n" * 32).decode()


def stored_phone(user: User) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [user.pk])
        return str(cursor.fetchone()[0])


@given(st.text())
def test_what_is_sealed_comes_back(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert encrypt("13800000000") != encrypt("13800000000")


def test_a_token_is_the_algorithm_of_its_specification(settings) -> None:
    """AES-256-GCM test case 14 of the GCM specification: zero key, nonce and block; without associated data."""
    tag = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    assert AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None).hex() == tag
    settings.FIELD_KEYS = {"k": base64.b64encode(bytes(32)).decode()}
    sealed = AESGCM(bytes(32)).encrypt(bytes(12), "王".encode(), b"k")
    assert decrypt(f"k${base64.b64encode(bytes(12) + sealed).decode()}") == "王"


@pytest.mark.parametrize("place", [0, 12, -1])
def test_an_altered_token_is_refused(place: int) -> None:
    key_id, _, payload = encrypt("13800000000").partition("$")
    raw = bytearray(base64.b64decode(payload))
    raw[place] ^= 1
    with pytest.raises(InvalidTag):
        decrypt(f"{key_id}${base64.b64encode(bytes(raw)).decode()}")


def test_a_token_cannot_be_passed_off_as_another_keys(settings) -> None:
    settings.FIELD_KEYS = {"one": OLD, "two": OLD}
    payload = encrypt("x").partition("$")[2]
    with pytest.raises(InvalidTag):
        decrypt(f"one${payload}")


def test_a_missing_or_short_key_is_said(settings) -> None:
    settings.FIELD_KEYS = {"a": base64.b64encode(b"short").decode()}
    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        encrypt("x")
    with pytest.raises(ImproperlyConfigured, match="'gone'"):
        decrypt("gone$AAAA")


@pytest.mark.django_db
def test_the_database_never_sees_the_phone_number() -> None:
    user = person(phone="13812345678")
    assert "13812345678" not in stored_phone(user)
    assert User.objects.get(pk=user.pk).phone == "13812345678"


@pytest.mark.django_db
def test_rotation_moves_every_value_to_the_newest_key(settings) -> None:
    settings.FIELD_KEYS = {"old": OLD}
    people = [person(phone=f"1380000{n:04d}") for n in range(7)]
    TOTP.activate(people[0], "JBSWY3DPEHPK3PXP")
    settings.FIELD_KEYS = {"old": OLD, "new": NEW}
    with pytest.raises(CommandError, match="还有 8 行"):
        call_command("rotate_keys", "--check", stdout=StringIO())
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "accounts.User.phone：换密 7 行" in out.getvalue()
    assert "mfa.Authenticator.data：换密 1 行" in out.getvalue()
    settings.FIELD_KEYS = {"new": NEW}
    assert [User.objects.get(pk=user.pk).phone for user in people] == [f"1380000{n:04d}" for n in range(7)]
    assert decrypt(Authenticator.objects.get(type="totp").data["secret"]) == "JBSWY3DPEHPK3PXP"
    call_command("rotate_keys", "--check", stdout=StringIO())


@pytest.mark.django_db
def test_whoever_writes_during_the_rotation_wins(settings, monkeypatch) -> None:
    settings.FIELD_KEYS = {"old": OLD}
    user = person(phone="13800000001")
    settings.FIELD_KEYS = {"old": OLD, "new": NEW}
    real = rotation._replace

    def somebody_is_quicker(column: rotation.Column, pk: int, old: str, new: str) -> bool:
        User.objects.filter(pk=pk).update(phone="13899999999")
        return real(column, pk, old, new)

    monkeypatch.setattr(rotation, "_replace", somebody_is_quicker)
    column = next(each for each in rotation.columns() if str(each) == "accounts.User.phone")
    assert rotation.rotate(column) == (0, 1)
    user.refresh_from_db()
    assert user.phone == "13899999999"


@pytest.mark.django_db
def test_rotation_walks_all_rows_however_many(settings, monkeypatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    settings.FIELD_KEYS = {"old": OLD}
    for n in range(10):
        person(phone=str(n))
    settings.FIELD_KEYS = {"old": OLD, "new": NEW}
    column = next(each for each in rotation.columns() if str(each) == "accounts.User.phone")
    assert rotation.rotate(column) == (10, 0)
    assert rotation.under_older_keys(column) == 0


def test_every_encrypted_field_of_the_portal_is_found() -> None:
    names = {str(column) for column in rotation.columns()}
    assert {"accounts.User.phone", "applications.Objection.name", "applications.Objection.contact"} <= names


def test_the_blind_index_is_equal_for_equal_text_and_apart_for_other_fields() -> None:
    assert blind_index("138 1234 5678", purpose="phone") == blind_index("１３８１２３４５６７８", purpose="phone")
    assert blind_index("13812345678", purpose="phone") != blind_index("13812345678", purpose="id")
    assert re.fullmatch("[0-9a-f]{64}", blind_index("x", purpose="y"))


def test_the_blind_index_has_a_known_value(settings) -> None:
    settings.INDEX_KEY = base64.b64encode(bytes(32)).decode()
    assert blind_index("a", purpose="b") == "6e515dcf947a8665f6e5aaa4b7224765eedaaa2b732babe6d879eb0031c58345"


def test_what_the_privacy_page_says_is_encrypted_is_all_that_is_and_all_of_it() -> None:
    said = (ROOT / "templates" / "web" / "privacy.html").read_text(encoding="utf-8")
    assert "登录账号的手机号、异议人的姓名和联系方式、投诉人的身份和所述内容、双因素验证的密钥加密后保存" in said
    columns = [str(column) for column in rotation.columns()]
    assert [column for column in columns if not column.startswith("complaints.")] == [
        "accounts.User.phone",
        "applications.Objection.contact",
        "applications.Objection.name",
        "mfa.Authenticator.data",
    ]
    assert {
        *(f"complaints.Complainant.{field}" for field in ("name", "phone", "mail", "business")),
        "complaints.Complaint.told",
        "complaints.Finding.record",
        "complaints.FindingObjection.text",
        "complaints.Supplement.answer",
    } <= set(columns)
