"""A letter in the citizen's mailbox at Digipost."""

from __future__ import annotations

import base64
import hashlib
from email.utils import format_datetime
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from services.eprom.gateways.digipost_letter import MESSAGE_TYPE, multipart
from services.eprom.gateways.outside import ask, refusal
from services.eprom.usecases.ports import Contact, Letter, Recipient
from shared.auth.assertion import read_private_key
from shared.scheduling.clock import Clock

_NOT_FOUND, _TAKEN = 404, frozenset({200, 409})  # 409: this id was taken before, with the words of another day
_NO_MAILBOX = b"UNKNOWN_RECIPIENT"


class Digipost:
    """Digipost's API for senders, version 8; every request is signed with our enterprise certificate's key."""

    name = "digipost"

    def __init__(self, url: str, *, sender_id: str, private_key: str, http: requests.Session, clock: Clock) -> None:
        key = read_private_key(private_key).private_key
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("requests to Digipost are signed with an RSA key")
        self._url, self._sender_id, self._key = f"{url}/messages", sender_id, key
        self._http, self._clock = http, clock

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Lay a letter in the mailbox; False for somebody without one, or reserved.

        Raises OutsideUnavailable, LastingFault when the letter itself is refused.
        """
        if contact.is_reserved:
            return False
        body, content_type = multipart(letter, recipient.number)
        answer = ask(self._http, "POST", self._url, data=body, headers=self._signed(body, content_type))
        if answer.status_code in _TAKEN:
            return True
        if answer.status_code == _NOT_FOUND and _NO_MAILBOX in answer.content:
            return False
        raise refusal(self.name, answer.status_code)

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
