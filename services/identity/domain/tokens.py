"""What clients are given: authorization codes, refresh tokens in families, and how long each lives."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.identity.domain.errors import RuleBroken

CODE_LIVES = timedelta(seconds=60)
ACCESS_LIVES = timedelta(minutes=10)
REFRESH_LIVES = timedelta(hours=12)
LARGEST_AGE = 10**8
PROMPTS = frozenset({"none", "login", "select_account", "consent"})
_ALLOWED_SIGNS = frozenset(chr(code) for code in range(0x20, 0x7F)) - {'"', "\\"}
_LONGEST_FIELD = 2000


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """A refresh token as stored: used once for the next one; used again, the whole family is stolen."""

    expires_at: datetime
    is_used: bool = False
    is_revoked: bool = False


class TokenStolen(RuleBroken):
    """A token that was used before came back; everything of its family must end."""

    def __init__(self) -> None:
        super().__init__("token_reused")


def new_token() -> str:
    """A random value of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a random value; a fast hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_refresh(refresh: Refresh, now: datetime) -> None:
    """Raise unless the refresh token may be exchanged now."""
    if refresh.is_revoked or now >= refresh.expires_at:
        raise RuleBroken("token_expired")
    if refresh.is_used:
        raise TokenStolen


def check_code(*, is_used: bool, expires_at: datetime, now: datetime) -> None:
    """Raise unless the authorization code may be exchanged now."""
    if is_used:
        raise TokenStolen
    if now >= expires_at:
        raise RuleBroken("code_expired")


def read_max_age(text: str | None) -> timedelta | None:
    """The oldest log-in a client accepts; raises RuleBroken if it is no number of seconds."""
    if text is None or text == "":
        return None
    if not (text.isascii() and text.isdecimal()) or int(text[:12]) > LARGEST_AGE:
        raise RuleBroken("max_age")
    return timedelta(seconds=int(text))


def read_prompts(text: str | None) -> frozenset[str]:
    """What a client wants shown to the user; raises RuleBroken for what is unknown or contradicts itself."""
    prompts = frozenset((text or "").split())
    if prompts - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise RuleBroken("prompt")
    return prompts


def check_fields(fields: Mapping[str, list[str]]) -> None:
    """Raise RuleBroken for a request with a field that stands twice, is endless or holds signs no client sends."""
    for values in fields.values():
        if len(values) != 1 or len(values[0]) > _LONGEST_FIELD or not _ALLOWED_SIGNS.issuperset(values[0]):
            raise RuleBroken("invalid_request")
