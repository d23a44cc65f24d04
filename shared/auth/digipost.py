"""Requests to Digipost's API for senders, version 8, signed with the key of our enterprise certificate."""

from __future__ import annotations

import base64
import hashlib
import uuid
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET  # only written here, never read

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from shared.auth.assertion import read_private_key
from shared.scheduling.clock import Clock

V8 = "http://api.digipost.no/schema/v8"
MESSAGE_TYPE = "application/vnd.digipost-v8+xml"
MULTIPART_TYPE = "multipart/vnd.digipost-v8+xml"


class DigipostSender:
    """Makes the request for a message; to send it and to read the answer is for the caller."""

    def __init__(self, url: str, *, sender_id: str, private_key: str, clock: Clock) -> None:
        """Raises TypeError for a key that is none of RSA."""
        key = read_private_key(private_key).private_key
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("requests to Digipost are signed with an RSA key")
        self.url, self._sender_id, self._key, self._clock = f"{url}/messages", sender_id, key, clock

    def request(self, message_id: str, message: ET.Element, document: bytes) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the POST to `url` for a message with one document; the body is always the same."""
        body, content_type = _multipart(message_id, message, document)
        return body, self._signed(body, content_type)

    def _signed(self, body: bytes, content_type: str) -> dict[str, str]:
        headers = {
            "date": format_datetime(self._clock.now(), usegmt=True),
            "x-content-sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
            "x-digipost-userid": self._sender_id,
        }
        lines = ["POST", urlsplit(self.url).path.lower(), *(f"{name}: {value}" for name, value in headers.items()), ""]
        signature = self._key.sign("".join(f"{line}\n" for line in lines).encode(), PKCS1v15(), SHA256())
        return {
            **headers,
            "X-Digipost-Signature": base64.b64encode(signature).decode(),
            "Content-Type": content_type,
            "Accept": MESSAGE_TYPE,
        }


def document_id(message_id: str) -> str:
    """The document's own id; the same for the same message, as Digipost compares the whole of it."""
    return str(uuid.uuid5(uuid.UUID(message_id), "document"))


def add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    """A new child, of the schema's namespace."""
    child = ET.SubElement(parent, f"{{{V8}}}{name}")
    child.text = text
    return child


def _multipart(message_id: str, message: ET.Element, document: bytes) -> tuple[bytes, str]:
    """The body of the request, and its content type."""
    limit = uuid.uuid5(uuid.UUID(message_id), "limit").hex
    parts = (
        (MESSAGE_TYPE, "message", ET.tostring(message, encoding="utf-8", xml_declaration=True)),
        ("application/octet-stream", document_id(message_id), document),
    )
    body = b"".join(_part(limit, *part) for part in parts) + f"--{limit}--\r\n".encode()
    return body, f'{MULTIPART_TYPE}; boundary="{limit}"'


def _part(limit: str, kind: str, name: str, content: bytes) -> bytes:
    head = f'--{limit}\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"
