"""Text messages through an HTTP gateway."""

from __future__ import annotations

import requests

from services.identity.usecases.ports import OutsideUnavailable

TIMEOUT_SECONDS = (3.05, 10)


class HttpSmsGateway:
    """One POST a message; its id lets the gateway drop a repeated one. `secret` is our HTTP Basic password."""

    def __init__(self, url: str, *, user: str, secret: str, sender: str) -> None:
        self._url, self._sender = url.rstrip("/"), sender
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.auth = (user, secret)

    def send(self, message_id: str, mobile: str, text: str) -> None:
        """Send once for each id; raises OutsideUnavailable without the number or the text in the error."""
        body = {"id": message_id, "sender": self._sender, "to": mobile, "text": text}
        try:
            response = self._http.post(
                f"{self._url}/messages", json=body, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise OutsideUnavailable(type(error).__name__) from None
        if not response.ok:
            raise OutsideUnavailable(f"http {response.status_code}")
