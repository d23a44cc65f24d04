"""Links to a form: 256 random bits outside, a hash inside."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """A fresh link token of 256 random bits, URL-safe."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> str:
    """What is stored of a token; a fast hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
