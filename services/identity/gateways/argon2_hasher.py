"""Argon2id for passwords and one-time codes."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_LONGEST = 1024


class Argon2Hasher:
    """Hashes with the cost given by the settings; a missing account costs the same as a wrong password."""

    def __init__(self, *, time_cost: int, memory_kib: int, parallelism: int) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, secret: str) -> str:
        """The salted hash, with its cost in it."""
        return self._hasher.hash(secret)

    def verify(self, stored: str | None, typed: str) -> bool:
        """Tell whether it is the secret; without a stored hash the answer is no, after the same time."""
        # Longer than any password we accept: cut, so that nobody makes the hash function chew on megabytes.
        try:
            is_right = self._hasher.verify(stored or self._nobody, typed[:_LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return is_right and stored is not None
