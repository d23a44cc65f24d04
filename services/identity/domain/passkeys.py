"""Passkeys: what a challenge is for, how long it lives, and when a passkey is no longer trusted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from services.identity.domain.errors import FormRefused

CHALLENGE_LIVES = timedelta(minutes=5)
MOST = 10
LONGEST_NAME = 60


class Ceremony(StrEnum):
    """What somebody does with a passkey."""

    ENROL = "enrol"
    SECOND = "second"  # beside the password, or as a fresh factor
    ALONE = "alone"  # instead of user name and password


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A challenge and the options in which the browser is handed it, as JSON."""

    value: str = field(repr=False)
    options: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """A passkey that a device has just made."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KnownPasskey:
    """A passkey as it is kept; `handle` is the name under which devices know its owner."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    transports: tuple[str, ...] = ()


def read_name(typed: str) -> str:
    """The name a user gives a passkey; raises FormRefused."""
    name = " ".join(typed.split())
    if not name:
        raise FormRefused({"name": "required"})
    if len(name) > LONGEST_NAME:
        raise FormRefused({"name": "passkey_name_too_long"})
    return name


def has_gone_back(new: int, kept: int) -> bool:
    """Tell whether a counter of signatures went back, as that of a copied key does; without one both stay 0."""
    return (new > 0 or kept > 0) and new <= kept
