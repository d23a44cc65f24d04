"""A one-time code by SMS for one order: six digits, ten minutes, five tries, one use, and only so many a day."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.eprom.domain.errors import RuleBroken

DIGITS = 6
LIVES = timedelta(minutes=10)
MOST_TRIES = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR, MOST_A_DAY = 3, 10


@dataclass(frozen=True, kw_only=True)
class SentCode:
    """A code that was sent, without its digits."""

    sent_at: datetime
    tries: int = 0
    is_used: bool = False


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def typed_code(text: str) -> str:
    """The code as it was meant: people and phones put blanks between the digits."""
    return "".join(text.split())


def check_allowance(sent_at: Sequence[datetime], now: datetime) -> None:
    """Raise RuleBroken if one more code would be too many for the order; `sent_at` covers the last day."""
    ages = [now - moment for moment in sent_at]
    if sum(age < HOUR for age in ages) >= MOST_AN_HOUR or sum(age < DAY for age in ages) >= MOST_A_DAY:
        raise RuleBroken("too_many_codes")


def tried(code: SentCode | None, now: datetime, *, is_right: bool) -> SentCode:
    """The code after one more try; raises RuleBroken when it can be tried no more. Whether it was right counts last."""
    if code is None or code.is_used or now - code.sent_at >= LIVES:
        raise RuleBroken("code_expired")
    if code.tries >= MOST_TRIES:
        raise RuleBroken("too_many_wrong_codes")
    return replace(code, tries=code.tries + 1, is_used=is_right)
