"""Proof of possession (RFC 9449): a token that only the holder of a key can use."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

from flask import request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from deploy.standins.parts import parts
from deploy.standins.refusals import Refused

_ALGORITHMS = ("RS256", "PS256", "ES256")
_SKEW_SECONDS = 60
_NONCE_LIVES_SECONDS = 300


def read_proof(proof: str, address: str, *, access_token: str | None = None, needs_nonce: bool = False) -> str:
    """Check a proof for this request to `address` and return the thumbprint of its key; raises Refused."""
    header, claims = _opened(proof)
    key = _public_key(header)
    try:
        jwt.decode(proof, key, algorithms=[header["alg"]])
    except (JoseError, ValueError) as error:
        raise _refused("the signature of the proof is wrong") from error
    if claims.get("htm") != request.method or str(claims.get("htu", "")).split("?")[0] != address:
        raise _refused(f"htm and htu must be those of this request: {request.method} {address}")
    _check_fresh(claims)
    if access_token is not None and claims.get("ath") != _hash(access_token):
        raise _refused("ath is not the hash of the access token")
    if needs_nonce:
        _check_nonce(claims.get("nonce"))
    return str(key.thumbprint())


def _opened(proof: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        found = jws.extract_compact(proof.encode())
        claims = json.loads(found.payload)
        header = dict(found.headers())
    except (JoseError, ValueError) as error:
        raise _refused("the proof is no signed JWT") from error
    if not isinstance(claims, dict) or header.get("typ") != "dpop+jwt" or header.get("alg") not in _ALGORITHMS:
        raise _refused("the proof needs typ dpop+jwt and an asymmetric alg")
    return header, claims


def _public_key(header: dict[str, Any]) -> RSAKey | ECKey:
    given = header.get("jwk")
    if not isinstance(given, dict) or "d" in given or given.get("kty") not in ("RSA", "EC"):
        raise _refused("the header needs jwk, a public RSA or EC key")
    try:
        key = JWKRegistry.import_key(given)
    except (JoseError, ValueError) as error:
        raise _refused("jwk cannot be read") from error
    if not isinstance(key, RSAKey | ECKey):
        raise _refused("jwk is of the wrong kind")
    return key


def _check_fresh(claims: dict[str, Any]) -> None:
    issued, jti = claims.get("iat"), claims.get("jti")
    if not isinstance(issued, int | float) or abs(issued - parts().clock.now().timestamp()) > _SKEW_SECONDS:
        raise _refused("iat is missing or too far off")
    with parts().store.transaction() as transaction:
        if not isinstance(jti, str) or not jti or not transaction.add_once("dpop", jti):
            raise _refused("jti is missing or has been used")


def _check_nonce(nonce: Any) -> None:
    now = parts().clock.now().timestamp()
    with parts().store.transaction() as transaction:
        known = transaction.find("dpop_nonce", nonce) if isinstance(nonce, str) else None
        if known is None or known["until"] < now:
            fresh = secrets.token_urlsafe(16)
            transaction.put("dpop_nonce", fresh, {"until": now + _NONCE_LIVES_SECONDS})
        else:
            return
    raise Refused(400, "use_dpop_nonce", "put the nonce of the header into the proof", {"DPoP-Nonce": fresh})


def _hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _refused(reason: str) -> Refused:
    return Refused(400, "invalid_dpop_proof", reason)
