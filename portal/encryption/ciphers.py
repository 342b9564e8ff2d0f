"""The two ciphers of stored data, both authenticated (GCM): AES-256 and, for who must use national ones, SM4.

A key id that begins with `sm4-` names SM4; every other names AES. So each stored token says what opens it.
"""

from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SM4_IDS = "sm4-"
AES_BYTES, SM4_BYTES, TAG_BYTES = 32, 16, 16


class Sealing(Protocol):
    """What encrypts and authenticates at once; `data` is bound to the text without being stored."""

    def encrypt(self, nonce: bytes, text: bytes, data: bytes, /) -> bytes:
        """Return ciphertext and tag."""

    def decrypt(self, nonce: bytes, sealed: bytes, data: bytes, /) -> bytes:
        """Return the text. Raises InvalidTag if a bit was altered."""


class SM4GCM:
    """SM4 in GCM mode (GB/T 32907, RFC 8998), used as AESGCM is: the 16 bytes of the tag end the ciphertext."""

    def __init__(self, key: bytes) -> None:
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, text: bytes, data: bytes) -> bytes:
        """Return ciphertext and tag."""
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(data)
        return encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, sealed: bytes, data: bytes) -> bytes:
        """Return the text. Raises InvalidTag if a bit was altered."""
        text, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(self._cipher, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(data)
        return decryptor.update(text) + decryptor.finalize()


def key_bytes(key_id: str) -> int:
    """Return how many bytes a key of that id has."""
    return SM4_BYTES if key_id.startswith(SM4_IDS) else AES_BYTES


def cipher(key_id: str, key: bytes) -> Sealing:
    """Return the cipher a key id names, ready with its key."""
    return SM4GCM(key) if key_id.startswith(SM4_IDS) else AESGCM(key)
