"""A Digipost message of the v8 schema, read strictly."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # documents with a DOCTYPE are refused before they are read

from deploy.standins.digipost_print import PrintDetails, check_printable, read_print_details
from deploy.standins.numbers import is_valid
from deploy.standins.refusals import Refused
from deploy.standins.wording import health_word_in, national_number_in

NAMESPACE = "http://api.digipost.no/schema/v8"
DATATYPES = "http://api.digipost.no/schema/datatypes"
_LEVELS = frozenset({"PASSWORD", "TWO_FACTOR", "IDPORTEN_3", "IDPORTEN_4"})
_STRONG = frozenset({"TWO_FACTOR", "IDPORTEN_4"})
_MESSAGE = (
    "message-id sender-id sender-organization recipient delivery-time invoice-reference primary-document attachment "
    "print-if-unread request-for-registration batch"
)
_DOCUMENT = (
    "uuid subject file-type opening-receipt opened sms-notification email-notification authentication-level "
    "sensitivity-level encrypted content-hash link data-type"
)
_MAGIC = {"pdf": b"%PDF-", "html": b"<"}
_LONGEST_SUBJECT, _LONGEST_SMS = 255, 160


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document of a message."""

    uuid: str
    subject: str
    file_type: str
    level: str
    link: str | None
    link_text: str


@dataclass(frozen=True, kw_only=True)
class DigipostMessage:
    """A message without faults; for a person with a number, for the printer, or for whichever of them takes it."""

    message_id: str
    number: str | None
    print_details: PrintDetails | None
    documents: tuple[Document, ...]
    alerts: tuple[str, ...]


def read_xml(text: bytes, root: str) -> ET.Element:
    """Parse a document whose root element is `root` of the v8 namespace; raises Refused."""
    if b"<!" in text.replace(b"<!--", b""):
        raise invalid("DOCTYPE and CDATA are not taken")
    try:
        element = ET.fromstring(text)  # noqa: S314 - no DOCTYPE, so no entities
    except ET.ParseError as error:
        raise invalid("the XML cannot be read") from error
    if element.tag != f"{{{NAMESPACE}}}{root}":
        raise invalid(f"the root element must be {root} of {NAMESPACE}")
    return element


def read_message(text: bytes, files: dict[str, bytes]) -> DigipostMessage:
    """Return the message; `files` are the other parts by file name. Raises Refused."""
    root = read_xml(text, "message")
    _check_order(root, _MESSAGE)
    primary = _child(root, "primary-document")
    if primary is None:
        raise invalid("primary-document is missing")
    elements = [primary, *root.findall(f"{{{NAMESPACE}}}attachment")]
    documents = tuple(_document(element) for element in elements)
    _check_files(documents, files)
    number, details = _recipient(root)
    if details is not None:
        for document in documents:
            check_printable(files[document.uuid])
    return DigipostMessage(
        message_id=_needed(root, "message-id"),
        number=number,
        print_details=details,
        documents=documents,
        alerts=tuple(alert for element in elements for alert in _alerts(element)),
    )


def recipient_number(element: ET.Element) -> str:
    """Return the personal identification number of an identification or recipient; raises Refused."""
    children = [_local(child) for child in element]
    if not children or children[0] != "personal-identification-number":
        raise invalid("the receiver is to be named by personal-identification-number")
    return (element[0].text or "").strip()


def invalid(reason: str, code: str = "INVALID_XML") -> Refused:
    """Return a refusal of a message."""
    return Refused(400, code, reason)


def _recipient(root: ET.Element) -> tuple[str | None, PrintDetails | None]:
    recipient = _child(root, "recipient")
    if recipient is None:
        raise invalid("recipient is missing")
    _check_order(recipient, "personal-identification-number print-details")
    details = _child(recipient, "print-details")
    shown = read_print_details(details) if details is not None else None
    if shown is not None and len(recipient) == 1:
        return None, shown
    number = recipient_number(recipient)
    if not is_valid(number):
        raise invalid("no such fødselsnummer or D-number", "INVALID_PERSONAL_IDENTIFICATION_NUMBER")
    return number, shown


def _document(element: ET.Element) -> Document:
    _check_order(element, _DOCUMENT)
    level, sensitivity = _needed(element, "authentication-level"), _needed(element, "sensitivity-level")
    if level not in _LEVELS or level not in _STRONG:
        raise Refused(403, "AUTHENTICATION_LEVEL", "health post needs TWO_FACTOR or IDPORTEN_4")
    if sensitivity != "SENSITIVE":
        raise Refused(403, "SENSITIVITY_LEVEL", "health post needs sensitivity-level SENSITIVE")
    subject, file_type = _needed(element, "subject"), _needed(element, "file-type")
    if len(subject) > _LONGEST_SUBJECT or file_type not in _MAGIC:
        raise invalid("subject has at most 255 signs and file-type is pdf or html")
    if national_number_in(subject):
        raise invalid("the subject holds a national number", "NATIONAL_NUMBER")
    link, text = _external_link(element)
    return Document(
        uuid=_uuid(_needed(element, "uuid")),
        subject=subject,
        file_type=file_type,
        level=level,
        link=link,
        link_text=text,
    )


def _external_link(element: ET.Element) -> tuple[str | None, str]:
    holder = _child(element, "data-type")
    link = holder.find(f"{{{DATATYPES}}}externalLink") if holder is not None else None
    if holder is not None and link is None:
        raise invalid(f"data-type must hold externalLink of {DATATYPES}", "DATA_TYPE")
    if link is None:
        return None, ""
    address = (link.findtext(f"{{{DATATYPES}}}url") or "").strip()
    if not re.fullmatch(r"https?://[^\s\"<>]+", address) or national_number_in(address):
        raise invalid("externalLink needs a url that is an address and holds no national number", "DATA_TYPE")
    return address, (link.findtext(f"{{{DATATYPES}}}button-text") or "").strip()


def _alerts(element: ET.Element) -> list[str]:
    found = [
        *(node.text or "" for node in element.iter(f"{{{NAMESPACE}}}text")),
        *(node.text or "" for node in element.findall(f"{{{NAMESPACE}}}email-notification/{{{NAMESPACE}}}subject")),
    ]
    for alert in found:
        if national_number_in(alert) or health_word_in(alert):
            raise Refused(403, "NOTIFICATION_TEXT", "a notification tells of health, department, registry or number")
    for node in element.findall(f"{{{NAMESPACE}}}sms-notification/{{{NAMESPACE}}}overrides/{{{NAMESPACE}}}text"):
        if len(node.text or "") > _LONGEST_SMS:
            raise invalid(f"an SMS notification has at most {_LONGEST_SMS} signs")
    return found


def _check_files(documents: tuple[Document, ...], files: dict[str, bytes]) -> None:
    named = [document.uuid for document in documents]
    if len(set(named)) != len(named) or set(files) != set(named):
        raise invalid("there must be one part for each document, named by its uuid", "CONTENT_MISSING")
    for document in documents:
        if not files[document.uuid].lstrip().startswith(_MAGIC[document.file_type]):
            raise invalid(f"a document is no {document.file_type}", "FILE_TYPE")


def _check_order(element: ET.Element, names: str) -> None:
    order = names.split()
    found = [_local(child) for child in element]
    unknown = [name for name in found if name not in order]
    places = [order.index(name) for name in found if name in order]
    if unknown or places != sorted(places):
        raise invalid(f"the children of {_local(element)} are unknown or not in the order of the schema")


def _needed(element: ET.Element, name: str) -> str:
    text = (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()
    if not text:
        raise invalid(f"{name} is missing")
    return text


def _child(element: ET.Element, name: str) -> ET.Element | None:
    return element.find(f"{{{NAMESPACE}}}{name}")


def _local(element: ET.Element) -> str:
    namespace, _, name = element.tag[1:].rpartition("}")
    return name if namespace == NAMESPACE else element.tag


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise invalid("uuid is none") from error
