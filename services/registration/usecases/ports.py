"""What registration needs of the outside world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from services.registration.domain.course import LegalBasis
from services.registration.domain.person import PersonFacts


class OutsideUnavailable(Exception):  # noqa: N818 - says what is, not that something went wrong here
    """A register or service outside did not answer; try again later."""


class PopulationRegister(Protocol):
    """Folkeregisteret, through the health sector's person service."""

    def look_up(self, number: str) -> PersonFacts | None:
        """The person with this number, or None; raises OutsideUnavailable."""
        ...


class PatientAnswers(Protocol):
    """Answers that eprom holds until registration has stored them."""

    def fetch(self, order_id: str) -> Mapping[str, Any]:
        """The document of an answered form; raises OutsideUnavailable."""
        ...


class ExtractFiles(Protocol):
    """Where finished extracts lie until release has fetched them."""

    def write(self, extract_id: str, content: bytes) -> str:
        """Keep the encrypted file and return its SHA-256 in hex."""
        ...

    def read(self, extract_id: str) -> bytes:
        """The encrypted file."""
        ...

    def remove(self, extract_id: str) -> None:
        """Delete the file, if it is there."""
        ...


class RegistryRules(Protocol):
    """What opening a course needs to know of a registry's definition."""

    key: str
    form_count: int

    def basis_on(self, day: date) -> LegalBasis:
        """The legal basis in force on a day."""
        ...
