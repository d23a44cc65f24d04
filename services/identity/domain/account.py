"""An account: may it be used, and what an administrator may do with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.identity.domain.errors import RuleBroken
from services.identity.domain.password import PasswordState

LONGEST_REASON = 500
LANGUAGES = ("nb", "nn", "en")


class Status(StrEnum):
    """An account works or is switched off; it is never deleted, since logs speak of it."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the rules need to know of one account."""

    status: Status
    password: PasswordState
    has_role: bool

    @property
    def is_open(self) -> bool:
        """Whether the owner may have a password that works."""
        return self.status is Status.ACTIVE and self.has_role

    def may_log_in(self, now: datetime) -> bool:
        """Tell whether the right password lets the owner in."""
        return self.is_open and self.password.works(now)


def deactivated(account: Account, *, is_own: bool) -> Account:
    """The account switched off; nobody shuts themselves out."""
    if is_own:
        raise RuleBroken("own_access")
    if account.status is Status.DEACTIVATED:
        raise RuleBroken("user_is_deactivated")
    return replace(account, status=Status.DEACTIVATED)


def reactivated(account: Account, *, is_own: bool) -> Account:
    """The account switched on again; a new first password is sent with it."""
    if is_own:
        raise RuleBroken("own_access")
    if account.status is Status.ACTIVE:
        raise RuleBroken("user_is_active")
    return replace(account, status=Status.ACTIVE)


def checked_reason(reason: str) -> str:
    """The reason given for an act on somebody's access, which is always asked for."""
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("reason_missing")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken("reason_too_long")
    return reason
