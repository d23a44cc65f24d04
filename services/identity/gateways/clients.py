"""The registered clients: the suite's other services, from settings and the secrets file."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.identity.domain.clients import Client, secret_hash

SECRETS_FILE = "client_secrets.json"
HASHED = "sha256:"


class SecretsUnsafe(Exception):  # noqa: N818 - says what is
    """The file of client secrets may be read by others than its owner, or lacks a client."""


def load_clients(keys_dir: Path, public_urls: Mapping[str, str]) -> dict[str, Client]:
    """The clients by id; `public_urls` holds the base address of each. Raises SecretsUnsafe."""
    kept = _read(keys_dir)
    missing = sorted(set(public_urls) - set(kept))
    if missing:
        raise SecretsUnsafe(f"no secret for {', '.join(missing)}")
    return {name: _client(name, url.rstrip("/"), kept[name]) for name, url in public_urls.items()}


def own_secret(keys_dir: Path) -> str:
    """Identity's own secret at the gateways outside; raises SecretsUnsafe."""
    kept = _read(keys_dir)
    if "identity" not in kept:
        raise SecretsUnsafe("no secret for identity")
    return kept["identity"]


def create_secrets_file(keys_dir: Path, client_ids: Sequence[str]) -> None:
    """Write a file with a random secret of 256 bits a client, for its owner only; an existing file is left alone."""
    path = keys_dir / SECRETS_FILE
    if path.exists():
        return
    fresh = keys_dir / f".{SECRETS_FILE}.{os.getpid()}"
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({name: secrets.token_urlsafe(32) for name in client_ids}, file)
    # A link appears whole or not at all, and not over the file of a process that was faster.
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def _read(keys_dir: Path) -> dict[str, str]:
    path = keys_dir / SECRETS_FILE
    if not path.is_file() or path.stat().st_mode & 0o077:
        raise SecretsUnsafe(SECRETS_FILE)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _client(client_id: str, url: str, kept: str) -> Client:
    # Where identity runs apart from its clients, its copy of the file holds hashes only.
    stored = kept.removeprefix(HASHED) if kept.startswith(HASHED) else secret_hash(kept)
    return Client(
        client_id=client_id,
        secret_hash=stored,
        redirect_uris=(f"{url}/callback",),
        after_logout_uris=(f"{url}/", url),
        backchannel_logout_uri=f"{url}/backchannel-logout",
    )
