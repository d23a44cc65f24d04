"""HelseID, machine to machine: short-lived tokens for the health sector's interfaces, bound to a key of ours."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from shared.auth.assertion import ClientProof, PrivateKey
from shared.auth.dpop import PossessionKey
from shared.auth.errors import ProviderUnavailable
from shared.auth.provider import TIMEOUT_SECONDS, inside_http
from shared.scheduling.clock import Clock

RENEW_BEFORE = timedelta(seconds=10)
_NONCE_WANTED = "use_dpop_nonce"


@dataclass(frozen=True)
class _Held:
    token: str
    until: datetime


class HelseId:
    """Tokens for one scope, and requests that carry them. `private_key` signs our assertions."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        *,
        private_key: PrivateKey,
        scope: str,
        clock: Clock,
        http: requests.Session | None = None,
    ) -> None:
        self._issuer, self._scope, self._clock = issuer, scope, clock
        self._http = http or inside_http()
        self._proof = ClientProof(client_id, secret=None, private_key=private_key)
        self._key = PossessionKey()
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._endpoint = ""
        self._nonce: str | None = None

    def request(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> requests.Response:
        """Send a request with a token and its proof; a refused token is fetched anew once.

        Raises ProviderUnavailable if HelseID gives no token, requests.RequestException if the interface is away.
        """
        response = self._send(method, address, headers or {}, more)
        if response.status_code == requests.codes.unauthorized:
            with self._lock:
                self._held = None
            response = self._send(method, address, headers or {}, more)
        return response

    def _send(
        self, method: str, address: str, headers: Mapping[str, str], more: Mapping[str, Any]
    ) -> requests.Response:
        token = self._token()
        proof = self._key.proof(method, address, now=self._clock.now(), access_token=token)
        told = {**headers, "Authorization": f"DPoP {token}", "DPoP": proof}
        return self._http.request(method, address, headers=told, timeout=TIMEOUT_SECONDS, allow_redirects=False, **more)

    def _token(self) -> str:
        with self._lock:
            if self._held is None or self._clock.now() >= self._held.until:
                self._held = self._fetch()
            return self._held.token

    def _fetch(self) -> _Held:
        now = self._clock.now()
        try:
            self._endpoint = self._endpoint or self._discover()
            response = self._ask(now)
            if response.json().get("error") == _NONCE_WANTED:
                self._nonce = response.headers["DPoP-Nonce"]
                response = self._ask(now)
            body = response.json()
            if body["token_type"].casefold() != "dpop":
                raise ProviderUnavailable("token type")
            return _Held(str(body["access_token"]), now + timedelta(seconds=int(body["expires_in"])) - RENEW_BEFORE)
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProviderUnavailable("token") from error

    def _ask(self, now: datetime) -> requests.Response:
        fields = {"grant_type": "client_credentials", "scope": self._scope, **self._proof.fields(self._issuer, now)}
        proof = self._key.proof("POST", self._endpoint, now=now, nonce=self._nonce)
        return self._http.post(
            self._endpoint, data=fields, headers={"DPoP": proof}, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )

    def _discover(self) -> str:
        address = f"{self._issuer}/.well-known/openid-configuration"
        response = self._http.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        response.raise_for_status()
        body = response.json()
        if body["issuer"] != self._issuer:
            raise ProviderUnavailable("metadata")
        return str(body["token_endpoint"])
