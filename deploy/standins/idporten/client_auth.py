"""How a client proves itself at the token and the pushed-request endpoint: by one method, and only one."""

from __future__ import annotations

from urllib.parse import unquote_plus

from flask import g, request

from deploy.standins.assertions import ASSERTION_TYPE, AssertionRules, read_assertion
from deploy.standins.clients import Client
from deploy.standins.idporten.profile import issuer
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused


def authenticated_client() -> Client:
    """Return the client of this request; raises Refused with invalid_client."""
    ways = [
        request.authorization is not None,
        "client_secret" in request.form,
        "client_assertion" in request.form or "client_assertion_type" in request.form,
    ]
    if sum(ways) != 1:
        raise _refused("one way of client authentication is needed, not none and not two")
    name = _by_assertion() if ways[2] else _by_secret()
    client = parts().clients.find(name)
    if client is None or not client.address:
        raise _refused("the client is not registered at ID-porten")
    if request.form.get("client_id", name) != name:
        raise _refused("client_id is not that of the authenticated client")
    g.client = name
    return client


def _by_secret() -> str:
    given = request.authorization
    if given is None:
        name, secret = request.form.get("client_id", ""), request.form["client_secret"]
    elif given.type == "basic":
        # RFC 6749 section 2.3.1: both are form-encoded before they are joined.
        name, secret = unquote_plus(given.username or ""), unquote_plus(given.password or "")
    else:
        raise _refused("the Authorization header must be Basic")
    if not parts().clients.has_secret(name, secret):
        raise _refused("wrong client or secret")
    return name


def _by_assertion() -> str:
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        raise _refused(f"client_assertion_type must be {ASSERTION_TYPE}")
    rules = AssertionRules(
        audiences=(issuer(), f"{issuer()}/token"), longest_seconds=120, error="invalid_client", status=401
    )
    claims = read_assertion(request.form.get("client_assertion", ""), rules)
    if claims.get("sub") != claims["iss"]:
        raise _refused("iss and sub must both be the client id")
    return str(claims["iss"])


def _refused(reason: str) -> Refused:
    return Refused(401, "invalid_client", reason, {"WWW-Authenticate": 'Basic realm="ID-porten"'})
