"""The second half of a log-in: five tries, however many codes are asked for and whichever factors are tried.

A one-time code by SMS has six digits, lives for five minutes and works once.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.identity.domain.errors import RuleBroken
from services.identity.domain.factors import Method

DIGITS = 6
LIVES = timedelta(minutes=5)
MOST_TRIES = 5
MOST_AN_HOUR = 5
MOST_A_DAY = 20
ATTEMPT_LIVES = timedelta(minutes=30)


class Purpose(StrEnum):
    """Why a code is asked for."""

    LOG_IN = "log_in"
    STEP_UP = "step_up"
    LINK = "link"  # a link to a new password, which asks for a code too
    MOBILE = "mobile"  # a new number is proven by a code sent to it
    EMAIL = "email"  # so is a new address
    PASSWORD = "password"  # noqa: S105 - link and code were right: a new password may be chosen


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A log-in that waits for its second factor; without `code_expires_at` no SMS was sent in it."""

    purpose: Purpose
    begun_at: datetime
    tries: int = 0
    code_expires_at: datetime | None = None
    is_done: bool = False


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def typed_code(text: str) -> str:
    """The code as it was meant: people and phones put blanks between the digits."""
    return "".join(text.split())


def with_new_code(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt with a fresh code; the tries stay counted."""
    check_open(attempt, now)
    return replace(attempt, code_expires_at=now + LIVES)


def with_try(attempt: Attempt, now: datetime, method: Method = Method.SMS) -> Attempt:
    """The attempt with one more try counted; raises RuleBroken when no try is left or the code is over."""
    check_open(attempt, now)
    _check_code(attempt, now, method)
    return replace(attempt, tries=attempt.tries + 1)


def done(attempt: Attempt, now: datetime, method: Method = Method.SMS) -> Attempt:
    """The attempt after the right code; a second one at the same moment comes too late."""
    if attempt.is_done:
        raise RuleBroken("code_expired")
    _check_code(attempt, now, method)
    return replace(attempt, is_done=True)


def check_allowance(sent_at: Sequence[datetime], now: datetime) -> None:
    """Raise RuleBroken if one more SMS would be too many for the account; `sent_at` covers the last day."""
    last_hour = [moment for moment in sent_at if now - moment < timedelta(hours=1)]
    last_day = [moment for moment in sent_at if now - moment < timedelta(days=1)]
    if len(last_hour) >= MOST_AN_HOUR or len(last_day) >= MOST_A_DAY:
        raise RuleBroken("too_many_codes")


def check_open(attempt: Attempt, now: datetime) -> None:
    """Raise RuleBroken unless the attempt is under way and has tries left."""
    if attempt.is_done or now - attempt.begun_at >= ATTEMPT_LIVES:
        raise RuleBroken("log_in_over")
    if attempt.tries >= MOST_TRIES:
        raise RuleBroken("too_many_wrong_codes")


def _check_code(attempt: Attempt, now: datetime, method: Method) -> None:
    if method is Method.SMS and (attempt.code_expires_at is None or now >= attempt.code_expires_at):
        raise RuleBroken("code_expired")
