"""Makes the keys and secrets by which the services prove who they are to the outside world, where they are missing."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

OWNERS = ("identity", "registration", "eprom", "reservation", "release")
SECRETS_FILE, NATIONAL_FILE, HELSENORGE_FILE = "client_secrets.json", "national_keys.json", "helsenorge_keys.json"
FORM_SENDERS = ("eprom",)
_SECRETS = {SECRETS_FILE: OWNERS, NATIONAL_FILE: FORM_SENDERS, HELSENORGE_FILE: FORM_SENDERS}
_BITS = 2048


def ensure_client_keys(folder: Path) -> None:
    """Make `<service>_client.pem`, `client_secrets.json` and the keys of each outside system where they are missing.

    What is there stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for service in OWNERS:
        if not (folder / f"{service}_client.pub.pem").exists():
            write_key_once(folder / f"{service}_client.pem")
    for name, owners in _SECRETS.items():
        if not (folder / name).exists():
            made = {service: secrets.token_urlsafe(32) for service in owners}
            _write_once(folder / name, json.dumps(made, indent=1).encode())


def write_key_once(path: Path) -> None:
    """Write a new RSA private key to `path`, unless the file exists; two processes at once end with one key."""
    if path.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    _write_once(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _write_once(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        os.link(fresh, path)  # fails if another process was first, so nobody's key is overwritten
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


if __name__ == "__main__":
    ensure_client_keys(Path(sys.argv[1]))
