"""The words and numbers of the national ePROM interface, and where an order there stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from services.eprom.domain.misfit import Misfit
from services.eprom.domain.representation import FilledOutBy

NATIONAL = "national"
NOBODY = "00000000-0000-0000-0000-000000000000"


class DistributionRule(StrEnum):
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


UNSECURE_RULES = frozenset(
    {DistributionRule.ALLOW_UNSECURE, DistributionRule.ALLOW_UNSECURE_OR_PAPER, DistributionRule.UNSECURE_ONLY}
)


class NotificationChannel(StrEnum):
    """By which way the person was told; the place is the number."""

    NONE = "None"
    HELSENORGE = "Helsenorge"
    DIGITAL_MAILBOX = "DigitalMailbox"
    UNSECURE = "Unsecure"
    PHYSICAL_MAILBOX = "PhysicalMailbox"


class Status(StrEnum):
    """What is told of an order; the place is the number."""

    COMPLETED = "Completed"
    EXPIRED = "Expired"
    ORDERED = "Ordered"
    ERROR = "Error"
    PHYSICAL_MAIL_RETURNED = "PhysicalMailReturned"
    DIGIPOST_DELIVERED = "DigipostDelivered"


class StatusError(StrEnum):
    """Why an order failed; the place is the number."""

    NONE = "None"
    PATIENT_UNREACHABLE = "PatientUnreachable"
    DIGITAL_POST_ERROR = "SikkerDigitalPostError"


@dataclass(frozen=True)
class NationalForms:
    """How a registry uses the national ePROM: by which rule, and the id of each of its forms in the catalogue there."""

    rule: DistributionRule
    forms: Mapping[str, str]


class Standing(StrEnum):
    """Where an order that was placed there stands, as far as is known here."""

    ASKED = "asked"  # the call is under way, or was cut off
    TAKEN = "taken"  # they have it and tell later whether it reaches the person
    REACHED = "reached"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"  # it may have been taken; a person must look there
    ENDED = "ended"  # answered, expired, or lost after it had been sent


@dataclass(frozen=True, kw_only=True)
class News:
    """What the national ePROM tells of one order.

    `answers` by field, with the moment they were handed in, by whom, and what they say there of single fields.
    """

    form_order_id: str
    status: Status
    channel: NotificationChannel = NotificationChannel.NONE
    answers: Mapping[str, Any] | None = None
    handed_in_at: datetime | None = None
    warnings: Sequence[Misfit] = ()
    filled_out_by: FilledOutBy = FilledOutBy.PATIENT

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "News(...)"


C = TypeVar("C", bound=StrEnum)


def code_of(value: object, kind: type[C]) -> C | None:
    """What a name, in any case of its letters, or a number stands for; None for anything else."""
    codes = list(kind)
    if isinstance(value, int) and not isinstance(value, bool):
        return codes[value] if 0 <= value < len(codes) else None
    return next((code for code in codes if isinstance(value, str) and code.lower() == value.lower()), None)
