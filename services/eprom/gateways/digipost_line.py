"""The line to Digipost that letters to its mailboxes and letters to its printer share."""

from __future__ import annotations

from xml.etree import ElementTree as ET  # only written here, never read

import requests

from services.eprom.gateways.outside import ask
from shared.auth.digipost import DigipostSender
from shared.scheduling.clock import Clock


class DigipostLine:
    """Hands messages over; what comes of them is for the caller to read."""

    def __init__(self, url: str, *, sender_id: str, private_key: str, http: requests.Session, clock: Clock) -> None:
        self._sender, self._http = DigipostSender(url, sender_id=sender_id, private_key=private_key, clock=clock), http

    def hand_over(self, message_id: str, message: ET.Element, document: bytes) -> requests.Response:
        """The answer to a message with one document; raises OutsideUnavailable."""
        body, headers = self._sender.request(message_id, message, document)
        return ask(self._http, "POST", self._sender.url, data=body, headers=headers)
