"""Who answers a form: the person it is about, or a parent in the person's place."""

from __future__ import annotations

import base64
import hashlib
import hmac
from enum import StrEnum

_BYTES = 16  # 128 bits
BETWEEN = "."


class FilledOutBy(StrEnum):
    """Whose hand the answers are from."""

    PATIENT = "patient"
    PARENT = "parent"


def reader_sign(key: bytes, order_id: str, number: str) -> str:
    """What stands for one parent in a link: a keyed hash for this order alone, from which nobody finds the number."""
    digest = hmac.new(key, f"reader\0{order_id}\0{number}".encode(), hashlib.sha256).digest()[:_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signed_token(token: str, sign: str) -> str:
    """The token of a parent's own link."""
    return f"{token}{BETWEEN}{sign}"


def split_token(token: str) -> tuple[str, str]:
    """The token of the order, and the sign of the parent; empty in a link that is not a parent's own."""
    plain, _, sign = token.partition(BETWEEN)
    return plain, sign
