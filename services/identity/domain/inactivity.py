"""Accounts nobody uses: told a month and a week before, then locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.identity.domain.deadlines import IDLE_LOCKED_AFTER, IDLE_TOLD_BEFORE

MONTH, WEEK = IDLE_TOLD_BEFORE
INACTIVE = "inactive"


class IdleStep(StrEnum):
    """What is done with an account that is not used."""

    TELL_MONTH = "tell_month"
    TELL_WEEK = "tell_week"
    LOCK = "lock"


@dataclass(frozen=True, kw_only=True)
class Idle:
    """When an account was last used, and when its owner was told."""

    used_at: datetime
    month_told_at: datetime | None = None
    week_told_at: datetime | None = None

    @property
    def locks_at(self) -> datetime:
        """When it is locked unless it is used: never sooner after a warning than the warning says."""
        told = [self.used_at + IDLE_LOCKED_AFTER]
        told += [self.month_told_at + MONTH] if self.month_told_at is not None else []
        told += [self.week_told_at + WEEK] if self.week_told_at is not None else []
        return max(told)


def due_idle_step(idle: Idle, now: datetime) -> IdleStep | None:
    """The next step that is due now; after a long break one at a time, so that both warnings come before the lock."""
    if idle.month_told_at is None:
        return IdleStep.TELL_MONTH if now >= idle.locks_at - MONTH else None
    if idle.week_told_at is None:
        return IdleStep.TELL_WEEK if now >= idle.locks_at - WEEK else None
    return IdleStep.LOCK if now >= idle.locks_at else None
