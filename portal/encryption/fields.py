"""Fields that are ciphertext in the database: AES-256-GCM with a key id, so that keys can be rotated."""

import base64
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NONCE_BYTES = 12


def encrypt(text: str) -> str:
    """Return `<key id>$<base64 of nonce and ciphertext>` under the newest key."""
    key_id, key = newest_key()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}${base64.b64encode(nonce + sealed).decode()}"


def decrypt(token: str) -> str:
    """Return the text of a token made by `encrypt`, under whichever key it names. Raises InvalidTag if altered."""
    key_id, _, payload = token.partition("$")
    keys: dict[str, str] = settings.FIELD_KEYS
    if key_id not in keys:
        raise ImproperlyConfigured(f"FIELD_KEYS lacks the key {key_id!r} that stored data was encrypted with.")
    raw = base64.b64decode(payload)
    return AESGCM(_key(keys[key_id])).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()


def newest_key() -> tuple[str, bytes]:
    """Return the id and the 32 bytes of the key that new data is encrypted with: the last in FIELD_KEYS."""
    key_id = list(settings.FIELD_KEYS)[-1]
    return key_id, _key(settings.FIELD_KEYS[key_id])


def _key(encoded: str) -> bytes:
    key = base64.b64decode(encoded)
    if len(key) != 32:
        raise ImproperlyConfigured("Each key in FIELD_KEYS must be 32 bytes, base64.")
    return key


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that only the application can read. It cannot be filtered or ordered by."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return value if value in (None, "") else decrypt(value)
