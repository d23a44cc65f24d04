"""What a password must be, and how long the first one lives."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = 12
LONGEST = 200
FIRST_LIVES = timedelta(days=7)
# Read aloud and typed once from a phone: no letters or digits that look alike.
_LOWER, _UPPER, _DIGITS, _SIGNS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!?+-*=%&"
_FIRST_LENGTH = 14
_SHORTEST_NAME = 3


@dataclass(frozen=True, kw_only=True)
class PasswordState:
    """The password of an account without the password: a first one is given, once, for seven days."""

    is_first: bool
    set_at: datetime
    is_used: bool = False

    def works(self, now: datetime) -> bool:
        """Tell whether the right password still opens the account."""
        return not self.is_first or (not self.is_used and now - self.set_at < FIRST_LIVES)


def faults(password: str, *, user_name: str, is_common: bool) -> list[str]:
    """Codes of everything that is wrong with a new password; empty when it will do."""
    found = {
        "password_too_short": len(password) < SHORTEST,
        "password_too_long": len(password) > LONGEST,
        "password_needs_lower": not any(sign.islower() for sign in password),
        "password_needs_upper": not any(sign.isupper() for sign in password),
        "password_needs_digit": not any(sign.isdigit() for sign in password),
        "password_needs_sign": not any(_is_sign(sign) for sign in password),
        "password_has_user_name": len(user_name) >= _SHORTEST_NAME and user_name.casefold() in password.casefold(),
        "password_too_common": is_common,
    }
    return [code for code, is_wrong in found.items() if is_wrong]


def first_password() -> str:
    """A random password of 14 signs with all four kinds, some 80 bits."""
    kinds = [_LOWER, _UPPER, _DIGITS, _SIGNS]
    signs = [secrets.choice(kind) for kind in kinds]
    signs += [secrets.choice("".join(kinds)) for _ in range(_FIRST_LENGTH - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)


def _is_sign(sign: str) -> bool:
    return sign in string.punctuation or not (sign.isalnum() or sign.isspace())
