"""Recovery codes: ten, each good for one log-in when phone and passkeys are gone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

MANY = 10
_LENGTH = 10
# Written down by hand: no letters or digits that look alike. Ten of thirty signs are some 49 bits.
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ234567"


@dataclass(frozen=True, kw_only=True)
class RecoveryCode:
    """A code as it is typed; its first digit, the `number`, says which of the ten it is."""

    number: int
    secret: str

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "RecoveryCode(...)"

    @property
    def shown(self) -> str:
        """The code as it is shown, such as 3-ABCDE-FGHJK."""
        middle = _LENGTH // 2
        return f"{self.number}-{self.secret[:middle]}-{self.secret[middle:]}"


def new_codes() -> list[RecoveryCode]:
    """Ten random codes."""
    return [
        RecoveryCode(number=number, secret="".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)))
        for number in range(MANY)
    ]


def read_code(typed: str) -> RecoveryCode | None:
    """The code that was typed, however it was spaced; None if it can be none."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != _LENGTH + 1 or signs[0] not in "0123456789":
        return None
    return RecoveryCode(number=int(signs[0]), secret=signs[1:])
