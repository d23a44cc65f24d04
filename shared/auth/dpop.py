"""Proof of possession (RFC 9449): a fresh key a process, and for each request a proof that we hold it."""

import base64
import hashlib
import secrets
from datetime import datetime

from joserfc import jwt
from joserfc.jwk import ECKey

ALGORITHM = "ES256"


class PossessionKey:
    """The key that our tokens are bound to; it never leaves the process."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256")

    def proof(
        self, method: str, address: str, *, now: datetime, nonce: str | None = None, access_token: str | None = None
    ) -> str:
        """Return the proof for one request to `address` (without query)."""
        claims = {
            "jti": secrets.token_urlsafe(24),
            "htm": method,
            "htu": address.split("?", maxsplit=1)[0],
            "iat": int(now.timestamp()),
        }
        if nonce is not None:
            claims["nonce"] = nonce
        if access_token is not None:
            digest = hashlib.sha256(access_token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        header = {"typ": "dpop+jwt", "alg": ALGORITHM, "jwk": self._key.as_dict(private=False)}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])
