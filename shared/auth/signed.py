"""Signed tokens: the header is distrusted, the signature checked with a key of the issuer, the times by our clock."""

import base64
import binascii
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from shared.auth.errors import TokenRefused
from shared.auth.keys import KeySource

LEEWAY = timedelta(seconds=10)
LONGEST_TOKEN = 8_192
# Anything else in a header (jku, x5u, jwk, x5c, crit, b64 ...) tells where to find a key or how to read the
# token; the issuer never sends it, so a token that has it is refused before its signature is looked at.
HEADER_FIELDS = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a token must say: signed by whom, for whom, of which type and by which algorithms."""

    issuer: str
    audience: str
    types: frozenset[str]
    algorithms: frozenset[str] = frozenset({"ES256"})


def read_signed(token: str, expected: Expected, keys: KeySource, now: datetime) -> dict[str, Any]:
    """Return the claims of a good token, or raise TokenRefused."""
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("length")
    kid = _checked_header(token, expected)
    key = keys.find(kid)
    if key is None:
        raise TokenRefused("kid")
    try:
        claims = jwt.decode(token, key, algorithms=sorted(expected.algorithms)).claims
    except (JoseError, ValueError) as error:
        raise TokenRefused("signature") from error
    _check_parties(claims, expected)
    check_times(claims, now)
    return claims


def moment_of(claims: Mapping[str, Any], name: str) -> datetime | None:
    """Return a NumericDate claim as a moment in UTC; None if missing; raises TokenRefused if it is no number."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(name)
    try:
        return datetime.fromtimestamp(value, tz=UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TokenRefused(name) from error


def check_times(claims: Mapping[str, Any], now: datetime) -> None:
    """Refuse tokens that are over, not yet begun, from the future, or without beginning or end."""
    expires, issued, begins = (moment_of(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None or now >= expires + LEEWAY:
        raise TokenRefused("expired")
    if issued is None or issued > now + LEEWAY:
        raise TokenRefused("iat")
    if begins is not None and begins > now + LEEWAY:
        raise TokenRefused("nbf")


def _checked_header(token: str, expected: Expected) -> str:
    header = _header(token)
    if set(header) - HEADER_FIELDS:
        raise TokenRefused("header")
    if header.get("alg") not in expected.algorithms:
        raise TokenRefused("alg")
    if str(header.get("typ", "")).lower() not in expected.types:
        raise TokenRefused("typ")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise TokenRefused("kid")
    return kid


def _header(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004  header, claims, signature
        raise TokenRefused("form")
    try:
        header = json.loads(base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise TokenRefused("form") from error
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str):
        raise TokenRefused("form")
    return header


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("issuer")
    if expected.audience not in audiences(claims):
        raise TokenRefused("audience")
    if not isinstance(claims.get("sub", ""), str):
        raise TokenRefused("subject")


def audiences(claims: Mapping[str, Any]) -> Collection[str]:
    """Return the audiences of a token as a list, however it wrote them."""
    value = claims.get("aud")
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
