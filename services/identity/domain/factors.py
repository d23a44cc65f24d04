"""Second factors: which there are, how strong each is, and what a log-in says of those used in it (RFC 8176)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

PASSWORD = "pwd"  # noqa: S105 - a word of the RFC
SEVERAL = "mfa"


class Method(StrEnum):
    """Ways to prove oneself beside the password, the strongest first."""

    PASSKEY = "passkey"
    APP = "app"
    SMS = "sms"
    RECOVERY = "recovery"


# A passkey proves that a key is held, which the device lets go only for its owner.
SAID: dict[Method, tuple[str, ...]] = {
    Method.PASSKEY: ("pop", "user"),
    Method.APP: ("otp",),
    Method.SMS: ("sms",),
    Method.RECOVERY: ("otp",),
}


def with_password(method: Method) -> tuple[str, ...]:
    """What a log-in says of password and second factor."""
    return after((PASSWORD,), method)


def alone() -> tuple[str, ...]:
    """What a log-in says of a passkey that stands for both factors."""
    return after((), Method.PASSKEY)


def after(said: Iterable[str], method: Method) -> tuple[str, ...]:
    """What a log-in says after one more factor was given in it."""
    kept = [word for word in said if word != SEVERAL]
    return (*kept, *(word for word in SAID[method] if word not in kept), SEVERAL)
