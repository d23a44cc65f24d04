"""Maskinporten and HelseID, machine to machine: tokens for clients that sign an assertion."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.assertions import AssertionRules, read_assertion
from deploy.standins.clients import Client
from deploy.standins.dpop import read_proof
from deploy.standins.helseid_clients import helseid_client
from deploy.standins.helseid_users import exchange_code, users_metadata
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, as_oauth

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
MASKINPORTEN_LIVES, HELSEID_LIVES = 120, 60

maskinporten = Blueprint("maskinporten", __name__, url_prefix="/maskinporten")
helseid = Blueprint("helseid", __name__, url_prefix="/helseid")
maskinporten.register_error_handler(Refused, as_oauth)
helseid.register_error_handler(Refused, as_oauth)


@maskinporten.get("/.well-known/oauth-authorization-server")
def maskinporten_metadata() -> ResponseReturnValue:
    """Describe Maskinporten."""
    issuer = parts().settings.issuer("maskinporten")
    return jsonify(
        issuer=issuer,
        token_endpoint=f"{issuer}token",
        jwks_uri=f"{issuer}jwk",
        grant_types_supported=[JWT_GRANT],
        token_endpoint_auth_methods_supported=["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported=["RS256", "RS384", "RS512"],
    )


@maskinporten.get("/jwk")
def maskinporten_keys() -> ResponseReturnValue:
    """Publish the signing key."""
    return jsonify(parts().signing.key_set)


@maskinporten.post("/token")
def maskinporten_token() -> ResponseReturnValue:
    """Grant a token for a signed assertion (RFC 7523)."""
    if request.form.get("grant_type") != JWT_GRANT:
        raise Refused(400, "unsupported_grant_type", f"grant_type must be {JWT_GRANT}")
    issuer = parts().settings.issuer("maskinporten")
    rules = AssertionRules(
        audiences=(issuer,), longest_seconds=120, error="invalid_grant", algorithms=("RS256", "RS384", "RS512")
    )
    claims = read_assertion(request.form.get("assertion", ""), rules)
    client = _client(str(claims["iss"]))
    scope = _granted(str(claims.get("scope", "")), client.maskinporten_scopes)
    more = {"aud": claims["resource"]} if "resource" in claims else {}
    consumer = {"authority": "iso6523-actorid-upis", "ID": "0192:983974724"}
    return _token(issuer, client, scope, MASKINPORTEN_LIVES, {"consumer": consumer, **more})


@helseid.get("/.well-known/openid-configuration")
def helseid_metadata() -> ResponseReturnValue:
    """Describe HelseID."""
    issuer = parts().settings.issuer("helseid")
    return jsonify(
        issuer=issuer,
        token_endpoint=f"{issuer}/connect/token",
        jwks_uri=f"{issuer}/.well-known/openid-configuration/jwks",
        **users_metadata(issuer),
        grant_types_supported=["client_credentials", "authorization_code"],
        token_endpoint_auth_methods_supported=["private_key_jwt"],
        dpop_signing_alg_values_supported=["RS256", "PS256", "ES256"],
    )


@helseid.get("/.well-known/openid-configuration/jwks")
def helseid_keys() -> ResponseReturnValue:
    """Publish the signing key."""
    return jsonify(parts().signing.key_set)


@helseid.post("/connect/token")
def helseid_token() -> ResponseReturnValue:
    """Grant a token to a client that signs an assertion, bound to a key if it proves one; or exchange a user's code."""
    if request.form.get("grant_type") == "authorization_code":
        return exchange_code()
    if request.form.get("grant_type") != "client_credentials":
        raise Refused(400, "unsupported_grant_type", "grant_type must be client_credentials or authorization_code")
    issuer = parts().settings.issuer("helseid")
    endpoint = f"{issuer}/connect/token"
    bound_to = _proven_key(endpoint)
    client = helseid_client(endpoint)
    scope = _granted(request.form.get("scope", ""), client.helseid_scopes)
    more: dict[str, Any] = {"aud": sorted({name.split("/")[0] for name in scope.split()})}
    if bound_to:
        more["cnf"] = {"jkt": bound_to}
    return _token(issuer, client, scope, HELSEID_LIVES, more)


def _proven_key(endpoint: str) -> str | None:
    proof = request.headers.get("DPoP")
    if proof:
        return read_proof(proof, endpoint, needs_nonce=True)
    if parts().settings.is_dpop_required:
        raise Refused(400, "invalid_dpop_proof", "a DPoP proof is required")
    return None


def _client(name: str) -> Client:
    client = parts().clients.find(name)
    if client is None:
        raise Refused(401, "invalid_client", "unknown client")
    g.client = client.name
    return client


def _granted(asked: str, allowed: frozenset[str]) -> str:
    wanted = asked.split()
    if not wanted or not set(wanted) <= allowed:
        raise Refused(400, "invalid_scope", "the client is not registered for this scope")
    return " ".join(wanted)


def _token(issuer: str, client: Client, scope: str, lives: int, more: Mapping[str, Any]) -> ResponseReturnValue:
    now = int(parts().clock.now().timestamp())
    claims = {
        "iss": issuer,
        "client_id": client.name,
        "client_amr": "private_key_jwt",
        "scope": scope,
        "iat": now,
        "exp": now + lives,
        "jti": secrets.token_urlsafe(16),
        **more,
    }
    token_type = "DPoP" if "cnf" in more else "Bearer"
    body = {
        "access_token": parts().signing.token(claims, token_type="at+jwt"),  # noqa: S106 - a header field
        "token_type": token_type,
        "expires_in": lives,
        "scope": scope,
    }
    return jsonify(body), 200, {"Cache-Control": "no-store"}
