"""A letter in the citizen's mailbox at Digipost."""

from __future__ import annotations

from services.eprom.gateways.digipost_letter import document_html, message_xml
from services.eprom.gateways.digipost_line import DigipostLine
from services.eprom.gateways.outside import refusal
from services.eprom.usecases.ports import Contact, Letter, Recipient

_NOT_FOUND, TAKEN = 404, frozenset({200, 409})  # 409: this id was taken before, with the words of another day
_NO_MAILBOX = b"UNKNOWN_RECIPIENT"


class Digipost:
    """Digital post by Digipost."""

    name = "digipost"

    def __init__(self, line: DigipostLine) -> None:
        self._line = line

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Lay a letter in the mailbox; False for somebody without one, or reserved.

        Raises OutsideUnavailable, LastingFault when the letter itself is refused.
        """
        if contact.is_reserved:
            return False
        message = message_xml(letter, recipient.number)
        answer = self._line.hand_over(letter.message_id, message, document_html(letter))
        if answer.status_code in TAKEN:
            return True
        if answer.status_code == _NOT_FOUND and _NO_MAILBOX in answer.content:
            return False
        raise refusal(self.name, answer.status_code)
