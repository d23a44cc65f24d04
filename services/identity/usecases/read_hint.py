"""What an id token says that a client shows at log-out."""

from __future__ import annotations

from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from services.identity.domain.signing_keys import ALGORITHM
from services.identity.usecases.claims import ID_TYPE
from shared.auth.keys import KeySource


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Whose log-out a client asks for."""

    client_id: str
    user_id: str


def read_hint(token: str, *, issuer: str, keys: KeySource) -> Hint | None:
    """The hint of an id token signed here, however old: a log-out must work after the token's ten minutes too."""
    key = keys.find(_key_id(token))
    if key is None:
        return None
    try:
        read = jwt.decode(token, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return None
    claims = read.claims if read.header.get("typ") == ID_TYPE else {}
    client_id, user_id = claims.get("aud"), claims.get("sub")
    if claims.get("iss") != issuer or not isinstance(client_id, str) or not isinstance(user_id, str):
        return None
    return Hint(client_id=client_id, user_id=user_id)


def _key_id(token: str) -> str:
    try:
        return str(extract_compact(token.encode()).headers().get("kid", ""))
    except (JoseError, ValueError):
        return ""
