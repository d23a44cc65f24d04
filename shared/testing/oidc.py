"""A small strict OpenID provider for tests of the client side: it refuses what a strict provider refuses."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import requests
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from shared.scheduling.clock import Clock
from shared.testing.wsgi_http import WsgiAdapter, wsgi_http

CODE_LIVES = timedelta(seconds=60)
TOKEN_LIVES = timedelta(minutes=10)
SHORTEST_RANDOM = 32
BEARER = {"token_type": "Bearer", "expires_in": 600}
Bend = Callable[[dict[str, Any]], dict[str, Any]]


class ProviderRefusedError(Exception):
    """The provider shows an error page instead of sending the browser back."""


@dataclass(kw_only=True)
class _Code:
    client_id: str
    fields: dict[str, str]
    claims: dict[str, Any]
    made_at: Any
    is_used: bool = False


@dataclass(kw_only=True)
class Registered:
    """A client that the provider knows."""

    client_id: str
    redirect_uri: str
    secret: str | None = None
    public_key: Mapping[str, Any] | None = None
    seen_assertions: set[str] = field(default_factory=set)


class LocalProvider:
    """The provider; `bend_claims` and `bend_header` let a test spoil what is signed, `key` with what it is signed."""

    def __init__(self, issuer: str, clock: Clock, *, algorithm: str = "ES256") -> None:
        self.issuer = issuer
        self.clock = clock
        self.algorithm = algorithm
        self.key = new_key(algorithm)
        self.published = [self.key]
        self.clients: dict[str, Registered] = {}
        self.metadata_more: dict[str, Any] = {}
        self.bend_claims: Bend = dict
        self.bend_header: Bend = dict
        self._codes: dict[str, _Code] = {}
        self._pushed: dict[str, dict[str, str]] = {}
        self.http: requests.Session = wsgi_http({issuer: self._app()})

    @property
    def adapter(self) -> WsgiAdapter:
        """The line to the provider, to be cut or listened to."""
        found = self.http.get_adapter(self.issuer)
        if not isinstance(found, WsgiAdapter):
            raise TypeError
        return found

    def register(self, client: Registered) -> Registered:
        """Make a client known."""
        self.clients[client.client_id] = client
        return client

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one stays published."""
        self.key = new_key(self.algorithm)
        self.published = [self.key, *self.published]

    def log_in(self, address: str, claims: Mapping[str, Any]) -> dict[str, str]:
        """Play the browser and the user: return the fields that come back to the client's redirect address."""
        fields = self._asked(address)
        client = self.clients.get(fields.get("client_id", ""))
        _check_request(client, fields)
        now = self.clock.now()
        code = secrets.token_urlsafe(32)
        told = {"auth_time": int(now.timestamp()), "sid": secrets.token_urlsafe(16), **claims}
        self._codes[code] = _Code(client_id=fields["client_id"], fields=fields, claims=told, made_at=now)
        return {"code": code, "state": fields["state"], "iss": self.issuer}

    def sign(self, claims: Mapping[str, Any], *, typ: str = "JWT", key: ECKey | RSAKey | None = None) -> str:
        """Return a signed token; issuer and times are filled in where the claims do not say otherwise."""
        signer = key or self.key
        now = self.clock.now()
        times = {"iat": int(now.timestamp()), "exp": int((now + TOKEN_LIVES).timestamp())}
        body = self.bend_claims({"iss": self.issuer, **times, **claims})
        header = self.bend_header({"alg": self.algorithm, "kid": signer.kid, "typ": typ})
        return jwt.encode(header, body, signer, algorithms=[header["alg"]])

    def access_token(self, audience: str, **claims: Any) -> str:
        """Return an access token as identity makes them, by default of the user 1 with role LU."""
        user = {"sub": "1", "role": "LU", "registry": "smertereg", "organisation": 700001, "kind": "user"}
        return self.sign({**user, "aud": audience, **claims}, typ="at+jwt")

    def service_token(self, audience: str, client_id: str) -> str:
        """Return a service's own access token."""
        return self.sign({"sub": client_id, "client_id": client_id, "kind": "service", "aud": audience}, typ="at+jwt")

    def _asked(self, address: str) -> dict[str, str]:
        pairs = parse_qsl(urlsplit(address).query, strict_parsing=True)
        fields = dict(pairs)
        if len(fields) != len(pairs) or not address.startswith(f"{self.issuer}/authorize?"):
            raise ProviderRefusedError("address")
        if "request_uri" in fields:
            return self._pushed.pop(fields["request_uri"])
        return fields

    def _app(self) -> Flask:
        app = Flask("local_provider", static_folder=None)
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._metadata)
        app.add_url_rule("/jwks", view_func=self._keys)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/par", view_func=self._push, methods=["POST"])
        return app

    def _metadata(self) -> ResponseReturnValue:
        return jsonify(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout",
                "pushed_authorization_request_endpoint": f"{self.issuer}/par",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata_more,
            }
        )

    def _keys(self) -> ResponseReturnValue:
        return jsonify(keys=[{**key.as_dict(private=False), "use": "sig"} for key in self.published])

    def _push(self) -> ResponseReturnValue:
        client = self._authenticated()
        if client is None:
            return jsonify(error="invalid_client"), 401
        fields = {name: value for name, value in request.form.items() if not name.startswith("client_assertion")}
        name = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(16)}"
        self._pushed[name] = {**fields, "client_id": client.client_id}
        return jsonify(request_uri=name, expires_in=60), 201

    def _token(self) -> ResponseReturnValue:
        client = self._authenticated()
        if client is None:
            return jsonify(error="invalid_client"), 401
        if request.form.get("grant_type") == "client_credentials":
            token = self.service_token(request.form.get("audience", ""), client.client_id)
            return jsonify({"access_token": token, **BEARER})
        return self._exchange(client)

    def _exchange(self, client: Registered) -> ResponseReturnValue:
        found = self._codes.get(request.form.get("code", ""))
        if found is None or found.is_used or found.client_id != client.client_id:
            return jsonify(error="invalid_grant"), 400
        found.is_used = True
        verifier = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        is_same = _b64(verifier) == found.fields["code_challenge"]
        in_time = self.clock.now() - found.made_at <= CODE_LIVES
        if not (is_same and in_time and request.form.get("redirect_uri") == found.fields["redirect_uri"]):
            return jsonify(error="invalid_grant"), 400
        access_token = self.sign({**found.claims, "aud": client.client_id}, typ="at+jwt")
        half = _b64(hashlib.sha256(access_token.encode()).digest()[:16])
        claims = {**found.claims, "aud": client.client_id, "nonce": found.fields["nonce"], "at_hash": half}
        return jsonify({"access_token": access_token, "id_token": self.sign(claims), **BEARER})

    def _authenticated(self) -> Registered | None:
        if request.authorization is not None and request.authorization.type == "basic":
            client = self.clients.get(unquote_plus(request.authorization.username or ""))
            secret = unquote_plus(request.authorization.password or "")
            return client if client is not None and client.secret and client.secret == secret else None
        return self._by_assertion(self.clients.get(request.form.get("client_id", "")))

    def _by_assertion(self, client: Registered | None) -> Registered | None:
        if client is None or client.public_key is None:
            return None
        key = JWKRegistry.import_key(dict(client.public_key))
        try:
            claims = jwt.decode(request.form.get("client_assertion", ""), key, algorithms=["ES256", "RS256"]).claims
        except (JoseError, ValueError):
            return None
        now = self.clock.now().timestamp()
        is_ours = claims["iss"] == claims["sub"] == client.client_id and claims["aud"] == self.issuer
        if not is_ours or not now < claims["exp"] <= now + 60 or claims["jti"] in client.seen_assertions:
            return None
        client.seen_assertions.add(claims["jti"])
        return client


def new_key(algorithm: str = "ES256") -> ECKey | RSAKey:
    """Return a new signing key with an id."""
    if algorithm.startswith("RS"):
        return RSAKey.generate_key(2048, auto_kid=True)
    return ECKey.generate_key("P-256", auto_kid=True)


def _check_request(client: Registered | None, fields: Mapping[str, str]) -> None:
    if client is None or fields.get("redirect_uri") != client.redirect_uri:
        raise ProviderRefusedError("client or redirect address")
    if fields.get("response_type") != "code" or "openid" not in fields.get("scope", "").split():
        raise ProviderRefusedError("kind of request")
    if fields.get("code_challenge_method") != "S256" or len(fields.get("code_challenge", "")) != 43:  # noqa: PLR2004
        raise ProviderRefusedError("PKCE")
    if any(len(fields.get(name, "")) < SHORTEST_RANDOM for name in ("state", "nonce")):
        raise ProviderRefusedError("state or nonce")


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
