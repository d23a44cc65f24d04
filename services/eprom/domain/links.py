"""Links to a form, and the codes that stand for them on paper: unguessable bits outside, a hash inside."""

from __future__ import annotations

import base64
import hashlib
import hmac

# None of them is taken for another one in print: I and L look like 1, O like 0, and without U no word comes about.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("ILO", "110")
_BITS_A_SIGN, _GROUP = 5, 4
CODE_SIGNS = 28


def link_token(key: bytes, order_id: str) -> str:
    """The link token of an order: HMAC under a secret key, so that a message sent again carries the same link."""
    return base64.urlsafe_b64encode(_digest(key, "link", order_id)).decode().rstrip("=")


def letter_code(key: bytes, order_id: str) -> str:
    """The code in the letter about an order, which is a link that can be typed: 28 signs, 140 bits."""
    number = int.from_bytes(_digest(key, "letter", order_id), "big")
    return "".join(_SIGNS[number >> _BITS_A_SIGN * place & len(_SIGNS) - 1] for place in range(CODE_SIGNS))


def grouped(code: str) -> str:
    """The code as it is printed: in groups of four."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def typed_letter_code(typed: str) -> str:
    """The code as it was meant: letters of either size, signs that look alike, and anything between them."""
    return "".join(sign for sign in typed.upper().translate(_ALIKE) if sign in _SIGNS)


def token_hash(token: str) -> str:
    """What is stored of a token or a code; a fast hash is enough for so many unguessable bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _digest(key: bytes, purpose: str, order_id: str) -> bytes:
    return hmac.new(key, f"{purpose}\0{order_id}".encode(), hashlib.sha256).digest()
