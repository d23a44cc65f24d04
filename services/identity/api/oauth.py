"""The provider's endpoints for programs: discovery, keys, tokens, revocation, userinfo."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.api.client_proof import ALGORITHMS, AUTH_METHODS, ways
from services.identity.api.handed_back import read_access_token
from services.identity.api.provider import Provider
from services.identity.domain.clients import GRANTS, SCOPES
from services.identity.domain.errors import RuleBroken
from services.identity.domain.sign_on import TWO_FACTOR
from services.identity.domain.signing_keys import ALGORITHM
from services.identity.domain.tokens import PROMPTS, check_fields
from services.identity.usecases.claims import person_claims
from services.identity.usecases.read_userinfo import read_userinfo
from shared.auth.errors import TokenRefused

CLAIMS = ("sub", "name", "locale", "language", "role", "registry", "organisation", "acr", "amr", "auth_time", "sid")
BEARER = "bearer "
FORMS = frozenset({"", "application/x-www-form-urlencoded"})  # without a body there is no type
oauth = Blueprint("oauth", __name__)


@oauth.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    """The provider's metadata (OpenID Connect Discovery, RFC 8414)."""
    issuer = _provider().means.issuer
    endpoints = {
        "authorization_endpoint": "pages.authorize",
        "token_endpoint": "oauth.token",
        "userinfo_endpoint": "oauth.userinfo",
        "revocation_endpoint": "oauth.revoke",
        "jwks_uri": "oauth.jwks",
        "end_session_endpoint": "pages.end_session",
    }
    addresses = {name: f"{issuer}{_path(endpoint)}" for name, endpoint in endpoints.items()}
    return jsonify({"issuer": issuer, **addresses, **_abilities()})


@oauth.get("/api/oauth/jwks")
def jwks() -> ResponseReturnValue:
    """The public signing keys."""
    return jsonify(_provider().keys.public())


@oauth.post("/api/oauth/token")
def token() -> ResponseReturnValue:
    """Tokens for a code, a refresh token, or a service's own credentials."""
    refused = _refused()
    if refused is None and not request.form.get("grant_type"):
        refused = _error("invalid_request", 400)
    return refused or _provider().create_token_response()


@oauth.post("/api/oauth/revoke")
def revoke() -> ResponseReturnValue:
    """Take back a token."""
    return _refused() or _provider().create_endpoint_response("revocation")


@oauth.route("/api/oauth/userinfo", methods=["GET", "POST"])
def userinfo() -> ResponseReturnValue:
    """Who the bearer of an access token is, as long as the log-in lasts."""
    provider = _provider()
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(BEARER):
        return _unauthorised("")
    try:
        claims = read_access_token(header[len(BEARER) :].strip(), means=provider.means, keys=provider.keys)
        facts = read_userinfo(
            str(claims.get("sid", "")),
            [str(claims.get(name, "")) for name in ("jti", "grant_id")],
            seals=provider.means.seals,
            uow=provider.means.uow,
        )
    except (TokenRefused, RuleBroken):
        return _unauthorised("invalid_token")
    if "openid" not in str(claims.get("scope", "")).split():
        return _unauthorised("insufficient_scope", 403)
    return jsonify(person_claims(facts))


def _abilities() -> dict[str, Any]:
    return {
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(SCOPES),
        "claims_supported": list(CLAIMS),
        "acr_values_supported": [TWO_FACTOR],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["nb", "nn", "en"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def _refused() -> Response | None:
    """An answer to requests that the protocol library would stumble over, before it sees them."""
    try:
        check_fields(request.form.to_dict(flat=False))
    except RuleBroken:
        return _error("invalid_request", 400)
    # Secrets do not belong in an address, and a request is a form with one proof of who sends it.
    if request.args or request.mimetype not in FORMS or ways(request.headers, request.form) > 1:
        return _error("invalid_request", 400)
    kind, _, pair = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic" and not _is_readable(pair):
        return _error("invalid_client", 401)
    return None


def _is_readable(pair: str) -> bool:
    try:
        return base64.b64decode(pair, validate=True).decode("ascii").isprintable()
    except (binascii.Error, UnicodeDecodeError):
        return False


def _error(code: str, status: int) -> Response:
    response = jsonify(error=code)
    response.status_code = status
    if status == 401:  # noqa: PLR2004 - as HTTP names it
        response.headers["WWW-Authenticate"] = 'Basic realm="token"'
    return response


def _unauthorised(error: str, status: int = 401) -> Response:
    response = jsonify(error=error or "missing_token")
    response.status_code = status
    response.headers["WWW-Authenticate"] = f'Bearer error="{error}"' if error else "Bearer"
    return response


def _path(endpoint: str) -> str:
    return url_for(endpoint).removeprefix(request.script_root)


def _provider() -> Provider:
    provider: Provider = current_app.extensions["identity_provider"]
    return provider
