"""Codes of authenticator apps (RFC 6238): six digits from a shared secret and the time."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp

STEP_SECONDS = 30
# A phone's clock may be half a minute off.
STEPS_OFF = 1
BEGUN_LIVES = timedelta(minutes=30)


def new_secret() -> str:
    """A random secret of 160 bits, in base32 as apps take it."""
    return pyotp.random_base32()


def app_address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code holds: the address by which an app takes over the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def app_code(secret: str, step: int) -> str:
    """The code of one time step."""
    return pyotp.TOTP(secret).generate_otp(step)


def step_at(now: datetime) -> int:
    """The number of the time step a moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The time step near now whose code was typed; None for a wrong code."""
    middle = step_at(now)
    steps = range(middle - STEPS_OFF, middle + STEPS_OFF + 1)
    # All are compared, the newest counts: what lies before it can then not be used any more.
    found = [step for step in steps if compare_digest(app_code(secret, step).encode(), typed.encode())]
    return max(found, default=None)


def is_used_up(step: int, last: int | None) -> bool:
    """Tell whether a code of this or a later step was taken before."""
    return last is not None and step <= last


def may_be_confirmed(begun_at: datetime, now: datetime) -> bool:
    """Tell whether a secret that was shown may still become an app's."""
    return now - begun_at < BEGUN_LIVES
