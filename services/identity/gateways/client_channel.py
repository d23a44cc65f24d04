"""Tells clients of log-outs behind the browser's back."""

from __future__ import annotations

from collections.abc import Mapping

import requests

from services.identity.domain.clients import Client
from services.identity.usecases.ports import OutsideUnavailable

TIMEOUT_SECONDS = (3.05, 10)


class HttpClientChannel:
    """Posts log-out tokens to the clients' endpoints."""

    def __init__(self, clients: Mapping[str, Client], http: requests.Session | None = None) -> None:
        self._clients = clients
        self._http = http or _inside()

    def tell(self, client_id: str, logout_token: str) -> None:
        """Hand over one token; raises OutsideUnavailable. A client that is registered no more is told nothing."""
        client = self._clients.get(client_id)
        if client is None:
            return
        try:
            response = self._http.post(
                client.backchannel_logout_uri,
                data={"logout_token": logout_token},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise OutsideUnavailable(client_id) from error
        if not response.ok:
            raise OutsideUnavailable(f"{client_id} {response.status_code}")


def _inside() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session
