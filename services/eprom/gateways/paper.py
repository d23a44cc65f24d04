"""A letter on paper, printed and posted by Digipost, for whom no other channel reaches."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET  # only written here, never read

from services.eprom.domain.deadlines import oslo_date
from services.eprom.domain.links import grouped
from services.eprom.domain.reach import PAPER
from services.eprom.gateways.digipost import TAKEN
from services.eprom.gateways.digipost_letter import HEALTH_POST
from services.eprom.gateways.digipost_line import DigipostLine
from services.eprom.gateways.outside import refusal
from services.eprom.usecases.ports import (
    Addresses,
    Contact,
    Letter,
    OutsideUnavailable,
    PaperForm,
    PostalAddress,
    Recipient,
    RecipientGone,
)
from shared.auth.digipost import V8, add, document_id
from shared.ui.letters.make_letter import Value, make_printed_letter, title_of

_TEMPLATE = "form_to_answer"
_TO_PRINT = (("color", "MONOCHROME"), ("nondeliverable-handling", "RETURN_TO_SENDER"))


@dataclass(frozen=True)
class Writer:
    """Who signs a letter, where it returns to when nobody takes it, and the address of the pages for patients."""

    name: str
    returns_to: PostalAddress
    home: str


class Paper:
    """Print by Digipost. It is told name and address and no number, and the envelope shows nothing else."""

    name = PAPER

    def __init__(self, line: DigipostLine, addresses: Addresses, writer: Writer) -> None:
        self._line, self._addresses, self._writer = line, addresses, writer

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Have a letter printed and posted; False without an address that may be told.

        Raises OutsideUnavailable, and LastingFault when the printer refuses the letter.
        """
        address = self._address(letter.paper) if letter.paper and not recipient.is_protected else None
        if letter.paper is None or address is None:
            return False
        values = self._values(letter.paper)
        message = self._message(letter.message_id, title_of(_TEMPLATE, values, contact.language), address)
        pdf = make_printed_letter(_TEMPLATE, values, contact.language)
        answer = self._line.hand_over(letter.message_id, message, pdf)
        if answer.status_code in TAKEN:
            return True
        raise refusal(self.name, answer.status_code)

    def _address(self, paper: PaperForm) -> PostalAddress | None:
        try:
            return self._addresses.find_address(paper.pid, paper.course_id)
        except RecipientGone:  # since a moment ago; the next try ends the order
            raise OutsideUnavailable("registration: gone") from None

    def _values(self, paper: PaperForm) -> dict[str, Value]:
        return {
            "sender": self._writer.name,
            "day": paper.written_on,
            "address": self._writer.home,
            "code": grouped(paper.code),
            "link": paper.link,
            "last_day": oslo_date(paper.closes_at),
        }

    def _message(self, message_id: str, title: str, address: PostalAddress) -> ET.Element:
        """The message; its elements stand in the order of the schema."""
        root = ET.Element(f"{{{V8}}}message")
        add(root, "message-id", message_id)
        details = add(add(root, "recipient"), "print-details")
        _add_address(add(details, "recipient"), address)
        _add_address(add(details, "return-address"), self._writer.returns_to)
        for name, value in _TO_PRINT:
            add(details, name, value)
        document = add(root, "primary-document")
        add(document, "uuid", document_id(message_id))
        for name, value in (("subject", title), ("file-type", "pdf"), *HEALTH_POST):
            add(document, name, value)
        return root


def _add_address(parent: ET.Element, address: PostalAddress) -> None:
    add(parent, "name", address.name)
    inner = add(parent, "norwegian-address")
    if address.line:
        add(inner, "addressline1", address.line)
    add(inner, "zip-code", address.postcode)
    add(inner, "city", address.city)
