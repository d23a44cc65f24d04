"""A letter as Digipost's message: XML of schema version 8, and one small HTML document."""

from __future__ import annotations

import uuid
from html import escape
from xml.etree import ElementTree as ET  # only written here, never read

from services.eprom.domain.deadlines import OSLO
from services.eprom.usecases.ports import Letter

V8 = "http://api.digipost.no/schema/v8"
DATATYPES = "http://api.digipost.no/schema/datatypes"
MESSAGE_TYPE = "application/vnd.digipost-v8+xml"
MULTIPART_TYPE = "multipart/vnd.digipost-v8+xml"
_HEALTH_POST = (("authentication-level", "IDPORTEN_4"), ("sensitivity-level", "SENSITIVE"))


def document_id(letter: Letter) -> str:
    """The document's own id; the same for the same letter, as Digipost compares the whole message."""
    return str(uuid.uuid5(uuid.UUID(letter.message_id), "document"))


def message_xml(letter: Letter, number: str) -> bytes:
    """The message; its elements stand in the order of the schema."""
    root = ET.Element(f"{{{V8}}}message")
    _add(root, "message-id", letter.message_id)
    _add(_add(root, "recipient"), "personal-identification-number", number)
    document = _add(root, "primary-document")
    for name, value in (("uuid", document_id(letter)), ("subject", letter.title), ("file-type", "html")):
        _add(document, name, value)
    _add(_add(document, "sms-notification"), "after-hours", "0")
    for name, value in _HEALTH_POST:
        _add(document, name, value)
    link = ET.SubElement(_add(document, "data-type"), f"{{{DATATYPES}}}externalLink")
    deadline = letter.closes_at.astimezone(OSLO).isoformat()
    for name, value in (("url", letter.link), ("deadline", deadline), ("button-text", letter.button)):
        ET.SubElement(link, f"{{{DATATYPES}}}{name}").text = value
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def document_html(letter: Letter) -> bytes:
    """The document of the letter."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in letter.text.splitlines() if line)
    link = f'<p><a href="{escape(letter.link)}">{escape(letter.button)}</a></p>'
    head = f'<head><meta charset="utf-8"><title>{escape(letter.title)}</title></head>'
    return f"<html>{head}<body><h1>{escape(letter.title)}</h1>{lines}{link}</body></html>".encode()


def multipart(letter: Letter, number: str) -> tuple[bytes, str]:
    """The body of the request, and its content type."""
    limit = uuid.uuid5(uuid.UUID(letter.message_id), "limit").hex
    parts = (
        (MESSAGE_TYPE, "message", message_xml(letter, number)),
        ("application/octet-stream", document_id(letter), document_html(letter)),
    )
    body = b"".join(_part(limit, *part) for part in parts) + f"--{limit}--\r\n".encode()
    return body, f'{MULTIPART_TYPE}; boundary="{limit}"'


def _part(limit: str, kind: str, name: str, content: bytes) -> bytes:
    head = f'--{limit}\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{V8}}}{name}")
    child.text = text
    return child
