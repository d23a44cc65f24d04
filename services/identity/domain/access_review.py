"""The yearly review: every role of an organisation is confirmed by somebody who answers for it, or is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.identity.domain.deadlines import REVIEW_EVERY, REVIEW_LASTS, REVIEW_REMINDERS, REVIEW_WARNED_BEFORE
from services.identity.domain.roles import LOCAL, RoleCode


class Verdict(StrEnum):
    """What became of a role in a review."""

    CONFIRMED = "confirmed"
    REMOVED = "removed"
    UNCONFIRMED = "unconfirmed"  # nobody said anything until the review was over


class Step(StrEnum):
    """What a review does by the calendar."""

    REMIND = "remind"
    WARN = "warn"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True)
class Review:
    """An open review: when it was opened, how many reminders are sent, and when the users were warned."""

    opened_at: datetime
    reminders: int = 0
    warned_at: datetime | None = None

    @property
    def closes_at(self) -> datetime:
        """When unconfirmed roles are lost: never sooner after the warning than was promised."""
        planned = self.opened_at + REVIEW_LASTS
        return planned if self.warned_at is None else max(planned, self.warned_at + REVIEW_WARNED_BEFORE)


def is_review_due(counted_from: datetime, now: datetime) -> bool:
    """Tell whether an organisation's next review opens; a year is counted from the last one or from its first role."""
    return now - counted_from >= REVIEW_EVERY


def due_step(review: Review, now: datetime) -> Step | None:
    """The next step that is due now; after a long break one at a time, and nobody loses a role without a warning."""
    if review.warned_at is not None:
        return Step.CLOSE if now >= review.closes_at else None
    if now >= review.closes_at - REVIEW_WARNED_BEFORE:
        return Step.WARN
    reached = sum(now >= review.opened_at + after for after in REVIEW_REMINDERS)
    return Step.REMIND if review.reminders < reached else None


def may_review(role: RoleCode, reviewer: RoleCode, *, is_own: bool) -> bool:
    """Tell whether somebody may decide on a role: never on an own one, a local coordinator on local ones only."""
    return not is_own and (reviewer is RoleCode.SC or role in LOCAL)
