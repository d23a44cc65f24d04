"""National numbers as reservation has them: a hash that finds, and a closed value that only a letter needs."""

from __future__ import annotations

from dataclasses import dataclass

from shared.db.encryption import Cipher
from shared.db.keyed_hash import KeyedHash


@dataclass(frozen=True, repr=False)
class Numbers:
    """`block` is the key of the block list, which registration has too; `cipher` is reservation's own."""

    block: KeyedHash
    cipher: Cipher

    def hash_of(self, number: str) -> str:
        """The person as the block list knows one."""
        return self.block.digest(number)

    def seal(self, number: str, *, place: str) -> bytes:
        """The number closed; it opens in the same place only, such as "case:<id>"."""
        return self.cipher.seal(number, bound_to=place)

    def open(self, sealed: bytes, *, place: str) -> str:
        """The number."""
        return self.cipher.open(bytes(sealed), bound_to=place)
