"""The words and numbers of the national ePROM interface; a caller may send either, whatever the case of the letters."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

NOBODY = "00000000-0000-0000-0000-000000000000"


class Rule(StrEnum):
    """Which ways are tried; the place in this list is the number."""

    BASIC = "Basic"
    ALLOW_UNSECURE = "AllowUnsecure"
    NO_DISTRIBUTION = "NoDistribution"
    BASIC_OR_PAPER = "BasicOrPaper"
    ALLOW_UNSECURE_OR_PAPER = "AllowUnsecureOrPaper"
    PAPER_ONLY = "PaperOnly"
    HELSENORGE_ONLY = "HelsenorgeOnly"
    DIGITAL_MAILBOX_ONLY = "DigitalMailboxOnly"
    UNSECURE_ONLY = "UnsecureOnly"


class Way(StrEnum):
    """Notification channels; the place is the number."""

    NONE = "None"
    HELSENORGE = "Helsenorge"
    MAILBOX = "DigitalMailbox"
    UNSECURE = "Unsecure"
    PAPER = "PhysicalMailbox"


class Status(StrEnum):
    """What became of an order; the place is the number."""

    COMPLETED = "Completed"
    EXPIRED = "Expired"
    ORDERED = "Ordered"
    ERROR = "Error"
    PAPER_RETURNED = "PhysicalMailReturned"
    DIGIPOST_DELIVERED = "DigipostDelivered"


class ErrorCode(StrEnum):
    """Why an order failed; the place is the number."""

    NONE = "None"
    UNREACHABLE = "PatientUnreachable"
    MAILBOX_FAILED = "SikkerDigitalPostError"


_BASIC = (Way.HELSENORGE, Way.MAILBOX)
WAYS: dict[Rule, tuple[Way, ...]] = {
    Rule.BASIC: _BASIC,
    Rule.ALLOW_UNSECURE: (*_BASIC, Way.UNSECURE),
    Rule.NO_DISTRIBUTION: (),
    Rule.BASIC_OR_PAPER: (*_BASIC, Way.PAPER),
    Rule.ALLOW_UNSECURE_OR_PAPER: (*_BASIC, Way.UNSECURE, Way.PAPER),
    Rule.PAPER_ONLY: (Way.PAPER,),
    Rule.HELSENORGE_ONLY: (Way.HELSENORGE,),
    Rule.DIGITAL_MAILBOX_ONLY: (Way.MAILBOX,),
    Rule.UNSECURE_ONLY: (Way.UNSECURE,),
}
C = TypeVar("C", bound=StrEnum)


def read_code(value: Any, kind: type[C]) -> C | None:
    """Return what a name or a number means; None for anything else."""
    codes = list(kind)
    if isinstance(value, int) and not isinstance(value, bool):
        return codes[value] if 0 <= value < len(codes) else None
    return next((code for code in codes if isinstance(value, str) and code.lower() == value.lower()), None)


def number_of(code: StrEnum) -> int:
    """Return the number of a code."""
    return list(type(code)).index(code)
