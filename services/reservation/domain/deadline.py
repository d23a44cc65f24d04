"""The date by which a case must be answered: 30 days, and never more than one calendar month."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum

_LONGEST = timedelta(days=30)
_NEAR = timedelta(days=7)


class Urgency(StrEnum):
    """How a case is coloured in the work list."""

    CALM = "calm"
    NEAR = "near"
    LATE = "late"


def answer_by(received_on: date) -> date:
    """The earlier of 30 days and one calendar month after receipt; they differ around February."""
    year, month = divmod(received_on.year * 12 + received_on.month, 12)
    month += 1
    day = min(received_on.day, calendar.monthrange(year, month)[1])
    return min(received_on + _LONGEST, date(year, month, day))


def urgency(due_on: date, today: date) -> Urgency:
    """Late after the day itself; near in the last week."""
    if today > due_on:
        return Urgency.LATE
    return Urgency.NEAR if due_on - today <= _NEAR else Urgency.CALM
