"""Two ciphers side by side: AES-256-GCM by default, SM4-GCM where the key id says so, both readable at once."""

import base64
from io import StringIO

import pytest
from cryptography.exceptions import InvalidTag
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.encryption.checks import keys_fit_their_ciphers, row_security_holds
from portal.encryption.ciphers import SM4GCM
from portal.encryption.fields import decrypt, encrypt
from tests.factories.people import person
from tests.factories.walls import as_the_portal_connects
from tests.portal.encryption.test_fields import stored_phone

AES, SM4 = base64.b64encode(b"a" * 32).decode(), base64.b64encode(b"s" * 16).decode()


def test_sm4_gcm_is_the_one_of_its_specification() -> None:
    """RFC 8998, appendix A.1."""
    cipher = SM4GCM(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    data = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    text = b"".join(bytes([byte]) * 8 for byte in bytes.fromhex("AABBCCDDEEFFEEAA"))
    sealed = cipher.encrypt(nonce, text, data)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert cipher.decrypt(nonce, sealed, data) == text


@given(st.text())
def test_what_sm4_seals_comes_back(text: str) -> None:
    cipher = SM4GCM(b"s" * 16)
    assert cipher.decrypt(b"n" * 12, cipher.encrypt(b"n" * 12, text.encode(), b"id"), b"id").decode() == text


@pytest.mark.parametrize("place", [0, 12, -1])
def test_an_altered_sm4_token_is_refused(settings, place: int) -> None:
    settings.FIELD_KEYS = {"sm4-1": SM4}
    key_id, _, payload = encrypt("13800000000").partition("$")
    raw = bytearray(base64.b64decode(payload))
    raw[place] ^= 1
    with pytest.raises(InvalidTag):
        decrypt(f"{key_id}${base64.b64encode(bytes(raw)).decode()}")


def test_the_last_key_decides_the_cipher_and_both_are_read(settings) -> None:
    settings.FIELD_KEYS = {"first": AES}
    by_aes = encrypt("张三")
    settings.FIELD_KEYS = {"first": AES, "sm4-2027": SM4}
    by_sm4 = encrypt("张三")
    assert [token.partition("$")[0] for token in (by_aes, by_sm4)] == ["first", "sm4-2027"]
    assert [decrypt(by_aes), decrypt(by_sm4)] == ["张三", "张三"]


def test_a_key_that_does_not_fit_its_cipher_is_found_at_the_start(settings) -> None:
    settings.FIELD_KEYS = {"first": AES, "sm4-2027": AES, "second": SM4, "third": "not base64", "a$b": AES}
    found = keys_fit_their_ciphers()
    assert [(each.id, each.level >= 40) for each in found] == [("encryption.E001", True)] * 4
    assert ["sm4-2027" in found[0].msg, "16 bytes" in found[0].msg, "32 bytes" in found[1].msg] == [True] * 3
    settings.FIELD_KEYS = {"sm4-2027": AES}
    with pytest.raises(ImproperlyConfigured, match="16 bytes"):
        encrypt("x")


def test_the_checks_are_registered(settings) -> None:
    settings.FIELD_KEYS = {"sm4-2027": AES}
    assert "encryption.E001" in {each.id for each in run_checks(tags=["security"])}


@pytest.mark.django_db
def test_rotation_goes_from_one_cipher_to_the_other_and_back(settings) -> None:
    settings.FIELD_KEYS = {"first": AES}
    user = person(phone="13812345678")
    for keys in ({"first": AES, "sm4-2027": SM4}, {"sm4-2027": SM4, "second": AES}):
        settings.FIELD_KEYS = keys
        call_command("rotate_keys", stdout=StringIO())
        assert stored_phone(user).startswith(f"{list(keys)[-1]}$")
        assert User.objects.get(pk=user.pk).phone == "13812345678"


@pytest.mark.django_db
def test_a_login_that_row_security_does_not_bind_is_warned_of() -> None:
    with as_the_portal_connects():
        assert row_security_holds(databases=["default"]) == []
    assert row_security_holds(databases=None) == []


@pytest.mark.django_db
def test_a_superuser_is_named_in_the_warning(monkeypatch) -> None:
    class Cursor:
        def __enter__(self) -> "Cursor":
            return self

        def __exit__(self, *problem: object) -> None: ...

        def execute(self, sql: str) -> None:
            assert "rolsuper OR rolbypassrls" in sql

        def fetchone(self) -> tuple[str, bool]:
            return ("boss", True)

    monkeypatch.setattr("portal.encryption.checks.connection.cursor", Cursor)
    (warning,) = row_security_holds(databases=["default"])
    assert (warning.id, "boss" in warning.msg) == ("encryption.W001", True)
