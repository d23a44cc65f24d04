"""Calls to the other services: with a token for that service, a time limit, and the correlation id."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import requests
from requests import Response

from shared.auth.assertion import ClientProof, PrivateKey
from shared.auth.errors import ProviderUnavailable, ServiceUnavailable
from shared.auth.provider import TIMEOUT_SECONDS, Provider, inside_http
from shared.observability.log import correlation_id
from shared.observability.trace_context import current_traceparent
from shared.scheduling.clock import Clock

RENEW_BEFORE = timedelta(seconds=30)
LONGEST_WAIT_SECONDS = 3600


class TokenSource(Protocol):
    """Gives the bearer token for a call."""

    def token(self) -> str:
        """Return a token that still counts."""
        ...

    def renew(self) -> None:
        """Forget the token at hand; the service called refused it."""
        ...


@dataclass(frozen=True)
class _Held:
    token: str
    until: datetime


class ClientCredentials:
    """This service's own token for one audience, fetched from identity and kept until 30 seconds before its end.

    Give `secret` (HTTP Basic) or `private_key` (a JSON Web Key or PEM; signed assertions).
    """

    def __init__(
        self,
        provider: Provider,
        client_id: str,
        audience: str,
        *,
        clock: Clock,
        secret: str | None = None,
        private_key: PrivateKey | None = None,
    ) -> None:
        self._provider = provider
        self._audience = audience
        self._clock = clock
        self._proof = ClientProof(client_id, secret=secret, private_key=private_key)
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def token(self) -> str:
        """Return a token that still counts; raises ProviderUnavailable if identity gives none."""
        with self._lock:
            if self._held is None or self._clock.now() >= self._held.until:
                self._held = self._fetch()
            return self._held.token

    def renew(self) -> None:
        """Forget the token at hand; the service called refused it."""
        with self._lock:
            self._held = None

    def _fetch(self) -> _Held:
        now = self._clock.now()
        address = self._provider.metadata()["token_endpoint"]
        fields = {"grant_type": "client_credentials", "audience": self._audience}
        try:
            response = self._provider.http.post(
                address,
                data={**fields, **self._proof.fields(self._provider.issuer, now)},
                headers=self._proof.headers(),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            body = response.json()
            held = _Held(str(body["access_token"]), now + timedelta(seconds=int(body["expires_in"])) - RENEW_BEFORE)
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise ProviderUnavailable("token") from error
        return held


class ServiceClient:
    """Another service's API at `base_url`; answers below 500 are returned, everything else is ServiceUnavailable."""

    def __init__(
        self,
        base_url: str,
        token_source: TokenSource,
        *,
        http: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = token_source
        self._http = http or inside_http()
        self._timeout = timeout

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> Response:
        """Fetch `path` ("/api/...")."""
        return self._call("GET", path, params=params)

    def post(self, path: str, *, json: Any = None, idempotency_key: str | None = None) -> Response:
        """Send JSON to `path`; with a key a repeated call has one effect."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._call("POST", path, json=json, headers=headers)

    def put(self, path: str, *, json: Any = None) -> Response:
        """Replace what is at `path`."""
        return self._call("PUT", path, json=json)

    def delete(self, path: str) -> Response:
        """Remove what is at `path`."""
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
        send = partial(self._send, method, path, headers=headers or {}, **more)
        response = send()
        if response.status_code == requests.codes.unauthorized:
            # Keys or clients may have changed since the token was fetched; a fresh one gets one chance.
            self._tokens.renew()
            response = send()
        if response.status_code >= requests.codes.server_error or response.status_code == requests.codes.too_many:
            raise ServiceUnavailable(self._base_url, retry_after=_wait(response))
        return response

    def _send(self, method: str, path: str, *, headers: Mapping[str, str], **more: Any) -> Response:
        told = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json", **headers}
        if name := correlation_id():
            told["X-Correlation-Id"] = name
        if trace := current_traceparent():
            told["traceparent"] = trace
        try:
            return self._http.request(
                method, f"{self._base_url}{path}", headers=told, timeout=self._timeout, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            raise ServiceUnavailable(self._base_url) from error

    def _token(self) -> str:
        try:
            return self._tokens.token()
        except ProviderUnavailable as error:
            raise ServiceUnavailable(self._base_url) from error


def _wait(response: Response) -> int:
    told = response.headers.get("Retry-After", "")
    return min(int(told), LONGEST_WAIT_SECONDS) if told.isdecimal() else 5
