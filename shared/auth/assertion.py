"""How we prove to a provider that we are the client we say: a secret by HTTP Basic or a signed assertion."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIVES = timedelta(seconds=50)
ALGORITHM_OF = {"EC": "ES256", "RSA": "RS256"}
PrivateKey = Mapping[str, Any] | str


def read_private_key(key: PrivateKey) -> ECKey | RSAKey:
    """Return a private key given as JSON Web Key or PEM; without an id its thumbprint (RFC 7638) is the id."""
    read: Any = _from_pem(key) if isinstance(key, str) else JWKRegistry.import_key(dict(key))
    if not isinstance(read, ECKey | RSAKey) or not read.is_private:
        raise TypeError("a client proves itself with a private RSA or EC key")
    read.ensure_kid()
    return read


@lru_cache(maxsize=4)
def _from_pem(pem: str) -> Any:
    """A key read anew is proven anew to be made of primes, and a service proves itself at many places with one key."""
    return RSAKey.import_key(pem) if _is_rsa(pem) else ECKey.import_key(pem)


def _is_rsa(pem: str) -> bool:
    # Which kind it is needs no proof that its primes are prime; whoever imports it asks for that.
    key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    return isinstance(key, RSAPrivateKey)


class ClientProof:
    """The proof of one client; give a secret or a private key (a JSON Web Key, or PEM)."""

    def __init__(self, client_id: str, *, secret: str | None, private_key: PrivateKey | None) -> None:
        self._client_id = client_id
        self._secret = secret
        self._key = read_private_key(private_key) if private_key is not None else None

    def headers(self) -> dict[str, str]:
        """Return the headers of the proof; empty for signed assertions."""
        if self._secret is None:
            return {}
        pair = f"{quote_plus(self._client_id)}:{quote_plus(self._secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def fields(self, audience: str, now: datetime) -> dict[str, str]:
        """Return the form fields of the proof, made for one use at `audience`; empty for a secret."""
        if self._key is None:
            return {}
        algorithm = ALGORITHM_OF[self._key.key_type]
        header = {"alg": algorithm, "kid": self._key.kid}
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": audience,
            "jti": secrets.token_urlsafe(24),
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIVES).timestamp()),
        }
        signed = jwt.encode(header, claims, self._key, algorithms=[algorithm])
        return {"client_id": self._client_id, "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
