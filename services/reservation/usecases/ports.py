"""What reservation needs of the outside world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class OutsideUnavailable(Exception):  # noqa: N818 - says what is, not that something went wrong here
    """A mailbox provider did not answer; try again later."""


class LetterRefused(Exception):  # noqa: N818 - says what happened
    """A mailbox provider does not take a letter, however often it is tried; the text is the provider's code."""


@dataclass(frozen=True)
class Letter:
    """A letter ready to go; `message_id`, a UUID, makes repeats harmless."""

    message_id: str
    title: str
    content: bytes = field(repr=False)


class Mailbox(Protocol):
    """Somebody who lays letters into citizens' mailboxes."""

    def send(self, number: str, letter: Letter) -> bool:
        """Lay a letter into the mailbox; False for somebody without one. Raises OutsideUnavailable, LetterRefused."""
