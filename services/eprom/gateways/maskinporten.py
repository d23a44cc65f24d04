"""Maskinporten's access tokens, by an assertion that our own key has signed."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from joserfc import jwt

from services.eprom.gateways.outside import ask, body_of
from services.eprom.usecases.ports import OutsideUnavailable
from shared.auth.assertion import ALGORITHM_OF, PrivateKey, read_private_key
from shared.scheduling.clock import Clock

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_LIVES = timedelta(seconds=60)
RENEW_BEFORE = timedelta(seconds=15)


@dataclass(frozen=True)
class _Held:
    token: str
    until: datetime


class Maskinporten:
    """One client's tokens for one scope, each kept until shortly before its end."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        *,
        private_key: PrivateKey,
        scope: str,
        http: requests.Session,
        clock: Clock,
    ) -> None:
        self._issuer, self._client_id, self._scope = issuer.rstrip("/"), client_id, scope
        self._key = read_private_key(private_key)
        self._http, self._clock = http, clock
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def headers(self) -> dict[str, str]:
        """The header of a call; raises OutsideUnavailable."""
        with self._lock:
            if self._held is None or self._clock.now() >= self._held.until:
                self._held = self._fetch()
            return {"Authorization": f"Bearer {self._held.token}"}

    def forget(self) -> None:
        """Drop the token; the one who was shown it did not take it."""
        with self._lock:
            self._held = None

    def _fetch(self) -> _Held:
        found = body_of(ask(self._http, "GET", f"{self._issuer}/.well-known/oauth-authorization-server"))
        try:
            form = {"grant_type": JWT_GRANT, "assertion": self._assertion(str(found["issuer"]))}
            body = body_of(ask(self._http, "POST", str(found["token_endpoint"]), data=form))
            until = self._clock.now() + timedelta(seconds=int(body["expires_in"])) - RENEW_BEFORE
            return _Held(str(body["access_token"]), until)
        except (KeyError, TypeError, ValueError):
            raise OutsideUnavailable("maskinporten gave no token") from None

    def _assertion(self, audience: str) -> str:
        now, algorithm = self._clock.now(), ALGORITHM_OF[self._key.key_type]
        claims = {
            "aud": audience,
            "iss": self._client_id,
            "scope": self._scope,
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIVES).timestamp()),
            "jti": secrets.token_urlsafe(24),
        }
        return jwt.encode({"alg": algorithm, "kid": self._key.kid}, claims, self._key, algorithms=[algorithm])
