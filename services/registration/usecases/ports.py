"""What registration needs of the outside world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from services.registration.domain.course import LegalBasis
from services.registration.domain.patient_form import FilledOutBy
from services.registration.domain.person import PersonFacts
from services.registration.domain.representation import Family


class OutsideUnavailable(Exception):  # noqa: N818 - says what is, not that something went wrong here
    """A register or service outside did not answer; try again later."""

    code = "outside_unavailable"


class PopulationRegister(Protocol):
    """Folkeregisteret, through the health sector's person service."""

    def look_up(self, number: str) -> PersonFacts | None:
        """The person with this number, or None; raises OutsideUnavailable."""
        ...

    def family_of(self, number: str) -> Family:
        """Who has parental responsibility for the child with this number now; raises OutsideUnavailable."""
        ...


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What the population register tells after a position: persons as they are now, and the newest position."""

    position: int
    persons: Sequence[PersonFacts]


class PopulationFeed(Protocol):
    """What has changed in Folkeregisteret."""

    def newest(self) -> int:
        """The newest position; raises OutsideUnavailable."""
        ...

    def after(self, position: int) -> Changes:
        """The next changes after a position, the same position if there are none; raises OutsideUnavailable."""
        ...


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """What came with answers and did not fit: a field, its value, or a warning about it."""

    field: str
    value: str = ""
    warning: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a patient has answered, as eprom hands it over, and what did not fit the form."""

    order_id: str
    course_id: int
    pid: int
    form: str
    definition_version: int
    document: Mapping[str, Any]
    answered_at: datetime
    filled_out_by: FilledOutBy = FilledOutBy.PATIENT
    misfits: Sequence[Misfit] = ()

    def __repr__(self) -> str:
        """Say nothing about the answers: a traceback may end in a log."""
        return f"Answers({self.order_id})"


class PatientAnswers(Protocol):
    """Answers that eprom holds until registration has stored them."""

    def fetch(self, order_id: str) -> Answers | None:
        """The answers of an order, or None if eprom has them no more; raises OutsideUnavailable."""
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


class RecipientKeyWrong(Exception):  # noqa: N818 - says what is
    """Nothing can be encrypted to this key."""


class ExtractPackage(Protocol):
    """How an extract is packed for its recipient."""

    def pack(self, tables: Mapping[str, Iterable[Sequence[str]]], recipient_key: str) -> bytes:
        """Tables by name, encrypted to a public key; raises RecipientKeyWrong."""
        ...


class RegistryRules(Protocol):
    """What opening a course needs to know of a registry's definition."""

    @property
    def key(self) -> str:
        """The registry's key."""
        ...

    @property
    def form_count(self) -> int:
        """How many forms a course has."""
        ...

    @property
    def first_type(self) -> int:
        """The type of a course in which nothing is answered yet."""
        ...

    @property
    def asks_inclusion(self) -> bool:
        """Whether a form decides on inclusion; without one everybody is included."""
        ...

    def basis_on(self, day: date) -> LegalBasis:
        """The legal basis in force on a day."""
        ...
