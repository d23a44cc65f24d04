"""Digipost's sender API, version 8: entry point, identification, messages with documents, status."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import NamedTuple
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from deploy.standins.digipost_message import (
    NAMESPACE,
    DigipostMessage,
    invalid,
    read_message,
    read_xml,
    recipient_number,
)
from deploy.standins.digipost_signature import check_signature, sign_answer
from deploy.standins.messages import Channel, Message, Repeat, keep_file, note, noted_answer
from deploy.standins.numbers import is_valid
from deploy.standins.parts import parts
from deploy.standins.persons import StandinPerson
from deploy.standins.refusals import Refused, remember_refusal

digipost = Blueprint("digipost", __name__, url_prefix="/digipost")
MEDIA, MULTIPART = "application/vnd.digipost-v8+xml", "multipart/vnd.digipost-v8+xml"
RELATIONS = "https://api.digipost.no/relations"
_MESSAGES, _DOCUMENTS = "digipost_message", "digipost_document"
digipost.after_request(sign_answer)


class _Way(NamedTuple):
    """How a message leaves, in the words of the answer."""

    method: str
    status: str


_MAILBOX, _PRINT = _Way("DIGIPOST", "DELIVERED"), _Way("PRINT", "DELIVERED_TO_PRINT")
ET.register_namespace("", NAMESPACE)


@digipost.errorhandler(Refused)
def as_error(refused: Refused) -> ResponseReturnValue:
    """Answer with the schema's error element."""
    remember_refusal(refused)
    kind = "SERVER" if refused.status >= 500 else "CLIENT_DATA"  # noqa: PLR2004 - the first server error
    fields = {"error-code": refused.code, "error-message": refused.reason, "error-type": kind}
    return _xml(_element("error", fields), refused.status)


@digipost.before_request
def check_caller() -> None:
    """Every request is signed by a registered broker."""
    g.broker = check_signature()


@digipost.get("/")
def entry_point() -> ResponseReturnValue:
    """Tell where to go, and with which certificate answers are signed."""
    entry = _element("entrypoint", {"certificate": parts().signing.certificate})
    for name, path in (("create_message", "messages"), ("identify_recipient", "identification")):
        _link(entry, name, path)
    return _xml(entry)


@digipost.post("/identification")
def identify() -> ResponseReturnValue:
    """Tell whether a person has a mailbox."""
    number = recipient_number(read_xml(request.get_data(), "identification"))
    if not is_valid(number):
        fields = {"result": "INVALID", "invalid-reason": "INVALID_PERSONAL_IDENTIFICATION_NUMBER"}
        return _xml(_element("identification-result", fields))
    person = parts().people.by_number(number)
    if person is None:
        fields = {"result": "UNIDENTIFIED", "unidentified-reason": "NOT_FOUND"}
    elif person.has_mailbox:
        fields = {"result": "DIGIPOST", "digipost-address": _address(person)}
    else:
        fields = {"result": "IDENTIFIED", "person-alias": person.id[:16]}
    return _xml(_element("identification-result", fields))


@digipost.post("/messages")
def send() -> ResponseReturnValue:
    """Take a message with its documents; lay it in the receiver's mailbox, or print and post it."""
    text, files = _parts_of_body()
    message = read_message(text, files)
    person = parts().people.by_number(message.number) if message.number else None
    if (person is None or not person.has_mailbox) and message.print_details is None:
        raise Refused(404, "UNKNOWN_RECIPIENT", "the receiver has no mailbox")
    way = _MAILBOX if person is not None and person.has_mailbox else _PRINT
    key = f"{g.broker.name} {message.message_id}"
    delivered_at = parts().clock.now().isoformat()
    with parts().store.transaction() as transaction:
        repeat = note(transaction, _MESSAGES, key, [text.decode(), sorted(files)], {"at": delivered_at})
        if repeat is Repeat.NEW:
            for document in message.documents:
                known = {"broker": g.broker.name, "at": delivered_at, "channel": way.method}
                transaction.put(_DOCUMENTS, document.uuid, known)
            kept = [keep_file(transaction, item.subject, files[item.uuid]) for item in message.documents]
            letter = _in_mailbox if way is _MAILBOX else _printed
            parts().inbox.put(transaction, letter(message, person, kept))
        first = noted_answer(transaction, _MESSAGES, key) or {}
    if repeat is Repeat.OTHER:
        raise Refused(409, "DUPLICATE_MESSAGE_ID", "this message-id was used for another message")
    return _xml(_delivery(message, way, first["at"]))


@digipost.get("/documents/<document_id>/status")
def document_status(document_id: str) -> ResponseReturnValue:
    """Tell whether a document has been delivered."""
    with parts().store.reading() as transaction:
        known = transaction.find(_DOCUMENTS, document_id)
    if known is None or known["broker"] != g.broker.name:
        raise Refused(404, "UNKNOWN_DOCUMENT", "no such document of this broker")
    status = ET.Element(f"{{{NAMESPACE}}}document-status")
    for name, value in (
        ("uuid", document_id),
        ("sender-id", str(g.broker.broker_id)),
        ("status", "DELIVERED"),
        ("created", known["at"]),
        ("delivered", known["at"]),
        ("channel", known["channel"]),
        ("is-primary-document", "true"),
    ):
        status.set(name, value)
    return _xml(status)


def _parts_of_body() -> tuple[bytes, dict[str, bytes]]:
    if request.mimetype != MULTIPART:
        raise Refused(415, "CONTENT_TYPE", f"the body must be {MULTIPART}")
    head = f"Content-Type: {request.headers['Content-Type']}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    parsed = BytesParser(_class=EmailMessage, policy=policy.HTTP).parsebytes(head + request.get_data())
    found: dict[str, bytes] = {}
    for part in parsed.iter_parts():
        content = part.get_payload(decode=True)
        name = part.get_filename() or ""
        if not isinstance(content, bytes) or not name or name in found:
            raise invalid("each part needs a file name of its own", "CONTENT_MISSING")
        found[name] = content
        if name == "message" and part.get_content_type() != MEDIA:
            raise invalid(f"the part message must be {MEDIA}")
    if "message" not in found:
        raise invalid("the part message is missing")
    return found.pop("message"), found


def _in_mailbox(message: DigipostMessage, person: StandinPerson | None, files: list[dict[str, str]]) -> Message:
    primary = message.documents[0]
    return Message(
        channel=Channel.DIGIPOST,
        recipient=message.number or "",
        person_id=person.id if person else None,
        message_id=message.message_id,
        title=primary.subject,
        text="Brev i Digipost",
        links=tuple(document.link for document in message.documents if document.link),
        more={
            "sender": g.broker.name,
            "level": primary.level,
            "button": primary.link_text,
            "alert": message.alerts[0] if message.alerts else "Du har fått et nytt brev i Digipost.",
            "files": files,
        },
    )


def _printed(message: DigipostMessage, _: StandinPerson | None, files: list[dict[str, str]]) -> Message:
    """The letter where its address leads to: whoever of that name lives there finds it."""
    address = message.print_details.address if message.print_details else ""
    found = next((person for person in parts().people.all() if _lives_at(person) == address.casefold()), None)
    return Message(
        channel=Channel.LETTER,
        recipient=address,
        person_id=found.id if found else None,
        message_id=message.message_id,
        title=message.documents[0].subject,
        text="Brev i postkassen",
        more={"sender": g.broker.name, "files": files},
    )


def _lives_at(person: StandinPerson) -> str:
    *_, postcode, city = person.place
    return f"{person.name}, {person.street} {person.house}, {postcode} {city}".casefold()


def _delivery(message: DigipostMessage, way: _Way, delivered_at: str) -> ET.Element:
    fields = {
        "message-id": message.message_id,
        "delivery-method": way.method,
        "sender-id": str(g.broker.broker_id),
        "status": way.status,
        "delivery-time": delivered_at,
    }
    delivery = _element("message-delivery", fields)
    for order, document in enumerate(message.documents):
        name = "attachment" if order else "primary-document"
        inner = {"uuid": document.uuid, "subject": document.subject, "file-type": document.file_type}
        shown = _element(name, {**inner, "authentication-level": document.level, "sensitivity-level": "SENSITIVE"})
        _link(shown, "get_document_status", f"documents/{document.uuid}/status")
        delivery.append(shown)
    return delivery


def _address(person: StandinPerson) -> str:
    return f"{person.email.split('@', maxsplit=1)[0]}#{person.id[:4].upper()}"


def _element(name: str, fields: dict[str, str]) -> ET.Element:
    element = ET.Element(f"{{{NAMESPACE}}}{name}")
    for field, value in fields.items():
        ET.SubElement(element, f"{{{NAMESPACE}}}{field}").text = value
    return element


def _link(element: ET.Element, relation: str, path: str) -> None:
    link = ET.SubElement(element, f"{{{NAMESPACE}}}link")
    link.set("rel", f"{RELATIONS}/{relation}")
    link.set("uri", f"{parts().settings.url}/digipost/{path}")
    link.set("media-type", MEDIA)


def _xml(element: ET.Element, status: int = 200) -> Response:
    text = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return Response(text, status, content_type=f"{MEDIA}; charset=utf-8")
