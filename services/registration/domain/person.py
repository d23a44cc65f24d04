"""A person as the person store and the population register know one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PROTECTED = frozenset({"confidential", "strictly_confidential"})


class Sex(StrEnum):
    """As the population register says."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What identifies a person. Lives in the person store only; never logged, never in an event."""

    number: str
    number_kind: str
    name: str
    birth_on: date | None
    sex: Sex = Sex.UNKNOWN
    municipality: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    died_on: date | None = None
    protection: str = "unclassified"

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "PersonFacts(...)"

    def without_protected_address(self) -> PersonFacts:
        """The same person without what may not be stored when the address is protected."""
        if self.protection not in PROTECTED:
            return self
        kept = {**self.__dict__, "address": "", "municipality": ""}
        return PersonFacts(**kept)


@dataclass(frozen=True, kw_only=True)
class PersonName:
    """The little of a person that a list shows."""

    number: str
    name: str
    birth_on: date | None
    sex: Sex

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "PersonName(...)"
