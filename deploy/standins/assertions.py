"""Signed assertions of clients: read strictly, each good once."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from deploy.standins.parts import parts
from deploy.standins.refusals import Refused

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CLOCK_SKEW_SECONDS = 10
_LONGEST_TEXT = 8192


@dataclass(frozen=True, kw_only=True)
class AssertionRules:
    """What one token service wants of assertions."""

    audiences: Collection[str]
    longest_seconds: int
    error: str
    status: int = 400
    algorithms: tuple[str, ...] = ("RS256",)


def read_assertion(text: str, rules: AssertionRules) -> dict[str, Any]:
    """Return the claims of a good assertion and use it up; raises Refused with the rules' error code otherwise."""
    header, claims = _unchecked(text, rules)
    client = str(claims.get("iss", ""))
    key = parts().clients.public_key(client) if parts().clients.find(client) else None
    if key is None:
        raise _refused(rules, "the issuer of the assertion is no client with a key here")
    if header.get("alg") not in rules.algorithms:
        raise _refused(rules, f"alg must be one of {', '.join(rules.algorithms)}")
    if header.get("kid") != key.kid:
        raise _refused(rules, "kid is not that of the client's registered key")
    try:
        jwt.decode(text, key, algorithms=list(rules.algorithms))
    except (JoseError, ValueError) as error:
        raise _refused(rules, "the signature does not fit the client's registered key") from error
    _check_claims(claims, rules)
    _use_up(client, claims, rules)
    return claims


def _unchecked(text: str, rules: AssertionRules) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before the signature is known to be good; only to find the key by."""
    try:
        found = jws.extract_compact(text[:_LONGEST_TEXT].encode())
        claims = json.loads(found.payload)
    except (JoseError, ValueError) as error:
        raise _refused(rules, "the assertion is no signed JWT") from error
    if not isinstance(claims, dict):
        raise _refused(rules, "the assertion has no claims")
    return dict(found.headers()), claims


def _check_claims(claims: dict[str, Any], rules: AssertionRules) -> None:
    now = parts().clock.now().timestamp()
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    if audience not in rules.audiences:
        raise _refused(rules, f"aud must be {' or '.join(sorted(rules.audiences))}")
    issued, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int | float) or not isinstance(ends, int | float):
        raise _refused(rules, "iat and exp are needed")
    if abs(issued - now) > _CLOCK_SKEW_SECONDS:
        raise _refused(rules, f"iat is more than {_CLOCK_SKEW_SECONDS} seconds off")
    if ends - issued > rules.longest_seconds:
        raise _refused(rules, f"exp is more than {rules.longest_seconds} seconds after iat")
    if ends <= now - _CLOCK_SKEW_SECONDS:
        raise _refused(rules, "the assertion has expired")


def _use_up(client: str, claims: dict[str, Any], rules: AssertionRules) -> None:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise _refused(rules, "jti is needed")
    with parts().store.transaction() as transaction:
        if not transaction.add_once("assertion", f"{client} {jti}"):
            raise _refused(rules, "jti has been used before")


def _refused(rules: AssertionRules, reason: str) -> Refused:
    return Refused(rules.status, rules.error, reason)
