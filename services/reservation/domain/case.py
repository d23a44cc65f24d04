"""A case about one right of one person, and the receipts it waits for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.reservation.domain.errors import RuleBroken

# Eleven digits, also when blanks, dots or hyphens stand between them.
_NUMBER = re.compile(r"(?<!\d)(?:\d[ .\-]?){10}\d(?!\d)")
RECEIPTS_OF_ERASURE = frozenset({"registration", "eprom", "release", "identity"})


class CaseKind(StrEnum):
    """Which right is used."""

    RESERVATION = "reservation"
    WITHDRAWAL = "withdrawal"  # the reservation is taken back
    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"


class CaseState(StrEnum):
    """Received; being carried out by the services; closed."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Channel(StrEnum):
    """How the message came in."""

    CITIZEN_PAGE = "citizen_page"
    HELSENORGE = "helsenorge"
    CLINICIAN = "clinician"
    PAPER = "paper"
    SECURE_MESSAGE = "secure_message"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"


class LetterState(StrEnum):
    """The letter that ends a case: none; due; in the mailbox; not taken by it; to be printed; posted on paper."""

    NONE = "none"
    DUE = "due"
    SENT = "sent"
    REFUSED = "refused"
    TO_PRINT = "to_print"
    POSTED = "posted"


# Somebody must post the letter; the number is kept for the address.
BY_HAND = frozenset({LetterState.REFUSED, LetterState.TO_PRINT})


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `receipts` are the services that have said they are done."""

    kind: CaseKind
    state: CaseState
    channel: Channel
    received_on: date
    receipts: frozenset[str] = frozenset()

    @property
    def missing_receipts(self) -> frozenset[str]:
        """The services that have not confirmed yet."""
        return RECEIPTS_OF_ERASURE - self.receipts if self.kind is CaseKind.RESERVATION else frozenset()


def with_receipt(case: Case, service: str) -> Case:
    """The case after a service has confirmed; the last receipt closes it. A second receipt changes nothing."""
    if service not in RECEIPTS_OF_ERASURE:
        raise RuleBroken("unknown_receipt")
    case = replace(case, receipts=case.receipts | {service})
    if case.state is CaseState.WAITING and not case.missing_receipts:
        return replace(case, state=CaseState.CLOSED)
    return case


def refuse_identity_in(text: str) -> None:
    """A clinician's message carries a PID; a text that seems to hold an identity number is refused unread."""
    if _NUMBER.search(text):
        raise RuleBroken("text_holds_identity_number")
