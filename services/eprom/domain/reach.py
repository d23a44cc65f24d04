"""Why a message did or did not reach a person, in codes that may be shown to clinicians; never contact data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PAPER = "paper"
CONTACT_LASTS_MONTHS = 18
_MONTHS_A_YEAR = 12


class Outcome(StrEnum):
    """How one attempt at one channel ended."""

    TAKEN = "taken"
    NOT_REACHED = "not_reached"  # this channel does not lead to this person
    OUTAGE = "outage"  # may be better later
    REFUSED = "refused"  # will not be better by itself


class ReachCode(StrEnum):
    """What was in the way."""

    NOT_ACTIVE_ON_HELSENORGE = "not_active_on_helsenorge"
    NO_MAILBOX = "no_mailbox"  # no digital mailbox at the provider
    RESERVED_IN_KRR = "reserved_in_krr"  # against digital post, not against the registry
    CONTACT_TOO_OLD = "contact_too_old"  # not confirmed for eighteen months
    NO_CONTACT = "no_contact"  # neither e-mail address nor mobile number that works
    NO_ADDRESS = "no_address"  # no postal address in Norway
    PROTECTED_ADDRESS = "protected_address"
    NO_DIGITAL_CHANNEL = "no_digital_channel"  # each channel has its own reason
    NOT_REACHED = "not_reached"  # the channel tells no reason
    NO_REPRESENTATIVE = "no_representative"  # a child, and nobody who may answer for it
    RECIPIENT_GONE = "recipient_gone"  # dead, reserved, withdrawn or unknown
    REGISTER_OUTAGE = "register_outage"  # who it is, or how to reach them, could not be looked up
    CHANNEL_OUTAGE = "channel_outage"
    DELAYED = "delayed"  # an outage keeps it back; it is tried anew
    CHANNEL_REFUSED = "channel_refused"
    UNKNOWN_OUTCOME = "unknown_outcome"  # may have been delivered; nobody may repeat it blindly


@dataclass(frozen=True)
class Attempt:
    """One attempt to reach a person by a channel, or to look up how; `code` unless it was taken.

    `message_id` is that of a parent's own message; empty where the order's message was tried.
    """

    channel: str
    outcome: Outcome
    code: ReachCode | None = None
    message_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Reachability:
    """What the contact register says of a person, as far as it explains a channel's answer."""

    is_reserved: bool
    is_old: bool


_WITHOUT_ADDRESS = {
    "helsenorge": ReachCode.NOT_ACTIVE_ON_HELSENORGE,
    "digipost": ReachCode.NO_MAILBOX,
    "email_sms": ReachCode.NO_CONTACT,
    PAPER: ReachCode.NO_ADDRESS,
}
_MIND_RESERVATION = frozenset({"digipost", "email_sms"})
_TELLING = (ReachCode.PROTECTED_ADDRESS, ReachCode.RESERVED_IN_KRR, ReachCode.CONTACT_TOO_OLD)


def why_not(channel: str, person: Reachability) -> ReachCode:
    """Why a channel does not lead to a person."""
    if channel in _MIND_RESERVATION and person.is_reserved:
        return ReachCode.RESERVED_IN_KRR
    if channel == "email_sms" and person.is_old:
        return ReachCode.CONTACT_TOO_OLD
    return _WITHOUT_ADDRESS.get(channel, ReachCode.NOT_REACHED)


def summed_up(codes: Sequence[ReachCode]) -> ReachCode:
    """The one code that says most about why no channel led to a person."""
    for code in _TELLING:
        if code in codes:
            return code
    return codes[0] if len(set(codes)) == 1 else ReachCode.NO_DIGITAL_CHANNEL


def is_too_old(confirmed_on: date, today: date) -> bool:
    """Whether contact data confirmed on a day may no longer be used: eighteen months later, to the day."""
    months = (today.year - confirmed_on.year) * _MONTHS_A_YEAR + today.month - confirmed_on.month
    return months > CONTACT_LASTS_MONTHS or (months == CONTACT_LASTS_MONTHS and today.day >= confirmed_on.day)
