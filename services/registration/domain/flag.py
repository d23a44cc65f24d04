"""A flag: something in a patient's answers that a named clinician must look at."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.registration.domain.errors import RuleBroken
from services.registration.domain.internal_comment import checked_comment
from services.registration.domain.reason import given_reason

RAISED, ACKNOWLEDGED = "raise_flag", "acknowledge"  # as the change log has it
ACKNOWLEDGERS = frozenset({"LU", "LC"})
MAY_WAIT = timedelta(days=1)


def is_overdue(raised_at: datetime, now: datetime) -> bool:
    """Whether nobody has looked for a day, so that the coordinator must see to it."""
    return now - raised_at >= MAY_WAIT


def acknowledgement(note: str, *, role: str | None, is_open: bool, today: date) -> str:
    """The note as it is kept; raises RuleBroken for who does not treat, for a flag that is seen, and a poor note."""
    if role not in ACKNOWLEDGERS:
        raise RuleBroken("only_clinician_acknowledges")
    if not is_open:
        raise RuleBroken("flag_is_acknowledged")
    return checked_comment(given_reason(note), today=today)
