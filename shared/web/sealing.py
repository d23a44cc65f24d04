"""Values at rest in the web tables that must not be read there: sealed under a key of the app's own secret."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class SealBrokenError(Exception):
    """A sealed value was changed, moved, or sealed under another secret."""


class Sealer:
    """Seals octets for one purpose with AES-256-GCM; `bound_to` is what the value belongs to."""

    def __init__(self, secret: str, purpose: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"web {purpose}".encode())
        self._cipher = AESGCM(derive.derive(secret.encode()))

    def seal(self, content: bytes, *, bound_to: str) -> bytes:
        """Return the sealed octets."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Return the octets sealed before; raises SealBrokenError."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
        except InvalidTag as error:
            raise SealBrokenError from error
