"""A letter as Digipost's message: XML of schema version 8, and one small HTML document."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree as ET  # only written here, never read

from services.eprom.domain.deadlines import OSLO
from services.eprom.usecases.ports import Letter
from shared.auth.digipost import V8, add, document_id

DATATYPES = "http://api.digipost.no/schema/datatypes"
HEALTH_POST = (("authentication-level", "IDPORTEN_4"), ("sensitivity-level", "SENSITIVE"))


def message_xml(letter: Letter, number: str) -> ET.Element:
    """The message; its elements stand in the order of the schema."""
    root = ET.Element(f"{{{V8}}}message")
    add(root, "message-id", letter.message_id)
    add(add(root, "recipient"), "personal-identification-number", number)
    document = add(root, "primary-document")
    add(document, "uuid", document_id(letter.message_id))
    for name, value in (("subject", letter.title), ("file-type", "html")):
        add(document, name, value)
    add(add(document, "sms-notification"), "after-hours", "0")
    for name, value in HEALTH_POST:
        add(document, name, value)
    link = ET.SubElement(add(document, "data-type"), f"{{{DATATYPES}}}externalLink")
    deadline = letter.closes_at.astimezone(OSLO).isoformat()
    for name, value in (("url", letter.link), ("deadline", deadline), ("button-text", letter.button)):
        ET.SubElement(link, f"{{{DATATYPES}}}{name}").text = value
    return root


def document_html(letter: Letter) -> bytes:
    """The document of the letter."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in letter.text.splitlines() if line)
    link = f'<p><a href="{escape(letter.link)}">{escape(letter.button)}</a></p>'
    head = f'<head><meta charset="utf-8"><title>{escape(letter.title)}</title></head>'
    return f"<html>{head}<body><h1>{escape(letter.title)}</h1>{lines}{link}</body></html>".encode()
