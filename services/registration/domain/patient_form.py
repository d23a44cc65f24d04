"""What eprom tells about a patient form, and which of it counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class PatientFormState(StrEnum):
    """As the list of patient forms shows it."""

    ORDERED = "ordered"
    SENT = "sent"
    REMINDED = "reminded"
    UNDELIVERED = "undelivered"  # no channel took the message
    ANSWERED = "answered"  # eprom has the answers, we do not yet
    STORED = "stored"
    EXPIRED = "expired"
    STOPPED = "stopped"


class FilledOutBy(StrEnum):
    """Who answered: the patient, or a parent in the place of a child."""

    PATIENT = "patient"
    PARENT = "parent"


REASON = "reason"  # stands in the rules of a registry where the code of a reason goes
SYSTEM = "registration"  # who does what no human being does, such as to lock a form that nobody answered
NOT_ORDERED = ""  # the order of a form that was stopped or closed before there was one
HELD = frozenset({PatientFormState.ANSWERED, PatientFormState.STORED})
_ENDED = frozenset({PatientFormState.EXPIRED, PatientFormState.STOPPED})


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing told about one order of a form."""

    order_id: str
    state: PatientFormState
    channel: str | None = None
    reason: int | None = None
    code: str | None = None  # why no channel took the message, or why the answers were refused

    @property
    def reason_of_end(self) -> int | None:
        """The register's reason why the form will not be answered; None for all other news."""
        return self.reason if self.state in _ENDED else None


def after(known: Told | None, told: Told) -> Told | None:
    """What is known afterwards; None when the news is old, or of an order that another has replaced."""
    if known is None:
        return told
    if known.order_id != told.order_id:
        is_new_order = told.state is PatientFormState.ORDERED and known.state not in HELD
        return told if is_new_order else None
    if known.state is PatientFormState.STORED:
        return None
    if known.state is PatientFormState.UNDELIVERED and told.state is PatientFormState.STOPPED and told.reason is None:
        return None  # the order ends because nobody could be reached; that is what is shown
    return replace(told, channel=told.channel or known.channel)
