"""A letter in the citizen's mailbox at Digipost: its API for senders, version 8."""

from __future__ import annotations

import base64
import hashlib
import uuid
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET  # only written here, never read

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from services.reservation.usecases.ports import Letter, LetterRefused, OutsideUnavailable
from shared.auth.assertion import read_private_key
from shared.scheduling.clock import Clock

V8 = "http://api.digipost.no/schema/v8"
MESSAGE_TYPE = "application/vnd.digipost-v8+xml"
MULTIPART_TYPE = "multipart/vnd.digipost-v8+xml"
TIMEOUT_SECONDS = (3.05, 10)
_NOT_FOUND, _TAKEN = 404, frozenset({200, 409})  # 409: this id was taken before
_NO_MAILBOX = b"UNKNOWN_RECIPIENT"
# Answers to the caller that another try may change: too slow, too early, too many.
_PASSING = frozenset({408, 425, 429})


def outside_http() -> requests.Session:
    """An HTTP session that ignores proxies and password files of the machine."""
    session = requests.Session()
    session.trust_env = False
    return session


class Digipost:
    """Every request is signed with the key of our enterprise certificate."""

    def __init__(self, url: str, *, sender_id: str, private_key: str, http: requests.Session, clock: Clock) -> None:
        key = read_private_key(private_key).private_key
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("requests to Digipost are signed with an RSA key")
        self._url, self._sender_id, self._key = f"{url}/messages", sender_id, key
        self._http, self._clock = http, clock

    def send(self, number: str, letter: Letter) -> bool:
        """Lay a letter into the mailbox; False for somebody without one. Raises OutsideUnavailable, LetterRefused."""
        body, content_type = multipart(letter, number)
        try:
            answer = self._http.post(
                self._url,
                data=body,
                headers=self._signed(body, content_type),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise OutsideUnavailable(type(error).__name__) from None
        if answer.status_code in _TAKEN:
            return True
        if answer.status_code == _NOT_FOUND and _NO_MAILBOX in answer.content:
            return False
        if answer.status_code in range(400, 500) and answer.status_code not in _PASSING:
            raise LetterRefused(f"digipost {answer.status_code}")
        raise OutsideUnavailable(f"digipost {answer.status_code}")

    def _signed(self, body: bytes, content_type: str) -> dict[str, str]:
        headers = {
            "date": format_datetime(self._clock.now(), usegmt=True),
            "x-content-sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
            "x-digipost-userid": self._sender_id,
        }
        lines = ["POST", urlsplit(self._url).path.lower(), *(f"{name}: {value}" for name, value in headers.items()), ""]
        signature = self._key.sign("".join(f"{line}\n" for line in lines).encode(), PKCS1v15(), SHA256())
        return {
            **headers,
            "X-Digipost-Signature": base64.b64encode(signature).decode(),
            "Content-Type": content_type,
            "Accept": MESSAGE_TYPE,
        }


def multipart(letter: Letter, number: str) -> tuple[bytes, str]:
    """The body of the request, and its content type; the same for the same letter."""
    space = uuid.UUID(letter.message_id)
    document_id, limit = str(uuid.uuid5(space, "document")), uuid.uuid5(space, "limit").hex
    parts = (
        (MESSAGE_TYPE, "message", message_xml(letter, number, document_id)),
        ("application/octet-stream", document_id, letter.content),
    )
    body = b"".join(_part(limit, *part) for part in parts) + f"--{limit}--\r\n".encode()
    return body, f'{MULTIPART_TYPE}; boundary="{limit}"'


def message_xml(letter: Letter, number: str, document_id: str) -> bytes:
    """The message; its elements stand in the order of the schema."""
    root = ET.Element(f"{{{V8}}}message")
    _add(root, "message-id", letter.message_id)
    _add(_add(root, "recipient"), "personal-identification-number", number)
    document = _add(root, "primary-document")
    for name, value in (("uuid", document_id), ("subject", letter.title), ("file-type", "pdf")):
        _add(document, name, value)
    _add(document, "authentication-level", "IDPORTEN_4")
    _add(document, "sensitivity-level", "SENSITIVE")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _part(limit: str, kind: str, name: str, content: bytes) -> bytes:
    head = f'--{limit}\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{V8}}}{name}")
    child.text = text
    return child
