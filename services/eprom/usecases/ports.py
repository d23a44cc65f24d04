"""What eprom needs of the outside world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class OutsideUnavailable(Exception):  # noqa: N818 - says what is, not that something went wrong here
    """A service or channel outside did not answer; try again later."""


class RecipientGone(Exception):  # noqa: N818 - says what is
    """Nobody may be written to: unknown, dead, reserved or withdrawn."""


@dataclass(frozen=True)
class Recipient:
    """Who a message goes to. Asked for at each dispatch, used and forgotten; never stored or logged."""

    number: str

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Recipient(...)"


@dataclass(frozen=True)
class Contact:
    """What the contact register says of the recipient now."""

    language: str
    email: str | None
    mobile: str | None
    is_reserved: bool = False  # against digital post from the public sector

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Contact(...)"


@dataclass(frozen=True)
class Letter:
    """A message without health data: no department, no registry, no diagnosis. `message_id` makes repeats harmless.

    `button` is what the link is called where it has a name. The form closes at `closes_at`.
    """

    message_id: str
    title: str
    text: str
    link: str
    button: str
    closes_at: datetime


class Recipients(Protocol):
    """Registration, which alone knows who a PID is."""

    def look_up(self, pid: int, course_id: int) -> Recipient:
        """The recipient; raises RecipientGone or OutsideUnavailable."""
        ...


class ContactRegister(Protocol):
    """KRR."""

    def look_up(self, recipient: Recipient) -> Contact:
        """How the person can be reached today; raises OutsideUnavailable."""
        ...


class Channel(Protocol):
    """One way to a person."""

    name: str

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Deliver; False when the person cannot be reached this way; raises OutsideUnavailable."""
        ...
