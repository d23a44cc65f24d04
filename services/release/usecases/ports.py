"""What the use cases need from outside; the gateways give it."""

from __future__ import annotations

from typing import Protocol


class ExtractSource(Protocol):
    """Where finished extracts are fetched: registration."""

    def fetch(self, extract_id: str) -> bytes | None:
        """Return the encrypted file, or None if registration has it no more; raises ServiceUnavailable."""


class DeliveryFiles(Protocol):
    """Where encrypted files lie until they are handed out or their time is over."""

    def write(self, extract_id: str, content: bytes) -> None:
        """Keep a file, whole or not at all."""

    def read(self, extract_id: str) -> bytes | None:
        """Return a file, or None if it is not here."""

    def remove(self, extract_id: str) -> None:
        """Delete a file; one that is not here is no fault."""


class RecipientKeys(Protocol):
    """Knows the public keys that files are encrypted to."""

    def is_valid(self, key: str) -> bool:
        """Tell whether a text is an age public key."""
