"""A service's own proofs of who it is, from the folder of keys: its secret at identity, its key outside."""

import hashlib
import hmac
import json
from pathlib import Path

SECRETS_FILE = "client_secrets.json"
KEY_FILE = "{service}_client.pem"
NATIONAL_FILE, HELSENORGE_FILE = "national_keys.json", "helsenorge_keys.json"
FOR_OTHERS = 0o077


class CredentialsError(Exception):
    """A file of secrets is missing, lacks the service, or may be read by others than its owner."""


def client_secret(keys_dir: Path, service: str) -> str:
    """Return the service's secret as a client of identity."""
    kept: dict[str, str] = json.loads(_guarded(keys_dir / SECRETS_FILE))
    if not kept.get(service):
        raise CredentialsError(f"no secret for {service}")
    return kept[service]


def national_key(keys_dir: Path, service: str) -> str | None:
    """Return the key by which the national ePROM and the service know each other; None if there is no file of them."""
    return _shared_key(keys_dir / NATIONAL_FILE, service)


def helsenorge_key(keys_dir: Path, service: str) -> str | None:
    """Return the key by which Helsenorge's filling service proves itself; None if there is no file of them."""
    return _shared_key(keys_dir / HELSENORGE_FILE, service)


def client_key(keys_dir: Path, service: str) -> str:
    """Return the service's private key towards ID-porten and others outside, as PEM."""
    return _guarded(keys_dir / KEY_FILE.format(service=service))


def web_secret(keys_dir: Path, service: str) -> str:
    """Return the secret of the service's web app, derived from its secret at identity; 64 hexadecimal signs."""
    secret = client_secret(keys_dir, service)
    return hmac.new(secret.encode(), b"web app", hashlib.sha256).hexdigest()


def _shared_key(path: Path, service: str) -> str | None:
    kept: dict[str, str] = json.loads(_guarded(path)) if path.exists() else {}
    return kept.get(service) or None


def _guarded(path: Path) -> str:
    if not path.is_file():
        raise CredentialsError(f"{path.name} is missing")
    if path.stat().st_mode & FOR_OTHERS:
        raise CredentialsError(f"{path.name} may be read by others than its owner")
    return path.read_text(encoding="utf-8")
