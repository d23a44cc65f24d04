"""Sealed values: AES-256-GCM with key ids, bound to their row, and one data key a person."""

import secrets
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.db.keys import KeyRing

_VERSION = 1
_NONCE_BYTES, _KEY_BYTES = 12, 32


class CannotOpen(Exception):  # noqa: N818 - says what is
    """The value was changed, moved to another row, or sealed with a key we do not have."""


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"smertereg/{purpose}".encode()).derive(key))


def _seal(box: AESGCM, key_id: str, content: bytes, bound_to: bytes) -> bytes:
    name, nonce = key_id.encode(), secrets.token_bytes(_NONCE_BYTES)
    return bytes([_VERSION, len(name)]) + name + nonce + box.encrypt(nonce, content, bound_to)


def _open(box: AESGCM, blob: bytes, bound_to: bytes) -> bytes:
    start = 2 + blob[1]
    try:
        return box.decrypt(blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :], bound_to)
    except InvalidTag:
        raise CannotOpen("sealed value does not open here") from None


@dataclass(frozen=True, repr=False)
class Cipher:
    """Seals texts for one purpose; a value sealed for another purpose or row does not open."""

    ring: KeyRing
    purpose: str

    def seal(self, text: str, *, bound_to: str) -> bytes:
        """Seal with the current key: version, key id, nonce, ciphertext."""
        box = _derived(self.ring.key(self.ring.current_id), self.purpose)
        return _seal(box, self.ring.current_id, text.encode(), bound_to.encode())

    def open(self, blob: bytes, *, bound_to: str) -> str:
        """The text; raises CannotOpen."""
        box = _derived(self.ring.key(self.key_id_of(blob)), self.purpose)
        return _open(box, blob, bound_to.encode()).decode()

    def reseal(self, blob: bytes, *, bound_to: str) -> bytes:
        """The same text under the current key, for rotation."""
        return self.seal(self.open(blob, bound_to=bound_to), bound_to=bound_to)

    @staticmethod
    def key_id_of(blob: bytes) -> str:
        """The id of the key that sealed the value."""
        if len(blob) < 2 or blob[0] != _VERSION:  # noqa: PLR2004 - version and length
            raise CannotOpen("not a sealed value")
        return blob[2 : 2 + blob[1]].decode()


@dataclass(frozen=True, repr=False)
class PersonCipher:
    """Seals the values of one person with that person's key."""

    key: bytes

    @cached_property
    def _box(self) -> AESGCM:
        return AESGCM(self.key)

    def seal(self, text: str, *, bound_to: str) -> bytes:
        """Seal one value of the person."""
        return _seal(self._box, "p", text.encode(), bound_to.encode())

    def open(self, blob: bytes, *, bound_to: str) -> str:
        """The text; raises CannotOpen."""
        return _open(self._box, bytes(blob), bound_to.encode()).decode()


@dataclass(frozen=True, repr=False)
class PersonKeys:
    """One data key a person, sealed by the master key: destroy the sealed key, and the person's data are gone."""

    cipher_of_keys: Cipher

    def new(self, bound_to: str = "") -> bytes:
        """A fresh data key, sealed."""
        return self.cipher_of_keys.seal(secrets.token_hex(_KEY_BYTES), bound_to=bound_to)

    def cipher(self, wrapped: bytes, bound_to: str = "") -> PersonCipher:
        """What seals and opens this person's values."""
        return PersonCipher(bytes.fromhex(self.cipher_of_keys.open(bytes(wrapped), bound_to=bound_to)))

    def rewrap(self, wrapped: bytes, bound_to: str = "") -> bytes:
        """The same data key under the current master key."""
        return self.cipher_of_keys.reseal(bytes(wrapped), bound_to=bound_to)
