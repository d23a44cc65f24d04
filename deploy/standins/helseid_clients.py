"""How a client proves itself at HelseID: by a signed assertion, good once and for a minute, and by nothing else."""

from __future__ import annotations

from flask import g, request

from deploy.standins.assertions import ASSERTION_TYPE, AssertionRules, read_assertion
from deploy.standins.clients import Client
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused


def helseid_client(endpoint: str) -> Client:
    """Return the client of this request to `endpoint`; raises Refused with invalid_client."""
    if "client_secret" in request.form or request.authorization is not None:
        raise Refused(401, "invalid_client", "secrets are not taken")
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refused(401, "invalid_client", f"client_assertion_type must be {ASSERTION_TYPE}")
    issuer = parts().settings.issuer("helseid")
    rules = AssertionRules(audiences=(issuer, endpoint), longest_seconds=60, error="invalid_client", status=401)
    claims = read_assertion(request.form.get("client_assertion", ""), rules)
    if claims.get("sub") != claims["iss"] or request.form.get("client_id", claims["iss"]) != claims["iss"]:
        raise Refused(401, "invalid_client", "iss, sub and client_id must be the same")
    client = parts().clients.find(str(claims["iss"]))
    if client is None:
        raise Refused(401, "invalid_client", "unknown client")
    g.client = client.name
    return client
