"""A letter in the citizen's mailbox at Digipost: its API for senders, version 8."""

from __future__ import annotations

from xml.etree import ElementTree as ET  # only written here, never read

import requests

from services.reservation.usecases.ports import Letter, LetterRefused, OutsideUnavailable
from shared.auth.digipost import V8, DigipostSender, add, document_id
from shared.scheduling.clock import Clock

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
    """Digital post by Digipost."""

    def __init__(self, url: str, *, sender_id: str, private_key: str, http: requests.Session, clock: Clock) -> None:
        self._sender, self._http = DigipostSender(url, sender_id=sender_id, private_key=private_key, clock=clock), http

    def send(self, number: str, letter: Letter) -> bool:
        """Lay a letter into the mailbox; False for somebody without one. Raises OutsideUnavailable, LetterRefused."""
        body, headers = self._sender.request(letter.message_id, message_xml(letter, number), letter.content)
        try:
            answer = self._http.post(
                self._sender.url, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
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


def message_xml(letter: Letter, number: str) -> ET.Element:
    """The message; its elements stand in the order of the schema."""
    root = ET.Element(f"{{{V8}}}message")
    add(root, "message-id", letter.message_id)
    add(add(root, "recipient"), "personal-identification-number", number)
    document = add(root, "primary-document")
    for name, value in (("uuid", document_id(letter.message_id)), ("subject", letter.title), ("file-type", "pdf")):
        add(document, name, value)
    add(document, "authentication-level", "IDPORTEN_4")
    add(document, "sensitivity-level", "SENSITIVE")
    return root
