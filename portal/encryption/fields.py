"""Fields that are ciphertext in the database, each token with the id of its key, so that keys can be rotated."""

import base64
import binascii
import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from portal.encryption.ciphers import cipher, key_bytes

NONCE_BYTES = 12


def encrypt(text: str) -> str:
    """Return `<key id>$<base64 of nonce and ciphertext>` under the newest key, in the cipher that its id names."""
    key_id, key = newest_key()
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher(key_id, key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}${base64.b64encode(nonce + sealed).decode()}"


def decrypt(token: str) -> str:
    """Return the text of a token made by `encrypt`, under whichever key it names. Raises InvalidTag if altered."""
    key_id, _, payload = token.partition("$")
    keys: dict[str, str] = settings.FIELD_KEYS
    if key_id not in keys:
        raise ImproperlyConfigured(f"FIELD_KEYS lacks the key {key_id!r} that stored data was encrypted with.")
    raw = base64.b64decode(payload)
    opened = cipher(key_id, key_of(key_id)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode())
    return opened.decode()


def newest_key() -> tuple[str, bytes]:
    """Return the id and the bytes of the key that new data is encrypted with: the last in FIELD_KEYS."""
    key_id = list(settings.FIELD_KEYS)[-1]
    return key_id, key_of(key_id)


def key_of(key_id: str) -> bytes:
    """Return the bytes of a key in FIELD_KEYS. Raises ImproperlyConfigured if they are not as many as its cipher has.

    The id may not hold `$`, which ends it in a token.
    """
    try:
        key = base64.b64decode(settings.FIELD_KEYS[key_id], validate=True)
    except binascii.Error:
        key = b""
    if len(key) != key_bytes(key_id) or "$" in key_id:
        raise ImproperlyConfigured(f"The key {key_id!r} in FIELD_KEYS must be {key_bytes(key_id)} bytes, base64.")
    return key


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that only the application can read. It cannot be filtered or ordered by."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return value if value in (None, "") else decrypt(value)
