"""One attempt at one channel, and what came of it."""

from __future__ import annotations

from services.eprom.domain.reach import Attempt, Outcome, Reachability, ReachCode, why_not
from services.eprom.usecases.ports import (
    Channel,
    Contact,
    LastingFault,
    Letter,
    OutsideUnavailable,
    Recipient,
    ToldLater,
)


def try_channel(
    channel: Channel, recipient: Recipient, contact: Contact, letter: Letter
) -> tuple[Attempt, OutsideUnavailable | None]:
    """What the channel said, and the fault that keeps the message back, if there is one."""
    person = Reachability(is_reserved=contact.is_reserved, is_old=contact.is_old)
    try:
        is_taken = channel.send(recipient, contact, letter)
    except LastingFault as fault:
        return Attempt(channel.name, Outcome.REFUSED, fault.code), fault
    except ToldLater as fault:
        return Attempt(channel.name, Outcome.TAKEN), fault
    except OutsideUnavailable as fault:
        return Attempt(channel.name, Outcome.OUTAGE, ReachCode.CHANNEL_OUTAGE), fault
    if is_taken:
        return Attempt(channel.name, Outcome.TAKEN), None
    return Attempt(channel.name, Outcome.NOT_REACHED, why_not(channel.name, person)), None
