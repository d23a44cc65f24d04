"""Text messages through an HTTP gateway."""

from __future__ import annotations

import requests

from services.eprom.gateways.outside import ask, body_of
from services.eprom.usecases.ports import OutsideUnavailable

_BAD_REQUEST, _TAKEN = 400, frozenset({200, 202, 409})
_INVALID_NUMBER = "invalid_number"


class Sms:
    """One POST a message; its id lets the gateway drop a repeated one."""

    def __init__(self, url: str, *, user: str, secret: str, sender: str, http: requests.Session) -> None:
        self._url, self._sender = f"{url}/messages", sender
        self._http, self._auth = http, (user, secret)

    def send(self, message_id: str, mobile: str, text: str) -> bool:
        """Send once for each id; False for a number that is none. Raises OutsideUnavailable."""
        body = {"id": message_id, "sender": self._sender, "to": mobile, "text": text}
        answer = ask(self._http, "POST", self._url, json=body, auth=self._auth)
        if answer.status_code in _TAKEN:
            return True
        if answer.status_code == _BAD_REQUEST and body_of(answer).get("code") == _INVALID_NUMBER:
            return False
        raise OutsideUnavailable(f"sms {answer.status_code}")
