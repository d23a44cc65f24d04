"""Codes and tokens: a code is good once and for a minute; used twice, it takes its tokens with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.clients import Client
from deploy.standins.idporten.asked import Asked
from deploy.standins.idporten.client_auth import authenticated_client
from deploy.standins.idporten.profile import CODE_LIVES_SECONDS, TOKEN_LIVES_SECONDS, issuer
from deploy.standins.idporten.session import hashed, note_client, now
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused

_CODE, _ACCESS = "idporten_code", "idporten_access"
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def issue_code(asked: Asked, session: dict[str, Any], browser_secret: str) -> str:
    """Make a code for a citizen who has logged in."""
    code = secrets.token_urlsafe(32)
    kept = {name: session[name] for name in ("number", "acr", "auth_time", "sid")}
    body = {**kept, "asked": asked.to_json(), "until": now() + CODE_LIVES_SECONDS, "access": None}
    with parts().store.transaction() as transaction:
        transaction.put(_CODE, hashed(code), body)
    note_client(browser_secret, asked.client)
    return code


def exchange() -> ResponseReturnValue:
    """Answer the token endpoint."""
    client = authenticated_client()
    if request.form.get("grant_type") != "authorization_code":
        raise Refused(400, "unsupported_grant_type", "grant_type must be authorization_code")
    access_token = secrets.token_urlsafe(32)
    granted = _redeem(client, access_token)
    if granted is None:
        raise Refused(400, "invalid_grant", "the code is unknown, used, expired or not this client's, or does not fit")
    asked = Asked.from_json(granted["asked"])
    body = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIVES_SECONDS,
        "scope": asked.scope,
        "id_token": _id_token(asked, granted),
    }
    return jsonify(body), 200, {"Cache-Control": "no-store"}


def user_information() -> ResponseReturnValue:
    """Answer the userinfo endpoint."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with parts().store.reading() as transaction:
        found = transaction.find(_ACCESS, hashed(token)) if scheme == "Bearer" else None
    if found is None or found["until"] < now():
        raise Refused(401, "invalid_token", "no such token", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return jsonify(sub=found["sub"], pid=found["number"], locale=found["locale"])


def pairwise(client: str, number: str) -> str:
    """Return what the client calls the person: always the same, and another for each client."""
    digest = hashlib.sha256(f"{issuer()} {client} {number}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _redeem(client: Client, access_token: str) -> dict[str, Any] | None:
    key = hashed(request.form.get("code", ""))
    with parts().store.transaction() as transaction:
        granted = transaction.find(_CODE, key)
        if granted is None:
            return None
        if granted["access"]:
            transaction.take(_ACCESS, granted["access"])
            return None
        # Whatever comes of this try, the code is used up.
        transaction.put(_CODE, key, {**granted, "access": hashed(access_token)})
        if not _fits(client, granted):
            return None
        asked = Asked.from_json(granted["asked"])
        body = {
            "sub": pairwise(client.name, granted["number"]),
            "number": granted["number"],
            "locale": asked.language,
            "until": now() + TOKEN_LIVES_SECONDS,
        }
        transaction.put(_ACCESS, hashed(access_token), body)
    return granted


def _fits(client: Client, granted: dict[str, Any]) -> bool:
    asked = Asked.from_json(granted["asked"])
    verifier = request.form.get("code_verifier", "")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return (
        asked.client == client.name
        and granted["until"] >= now()
        and request.form.get("redirect_uri") == asked.redirect_uri
        and _VERIFIER.fullmatch(verifier) is not None
        and hmac.compare_digest(digest, asked.challenge)
    )


def _id_token(asked: Asked, granted: dict[str, Any]) -> str:
    claims = {
        "iss": issuer(),
        "aud": asked.client,
        "sub": pairwise(asked.client, granted["number"]),
        "pid": granted["number"],
        "acr": granted["acr"],
        "amr": ["TestID"],
        "auth_time": granted["auth_time"],
        "iat": now(),
        "exp": now() + TOKEN_LIVES_SECONDS,
        "jti": secrets.token_urlsafe(16),
        "nonce": asked.nonce,
        "sid": granted["sid"],
        "locale": asked.language,
    }
    return parts().signing.token(claims)
