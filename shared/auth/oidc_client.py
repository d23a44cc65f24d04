"""Log-in by OpenID Connect: authorization code with PKCE, state and nonce, each good for one try and ten minutes."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from shared.auth.assertion import ClientProof
from shared.auth.dpop import PossessionKey
from shared.auth.errors import ProviderUnavailable, SignInFailed, TokenRefused
from shared.auth.provider import TIMEOUT_SECONDS, Provider, ProviderSettings
from shared.auth.signed import LEEWAY, Expected, audiences, moment_of, read_signed
from shared.scheduling.clock import Clock

PENDING = "oidc_pending"
MOST_PENDING = 5
LONGEST_LOG_IN = timedelta(minutes=10)
NONCE_STATUSES = frozenset({requests.codes.bad_request, requests.codes.unauthorized})
ID_TOKEN_TYPES = frozenset({"jwt", ""})

State = MutableMapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the provider signed about who logged in; `body` holds all claims and is left out of `repr`."""

    issuer: str
    sid: str | None
    return_to: str
    id_token: str | None = field(default=None, repr=False)
    body: Mapping[str, Any] = field(repr=False)


class OidcClient:
    """One registration at one provider; `state` gives the visitor's session, where a begun log-in is remembered."""

    def __init__(
        self, settings: ProviderSettings, provider: Provider, *, clock: Clock, state: Callable[[], State]
    ) -> None:
        self.settings = settings
        self._provider = provider
        self._clock = clock
        self._state = state
        self._proof = ClientProof(settings.client_id, secret=settings.client_secret, private_key=settings.private_key)
        self._key = PossessionKey()

    @property
    def origin(self) -> str:
        """Scheme, host and port to which log-in and log-out send the browser."""
        return self._provider.origin

    def knows(self, state: str | None) -> bool:
        """Tell whether this client began the log-in that a callback answers."""
        pending = self._state().get(PENDING, {}).get(state or "")
        return pending is not None and pending["client"] == self._me()

    def begin(self, return_to: str, *, max_age: int | None = None) -> str:
        """Remember a new log-in in the session and return the address to send the browser to."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        self._remember(state, {"nonce": nonce, "verifier": verifier, "return_to": return_to, "max_age": max_age})
        fields = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        if self.settings.acr:
            fields["acr_values"] = self.settings.asked_level or self.settings.acr[0]
        if max_age is not None:
            fields["max_age"] = str(max_age)
        return self._authorization_address(fields)

    def complete(self, args: Mapping[str, str]) -> Claims:
        """Take the provider's answer and return the checked claims; raises SignInFailed with a code otherwise."""
        pending = self._take(args.get("state", ""))
        if args.get("iss", self.settings.issuer) != self.settings.issuer or self._iss_is_missing(args):
            raise SignInFailed("issuer")
        if "error" in args or not args.get("code"):
            raise SignInFailed("declined" if args.get("error") == "access_denied" else "provider")
        tokens = self._exchange(args["code"], pending["verifier"])
        try:
            body = self._checked(tokens, pending)
        except TokenRefused as error:
            raise SignInFailed("token") from error
        return Claims(
            issuer=self.settings.issuer,
            sid=body.get("sid") if isinstance(body.get("sid"), str) else None,
            return_to=pending["return_to"],
            id_token=tokens["id_token"] if self.settings.keep_id_token else None,
            body=body,
        )

    @property
    def provider(self) -> Provider:
        """The provider's metadata and keys."""
        return self._provider

    def _authorization_address(self, fields: Mapping[str, str]) -> str:
        metadata = self._provider.metadata()
        if not self.settings.pushed_requests:
            return with_query(metadata["authorization_endpoint"], fields)
        pushed = self._post(str(metadata["pushed_authorization_request_endpoint"]), fields)
        return with_query(
            metadata["authorization_endpoint"],
            {"client_id": self.settings.client_id, "request_uri": str(pushed["request_uri"])},
        )

    def _exchange(self, code: str, verifier: str) -> dict[str, Any]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect_uri,
            "code_verifier": verifier,
        }
        address, is_bound = str(self._provider.metadata()["token_endpoint"]), self.settings.bound_tokens
        tokens = self._post_bound(address, fields) if is_bound else self._post(address, fields)
        kind = str(tokens.get("token_type", "")).casefold()
        if not isinstance(tokens.get("id_token"), str) or (is_bound and kind != "dpop"):
            raise SignInFailed("token")
        return tokens

    def _post(self, address: str, fields: Mapping[str, str]) -> dict[str, Any]:
        return _read(self._send(address, fields, {}))

    def _post_bound(self, address: str, fields: Mapping[str, str]) -> dict[str, Any]:
        response = self._send(address, fields, {"DPoP": self._key.proof("POST", address, now=self._clock.now())})
        nonce = response.headers.get("DPoP-Nonce")
        if response.status_code in NONCE_STATUSES and nonce and _body(response).get("error") == "use_dpop_nonce":
            proof = self._key.proof("POST", address, now=self._clock.now(), nonce=nonce)
            response = self._send(address, fields, {"DPoP": proof})
        return _read(response)

    def _send(self, address: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> requests.Response:
        proof = self._proof.fields(self.settings.issuer, self._clock.now())
        try:
            return self._provider.http.post(
                address,
                data={**fields, **proof},
                headers={**self._proof.headers(), **headers},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise ProviderUnavailable("no answer") from error

    def _remember(self, state: str, values: Mapping[str, Any]) -> None:
        session = self._state()
        pending = dict(session.get(PENDING, {}))
        while len(pending) >= MOST_PENDING:
            del pending[min(pending, key=lambda key: pending[key]["started_at"])]
        started_at = self._clock.now().isoformat()
        session[PENDING] = {**pending, state: {**values, "client": self._me(), "started_at": started_at}}

    def _take(self, state: str) -> Mapping[str, Any]:
        if not self.knows(state):
            raise SignInFailed("unknown_state")
        session = self._state()
        pending = dict(session[PENDING])
        found: dict[str, Any] = pending.pop(state)
        session[PENDING] = pending
        if self._clock.now() - datetime.fromisoformat(found["started_at"]) > LONGEST_LOG_IN:
            raise SignInFailed("too_slow")
        return found

    def _iss_is_missing(self, args: Mapping[str, str]) -> bool:
        promised = self._provider.metadata().get("authorization_response_iss_parameter_supported") is True
        return promised and "iss" not in args

    def _checked(self, tokens: Mapping[str, Any], pending: Mapping[str, Any]) -> dict[str, Any]:
        body = read_signed(tokens["id_token"], self._expected(), self._provider.keys, self._clock.now())
        if not secrets.compare_digest(str(body.get("nonce", "")).encode(), pending["nonce"].encode()):
            raise SignInFailed("nonce")
        if not body.get("sub"):
            raise TokenRefused("subject")
        if body.get("azp", self.settings.client_id) != self.settings.client_id:
            raise TokenRefused("azp")
        if len(audiences(body)) > 1 and "azp" not in body:
            raise TokenRefused("azp")
        if "at_hash" in body and body["at_hash"] != _half_hash(str(tokens.get("access_token", ""))):
            raise TokenRefused("at_hash")
        if self.settings.acr and body.get(self.settings.level_claim) not in self.settings.acr:
            raise SignInFailed("too_weak")
        _check_age(body, pending)
        return body

    def _expected(self) -> Expected:
        return Expected(
            issuer=self.settings.issuer,
            audience=self.settings.client_id,
            types=ID_TOKEN_TYPES,
            algorithms=self.settings.algorithms,
        )

    def _me(self) -> str:
        return f"{self.settings.issuer} {self.settings.client_id}"


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as error:
        raise ProviderUnavailable("no answer") from error
    return body if isinstance(body, dict) else {}


def _read(response: requests.Response) -> dict[str, Any]:
    body = _body(response)
    if response.status_code >= requests.codes.server_error:
        raise ProviderUnavailable("answer")
    if not response.ok or not body:
        raise SignInFailed("provider")
    return body


def _check_age(body: Mapping[str, Any], pending: Mapping[str, Any]) -> None:
    if pending["max_age"] is None:
        return
    oldest = datetime.fromisoformat(pending["started_at"]) - timedelta(seconds=pending["max_age"]) - LEEWAY
    logged_in_at = moment_of(body, "auth_time")
    if logged_in_at is None or logged_in_at < oldest:
        raise SignInFailed("too_old")


def _challenge(verifier: str) -> str:
    return _text(hashlib.sha256(verifier.encode()).digest())


def _half_hash(access_token: str) -> str:
    return _text(hashlib.sha256(access_token.encode()).digest()[:16])


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def with_query(address: str, fields: Mapping[str, str]) -> str:
    """Return an address of the provider with further query fields; those it already has are kept."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}"
