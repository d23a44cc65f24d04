"""Links to a form: 256 unguessable bits outside, a hash inside."""

from __future__ import annotations

import base64
import hashlib
import hmac


def link_token(key: bytes, order_id: str) -> str:
    """The link token of an order: HMAC under a secret key, so that a message sent again carries the same link."""
    digest = hmac.new(key, f"link\0{order_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token; a fast hash is enough for 256 unguessable bits."""
    return hashlib.sha256(token.encode()).hexdigest()
