"""The clients' public keys as files; one that comes after the start, or in place of another, counts at once."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from joserfc.jwk import ECKey, RSAKey

from shared.auth.credentials import KEY_FILE
from shared.auth.keys import PublicKey

# Where all services share one folder, the private key lies there and its public half is read.
PUBLIC_FILE, PRIVATE_FILE = "{service}_client.pub.pem", KEY_FILE


class ClientKeys:
    """The public keys by which clients prove themselves, by client id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[int, PublicKey]] = {}

    def of(self, client_id: str) -> PublicKey | None:
        """The key of a registered client, with its thumbprint (RFC 7638) as id; None if there is none."""
        for name in (PUBLIC_FILE, PRIVATE_FILE):
            path = self._folder / name.format(service=client_id)
            if path.is_file():
                return self._load(path)
        return None

    def _load(self, path: Path) -> PublicKey:
        stamp = path.stat().st_mtime_ns
        kept = self._read.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._read[path] = (stamp, _public_key(path.read_bytes()))
        return kept[1]


def _public_key(pem: bytes) -> PublicKey:
    # Checking the whole private key takes long and tells nothing about the half that is used here.
    is_private = b"PRIVATE" in pem
    read = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True) if is_private else None
    public = read.public_key() if read is not None else load_pem_public_key(pem)
    text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = ECKey.import_key(text) if isinstance(public, EllipticCurvePublicKey) else RSAKey.import_key(text)
    key.ensure_kid()
    return key
