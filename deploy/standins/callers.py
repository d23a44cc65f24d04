"""Who calls an interface: by a machine token with the right scope, or by name and secret."""

from __future__ import annotations

from typing import Any

from flask import g, request

from deploy.standins.dpop import read_proof
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused


def require_scope(*scopes: str, issuers: tuple[str, ...]) -> frozenset[str]:
    """Check the access token of this request; it needs one of `scopes`. Returns those it has; raises Refused."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    claims = parts().signing.read(token) if scheme in ("Bearer", "DPoP") else None
    if claims is None:
        raise _unauthorised("a token of a known issuer is needed")
    if claims.get("iss") not in {parts().settings.issuer(name) for name in issuers}:
        raise _unauthorised("the token is from another issuer")
    if claims.get("exp", 0) <= parts().clock.now().timestamp():
        raise _unauthorised("the token has expired")
    _check_binding(claims, scheme, token)
    g.client = claims.get("client_id")
    granted = frozenset(str(claims.get("scope", "")).split()) & frozenset(scopes)
    if not granted:
        raise Refused(403, "insufficient_scope", f"needs scope {' or '.join(scopes)}")
    return granted


def require_basic() -> str:
    """Check name and secret of this request and return the name; raises Refused."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username:
        raise Refused(401, "unauthorised", "HTTP Basic is needed", {"WWW-Authenticate": 'Basic realm="stand-in"'})
    if not parts().clients.has_secret(given.username, given.password or ""):
        raise Refused(401, "unauthorised", "wrong name or secret", {"WWW-Authenticate": 'Basic realm="stand-in"'})
    g.client = given.username
    return given.username


def _check_binding(claims: dict[str, Any], scheme: str, token: str) -> None:
    bound_to = claims.get("cnf", {}).get("jkt")
    if (bound_to is not None) != (scheme == "DPoP"):
        raise _unauthorised("a bound token goes with DPoP, another with Bearer")
    if bound_to is None:
        return
    address = f"{parts().settings.url}{request.path}"
    try:
        proven = read_proof(request.headers.get("DPoP", ""), address, access_token=token)
    except Refused as refused:
        raise _unauthorised(refused.reason) from refused
    if proven != bound_to:
        raise _unauthorised("the proof is made with another key than the token is bound to")


def _unauthorised(reason: str) -> Refused:
    return Refused(401, "unauthorised", reason, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
