"""The stand-ins' own RSA key: it signs their tokens and the answers of Digipost."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from deploy.standins.client_keys import write_key_once

ALGORITHM = "RS256"
_CERTIFIED_FROM, _CERTIFIED_TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


class SigningKey:
    """Reads the key file, or makes it at the first start."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_key_once(path)
        self._key, self._private, self._certificate = _opened(path.read_bytes())

    @property
    def key_set(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "use": "sig", "alg": ALGORITHM, "kid": self._key.kid}]}

    @property
    def certificate(self) -> str:
        """The certificate as PEM."""
        return self._certificate

    def token(self, claims: Mapping[str, Any], *, token_type: str = "JWT") -> str:  # noqa: S107 - a header field
        """Sign a token."""
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": token_type}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> dict[str, Any] | None:
        """Return the claims of a token signed here, whatever its age; None for any other."""
        try:
            return dict(jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims)
        except (JoseError, ValueError):
            return None

    def signature(self, text: str) -> str:
        """Sign a text with PKCS #1 v1.5 and SHA-256; base64."""
        return base64.b64encode(self._private.sign(text.encode(), padding.PKCS1v15(), SHA256())).decode()


@lru_cache(maxsize=8)
def _opened(pem: bytes) -> tuple[RSAKey, rsa.RSAPrivateKey, str]:
    """The key in a file, in both shapes, and its certificate; checking an RSA key takes longer than signing with it."""
    key = RSAKey.import_key(pem)
    key.ensure_kid()
    private = key.private_key
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("The stand-ins' key is no private RSA key.")
    return key, private, _self_signed(private)


def _self_signed(private: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stand-in")])
    builder = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(_CERTIFIED_FROM)
        .not_valid_after(_CERTIFIED_TO - timedelta(days=1))
    )
    return builder.sign(private, SHA256()).public_bytes(Encoding.PEM).decode()
